"""The history of a question-and-answer site: read from its XML, and counted without the product.

Nothing of the product is imported here. `recount` says in plain Python what `question_site.yaml`
says as a programme, so that the two can be held against each other.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

BESIDE = Path("shared", "data", "stackexchange-conlang-meta")
FOLDER = next((up / BESIDE for up in Path(__file__).parents if (up / BESIDE).exists()), BESIDE)
PROGRAM = Path(__file__).with_suffix(".yaml")
NOUNS = {"1": "question", "2": "answer"}
ACCEPTED, UP, DOWN = "1", "2", "3"
BOT = "-1"


class Fact(NamedTuple):
    occurred_at: str
    id: str
    verb: str
    member: str
    object: str
    value: int = 1

    @property
    def day(self) -> date:
        return datetime.fromisoformat(self.occurred_at).date()


def facts() -> list[Fact]:
    """Votes, acceptances and comments, each for the member whom it credits."""
    posts = {row["Id"]: row for row in _rows("Posts") if row["PostTypeId"] in NOUNS}
    found = [fact for vote in _rows("Votes") for fact in _of_vote(vote, posts)]
    found += [_of_comment(row, posts) for row in _rows("Comments") if row["PostId"] in posts]
    return sorted(fact for fact in found if fact.member and fact.member != BOT)


def site_badges(name: str) -> Counter:
    """How often the site gave the badge `name`, by member."""
    return Counter(row["UserId"] for row in _rows("Badges") if row["Name"] == name)


def write(facts: Iterable[Fact], path: Path) -> Path:
    """Facts as JSON Lines, in the order given."""
    lines = [json.dumps(fact._asdict(), ensure_ascii=False) for fact in facts]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def recount(facts: Iterable[Fact]) -> dict[str, dict]:
    """What each member should hold, in the form of the members' export."""
    ordered = sorted(facts)
    members = {fact.member for fact in ordered}
    balances = {member: {"experience": 0, "points": 0} for member in members}
    till = _Till()
    for fact in ordered:
        for currency, amount in till.pay(fact):
            balances[fact.member][currency] += amount
    return {
        member: {
            "badges": _badges([one for one in ordered if one.member == member], held["points"]),
            "balances": held,
            "level": _level(held["experience"]),
            "member": member,
        }
        for member, held in balances.items()
    }


class _Till:
    """Pays fact by fact; each method is a verb and yields (currency, amount)."""

    def __init__(self):
        self.used: Counter = Counter()
        self.taken: set[tuple[str, str]] = set()
        self.budget = 100

    def pay(self, fact: Fact) -> Iterable[tuple[str, int]]:
        return getattr(self, fact.verb.removeprefix("import."))(fact)

    def post_voted(self, fact: Fact):
        if fact.value < 1:
            return
        if fact.object.startswith("question:"):
            week = (fact.member, fact.day.isocalendar()[:2])
            if self.used[week] < 6:
                self.used[week] += 1
                yield "points", 5
            return
        for currency in ("points", "experience"):
            paid = min(10, 60 - self.used[fact.member, currency, fact.day])
            self.used[fact.member, currency, fact.day] += paid
            yield currency, paid

    def answer_accepted(self, fact: Fact):
        yield from (("points", 15), ("experience", 15))

    def acceptance_made(self, fact: Fact):
        if (fact.member, fact.object) not in self.taken:
            self.taken.add((fact.member, fact.object))
            yield "points", 2

    def comment_posted(self, fact: Fact):
        day, month = (fact.member, fact.day), (fact.member, fact.day.year, fact.day.month)
        place = (fact.member, f"comment on {fact.object}")
        has_room = self.used[day] < 3 and self.used[month] < 12 and self.budget
        if has_room and place not in self.taken:
            self.taken.add(place)
            self.used.update([day, month])
            self.budget -= 1
            yield "points", 1
        if not self.used[fact.member, "comments"]:
            yield "points", 3
        self.used[fact.member, "comments"] += 1


def _badges(mine: list[Fact], points: int) -> dict[str, int]:
    """The badges of one member; points never fall here, so their end is their peak."""
    comments = [fact for fact in mine if fact.verb == "import.comment_posted"]
    days = sorted({fact.day for fact in comments})
    highest = _highest_scores(mine)
    counts = {
        "student": any(n >= 1 for post, n in highest.items() if post.startswith("question:")),
        "teacher": any(n >= 1 for post, n in highest.items() if post.startswith("answer:")),
        "nice-question": sum(n >= 10 for p, n in highest.items() if p.startswith("question:")),
        "nice-answer": sum(n >= 10 for p, n in highest.items() if p.startswith("answer:")),
        "commentator": len(comments) >= 10,
        "scholar": any(fact.verb == "import.acceptance_made" for fact in mine),
        "regular": _longest_run(days, step=2) >= 3,
        "all-round": len({fact.object for fact in comments}) >= 5,
        "busy-week": any(
            sum(timedelta(0) <= last - one.day < timedelta(7) for one in comments) >= 5
            for last in days
        ),
    }
    counts["pillar"] = (
        counts["teacher"] and counts["student"] and (counts["commentator"] or points >= 150)
    )
    return {code: int(count) for code, count in sorted(counts.items()) if count}


def _highest_scores(mine: list[Fact]) -> dict[str, int]:
    """The highest score that each post ever had."""
    score, highest = Counter(), defaultdict(int)
    for fact in mine:
        if fact.verb == "import.post_voted":
            score[fact.object] += fact.value
            highest[fact.object] = max(highest[fact.object], score[fact.object])
    return highest


def _longest_run(days: list[date], *, step: int) -> int:
    longest = run = 0
    for number, day in enumerate(days):
        run = run + 1 if number and (day - days[number - 1]).days <= step else 1
        longest = max(longest, run)
    return longest


def _level(experience: int) -> str:
    return "expert" if experience >= 300 else "explorer" if experience >= 60 else "newcomer"


def _of_vote(vote: dict, posts: dict[str, dict]) -> list[Fact]:
    post, kind = posts.get(vote["PostId"]), vote["VoteTypeId"]
    if post is None:
        return []
    at, author, name = f"{vote['CreationDate']}Z", post.get("OwnerUserId"), _object(post)
    if kind in (UP, DOWN):
        value = 1 if kind == UP else -1
        return [Fact(at, f"vote-{vote['Id']}", "import.post_voted", author, name, value)]
    if kind != ACCEPTED:
        return []
    question = posts[post["ParentId"]]
    asker, accepted = question.get("OwnerUserId"), f"acceptance-{vote['Id']}"
    return [
        Fact(at, f"{accepted}-received", "import.answer_accepted", author, name),
        Fact(at, f"{accepted}-made", "import.acceptance_made", asker, _object(question)),
    ]


def _of_comment(row: dict, posts: dict[str, dict]) -> Fact:
    name = _object(posts[row["PostId"]])
    at = f"{row['CreationDate']}Z"
    return Fact(at, f"comment-{row['Id']}", "import.comment_posted", row.get("UserId"), name)


def _object(post: dict) -> str:
    return f"{NOUNS[post['PostTypeId']]}:{post['Id']}"


def _rows(name: str) -> list[dict]:
    return [row.attrib for row in ElementTree.parse(FOLDER / f"{name}.xml").getroot()]
