"""What scripts get out of the demo's programme in a day, verb by verb: a part of `make drill`.

    .venv/bin/python benchmarks/abuse.py --rings 5

Accounts join, and in the 24 hours that follow a script does with each whatever a member can do, as
often as it pays: alone, or as rings of twelve that vote for each other and comment below each
other's ideas. All of it goes through the services that the pages use, under the demo's programme.
The table says what was paid by verb, what of it can be spent after the day, and what staff see.
"""

import argparse
import importlib.util
import itertools
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

# isort: off
from stage import stage  # first: it sets Django up

# isort: on
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from badges.models import Account, Reward, Transfer
from badges.services.redeeming import redeem
from badges.services.replaying import replay
from badges.services.verification import verify
from community.models import Idea
from community.services.answers import answer_idea
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.votes import cast_vote, withdraw_vote
from events.models import Challenge, Contest, Entry, Occasion, Registration
from events.services.challenges import join_challenge
from events.services.contests import close_contest, enter_contest, vote_for_entry
from events.services.registrations import mark_attended, register_for_event
from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.reading import mark_read
from knowledgebase.services.surveys import answer_survey
from knowledgebase.services.watching import report_watch
from portal.accounts.models import Interest, Member
from portal.accounts.services.members import create_member
from portal.accounts.services.profiles import save_profile
from portal.activity.registry import verb_choices
from portal.activity.services import dispatch_pending, dispatching_put_off
from portal.home.demo.content import FOLDER
from portal.home.demo.loader import load

RING = 12
IDEAS, COMMENTS, TOGGLES, BATCH = 5, 12, 3, 2_000
REFUSED = (PermissionDenied, ValidationError)
HAS_RINGS = importlib.util.find_spec("badges.services.rings") is not None


class Script:
    """One account and all that it can do; every deed is a few seconds after the one before."""

    def __init__(self, number: int, start: datetime, *, is_verified: bool, browser: str):
        self.ticks = itertools.count(number % RING)
        self.start = start
        name = f"puppet-{uuid.uuid4().hex[:10]}"
        self.member = create_member(name=name, email=f"{name}@example.net", language="en", at=start)
        if is_verified:
            EmailAddress.objects.create(user=self.member, email=self.member.email, verified=True)
        if HAS_RINGS:
            from portal.accounts.services.traces import leave_traces

            leave_traces(member=self.member, seen={"device": browser})
        self.ideas: list[Idea] = []

    def moment(self) -> datetime:
        """The next tick of a day that ends now."""
        return min(self.start + timedelta(seconds=90 * next(self.ticks)), timezone.now())

    def tries(self, deed: Callable[..., object], **said: object) -> None:
        """Do something, or be refused."""
        with suppress(*REFUSED), transaction.atomic():
            deed(**said, at=self.moment())

    def settles_in(self) -> None:
        words = {"name": "Puppet", "bio": "Hello.", "city": "Sinop", "language": "en"}
        codes = list(Interest.objects.values_list("code", flat=True)[:3])
        self.tries(
            save_profile, member=self.member, handle=self.member.handle, interests=codes, **words
        )

    def reads_and_watches(self) -> None:
        for article in ArticlePage.objects.live():
            opened = self.moment() - timedelta(minutes=10)
            self.tries(mark_read, member=self.member, article=article, opened_at=opened)
            self.tries(give_feedback, member=self.member, page=article, is_helpful=True)
        for video in VideoPage.objects.live():
            self.tries(give_feedback, member=self.member, page=video, is_helpful=True)
            opened = self.moment() - timedelta(seconds=video.duration + 1)
            report = {"session": uuid.uuid4(), "intervals": [[0, video.duration]]}
            self.tries(report_watch, member=self.member, video=video, opened_at=opened, **report)
        for survey in SurveyPage.objects.live():
            self.tries(answer_survey, member=self.member, survey=survey, answers=answers_to(survey))

    def shares_ideas(self) -> None:
        for number in range(IDEAS):
            title = f"Idea {number} of {self.member.handle}"
            idea = post_idea(author=self.member, title=title, at=self.moment())
            self.ideas.append(idea)

    def endorses(self, ideas: list[Idea]) -> None:
        for idea in ideas:
            self.tries(cast_vote, idea=idea, member=self.member)
        for idea in ideas[:TOGGLES]:
            withdraw_vote(idea=idea, member=self.member)
            self.tries(cast_vote, idea=idea, member=self.member)
        for number in range(COMMENTS):
            idea = ideas[number % len(ideas)]
            self.tries(post_comment, idea=idea, author=self.member, body=f"Good, {number}.")

    def takes_part(self) -> None:
        for occasion in Occasion.objects.all():
            self.tries(register_for_event, occasion=occasion, member=self.member)
        for challenge in Challenge.objects.all():
            self.tries(join_challenge, challenge=challenge, member=self.member)
        file = next((FOLDER / "media" / "pictures").glob("*.webp"))
        for contest in Contest.objects.all():
            picture = SimpleUploadedFile(file.name, file.read_bytes(), "image/webp")
            entry = {"title": "Mine", "picture": picture, "is_old_enough": True}
            self.tries(enter_contest, contest=contest, member=self.member, **entry)

    def claims_what_staff_give(self) -> None:
        """Being planned, done, present or the winner: said by staff alone."""
        for status in ("planned", "done"):
            self.tries(answer_idea, idea=self.ideas[0], status=status, by=self.member)
        for registration in Registration.objects.filter(member=self.member):
            self.tries(mark_attended, registration=registration, staff=self.member)
        for entry in Entry.objects.filter(member=self.member):
            self.tries(vote_for_entry, entry=entry, member=self.member)
        for contest in Contest.objects.all():
            self.tries(close_contest, contest=contest, staff=self.member)

    def redeems(self) -> int:
        """Buy the dearest that can be had; its price."""
        for reward in Reward.objects.filter(is_archived=False).order_by("-price"):
            with suppress(*REFUSED):
                bought = redeem(
                    reward=reward, member=self.member, price=reward.price, key=uuid.uuid4()
                )
                return bought.price
        return 0


def answers_to(survey: SurveyPage) -> dict:
    answers: dict[str, object] = {}
    for question in survey.questions.all():
        first = next(iter(question.scale()), 0) if question.kind != "text" else ""
        answers[question.code] = [first] if question.kind == "multiple" else first
    return answers


def live_a_day(size: int, *, is_verified: bool) -> list[Script]:
    """A ring of so many accounts of one browser goes through its day."""
    start, browser = timezone.now() - timedelta(hours=24), uuid.uuid4().hex
    with transaction.atomic(), dispatching_put_off():
        ring = [
            Script(number, start, is_verified=is_verified, browser=browser)
            for number in range(size)
        ]
        for one in ring:
            one.settles_in()
            one.shares_ideas()
            one.takes_part()
        ideas = [idea for one in ring for idea in one.ideas]
        for one in ring:
            one.endorses(ideas)
            one.reads_and_watches()
            one.claims_what_staff_give()
    while dispatch_pending(limit=BATCH) == BATCH:
        pass
    return ring


def measured(rings: list[list[Script]]) -> dict:
    """What a ring was paid by verb, has to spend, waits for, and can buy: averages of the rings."""
    members = [one.member.pk for ring in rings for one in ring]
    paid: Counter[str] = Counter()
    for some in chunks(members):
        rows = Transfer.objects.filter(owner_type="member", owner_id__in=some, currency="points")
        rows = rows.filter(kind__in=Transfer.COUNTED).values_list("activity__verb")
        paid.update(dict(rows.annotate(total=Sum("amount"))))
    kinds: Counter[str] = Counter()
    for some in chunks(members):
        places = Account.objects.filter(owner_type="member", owner_id__in=some, currency="points")
        kinds.update(dict(places.values_list("kind").annotate(total=Sum("balance"))))
    spent = [one.redeems() for ring in rings for one in ring]
    n = len(rings)
    return {
        "paid": {verb: round(total / n) for verb, total in paid.items() if total},
        "earned": round(sum(paid.values()) / n),
        "spendable": round(kinds["wallet"] / n),
        "held": round(kinds["held"] / n),
        "bought": round(sum(spent) / n),
        "buyers": round(sum(price > 0 for price in spent) / n),
        "members": len(members),
    }


def chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), 500):
        yield values[start : start + 500]


def seen_by_staff() -> dict:
    """How many groups the nightly search shows, and what speaks for them."""
    if not HAS_RINGS:
        return {"groups": 0, "members": 0, "evidence": {}}
    from badges.models import Ring
    from badges.services.rings.finding import find_rings

    find_rings()
    kinds = Counter(kind for ring in Ring.objects.all() for kind, _n, _t in ring.evidence)
    members = Member.objects.filter(rings__isnull=False).distinct().count()
    return {"groups": Ring.objects.count(), "members": members, "evidence": dict(kinds)}


def abuse(*, rings: int, demo: int = 60) -> dict:
    """Load the demo, let everybody loose on it, and say what came of it."""
    load(members=demo, seed=1, tell=lambda _line: None)
    found = {}
    for size, is_verified in itertools.product((1, RING), (False, True)):
        name = f"{'one' if size == 1 else 'ring of 12'}, {'' if is_verified else 'un'}verified"
        found[name] = measured([live_a_day(size, is_verified=is_verified) for _n in range(rings)])
    seen = seen_by_staff()
    wrong = [str(problem) for problem in verify()] + [str(one) for one in replay()]
    return {"found": found, "staff": seen, "wrong": wrong}


def table(result: dict) -> str:
    """The figures as Markdown; every registered verb has its line."""
    found, seen = result["found"], result["staff"]
    rows = [["points in 24 hours", *found], ["---"] * (len(found) + 1)]
    rows += [
        [f"`{verb}`", *(one["paid"].get(verb, 0) for one in found.values())]
        for verb, _label in verb_choices()
    ]
    sums = ("earned", "spendable", "held", "bought", "buyers")
    rows += [[f"**{name}**", *(one[name] for one in found.values())] for name in sums]
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    evidence = ", ".join(f"{kind} {n}" for kind, n in sorted(seen["evidence"].items()))
    staff = f"Staff see {seen['groups']} groups of {seen['members']} members ({evidence})."
    return "\n".join([*lines, "", f"{staff} Wrong: {len(result['wrong'])}."])


def main() -> int:
    parser = argparse.ArgumentParser(description="What scripts get out of the demo in a day.")
    parser.add_argument("--rings", type=int, default=2, help="so many of each kind")
    options = parser.parse_args()
    with stage("drill_abuse"):
        result = abuse(rings=options.rings)
    print(table(result))
    return 1 if result["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
