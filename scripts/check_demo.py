"""Check the demo content: `python scripts/check_demo.py` prints every problem; exit 1 if any.

Looks for texts that lack a language, references to nothing, missing or heavy files, wrong lengths,
answers before questions, and captions that differ from their cues.
"""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import yaml
from PIL import Image

DEMO = Path(__file__).resolve().parent.parent / "portal/home/demo"
BLOCKS = {"heading", "paragraph", "steps", "tip", "quote", "picture"}
STATUSES = {"open", "under_review", "planned", "in_progress", "done", "declined"}
PERSONAS = {"newcomer", "regular", "expert", "fan"}
KINDS = {"single", "multiple", "rating", "nps", "text"}
COLOURS = {"teal", "amber", "moss", "brick", "violet", "sky"}
SHAPES = {"circle", "shield", "hexagon", "drop"}
HANDLE = re.compile(r"[a-z0-9][a-z0-9_-]{1,29}")
problems: list[str] = []


def expect(holds: object, message: str) -> None:
    if not holds:
        problems.append(message)


def load(name: str) -> dict:
    return yaml.safe_load((DEMO / "content" / f"{name}.yaml").read_text("utf-8"))


def check_languages(node: object, place: str) -> None:
    """Whatever has `en` or `tr` has both, filled, and as text or blocks."""
    if isinstance(node, dict):
        if {"en", "tr"} & set(node):
            empty_allowed = place.endswith("place")
            expect({"en", "tr"} <= set(node), f"{place}: a language is missing")
            expect(
                empty_allowed or all(node.get(k) for k in ("en", "tr")), f"{place}: an empty text"
            )
            expect(
                {"en", "tr", "from", "to"} >= set(node), f"{place}: unexpected keys {sorted(node)}"
            )
        for key, value in node.items():
            check_languages(value, f"{place}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            check_languages(value, f"{place}[{number}]")


def check_unique(rows: list[dict], key: str, place: str) -> set[str]:
    names = [row[key] for row in rows]
    expect(len(names) == len(set(names)), f"{place}: {key} is doubled")
    return set(names)


def check_file(path: Path, limit: int, size: tuple[int, int] | None = None) -> None:
    if not path.is_file():
        problems.append(f"{path.name}: missing")
        return
    expect(
        path.stat().st_size <= limit, f"{path.name}: {path.stat().st_size} bytes, at most {limit}"
    )
    if size:
        with Image.open(path) as picture:
            expect(picture.size == size, f"{path.name}: {picture.size}, expected {size}")


def check_members(members: list[dict], interests: set[str]) -> dict[str, int]:
    check_unique(members, "handle", "members")
    for member in members:
        place = f"member {member['handle']}"
        expect(HANDLE.fullmatch(member["handle"]), f"{place}: handle")
        expect(member["persona"] in PERSONAS, f"{place}: persona")
        expect(member["language"] in ("en", "tr"), f"{place}: language")
        expect(3 <= member["joined_days_ago"] <= 300, f"{place}: joined_days_ago")
        expect(set(member["interests"]) <= interests, f"{place}: unknown interest")
        check_file(DEMO / "media/faces" / member["face"], 12_000, (320, 320))
    return {member["handle"]: member["joined_days_ago"] for member in members}


def check_articles(content: dict, pictures: set[str], joined: dict[str, int]) -> set[str]:
    categories = check_unique(content["categories"], "key", "categories")
    check_unique(content["articles"], "key", "articles")
    for article in content["articles"]:
        place = f"article {article['key']}"
        expect(article["category"] in categories, f"{place}: category")
        expect(article["picture"] in pictures, f"{place}: picture")
        expect(article["keeper"] in joined, f"{place}: keeper")
        expect(max(map(len, article["summary"].values())) <= 200, f"{place}: summary is too long")
        for language, least in (("en", 350), ("tr", 260)):
            blocks = article["body"][language]
            expect(all(len(b) == 1 and set(b) <= BLOCKS for b in blocks), f"{place}: unknown block")
            expect(
                all(b.get("picture", article["picture"]) in pictures for b in blocks),
                f"{place}: picture in body",
            )
            words = len(
                re.sub(
                    r"<[^>]+>", " ", " ".join(str(v) for b in blocks for v in b.values())
                ).split()
            )
            expect(least <= words <= 700, f"{place}: {words} words in {language}")
    return categories


def check_videos(videos: list[dict], categories: set[str]) -> None:
    for video in videos:
        place, cues = f"video {video['key']}", video["cues"]
        expect(video["category"] in categories, f"{place}: category")
        check_file(DEMO / "media/videos" / video["file"], 1_200_000)
        check_file(DEMO / "media/posters" / video["poster"], 60_000, (960, 540))
        expect(all(c["from"] < c["to"] <= video["duration"] for c in cues), f"{place}: cue times")
        expect(
            all(a["to"] <= b["from"] for a, b in itertools.pairwise(cues)), f"{place}: cues overlap"
        )
        for language, name in video["captions"].items():
            file = DEMO / "media/videos" / name
            text = [c[language] for c in cues]
            expect(
                " ".join(text) == video["transcript"][language], f"{place}: transcript {language}"
            )
            found = re.findall(r"-->.*\n(.+)", file.read_text("utf-8")) if file.is_file() else []
            expect(found == text, f"{place}: {name} differs from its cues")


def check_ideas(ideas: list[dict], boards: set[str], joined: dict[str, int]) -> None:
    check_unique(ideas, "key", "ideas")
    for idea in ideas:
        place, age = f"idea {idea['key']}", idea["posted_days_ago"]
        expect(idea["category"] in boards, f"{place}: category")
        expect(idea["status"] in STATUSES, f"{place}: status")
        expect(
            joined.get(idea["author"], -1) >= age,
            f"{place}: author unknown or younger than the idea",
        )
        expect(idea["voters"] < len(joined), f"{place}: more voters than members")
        expect(
            35 <= len(idea["body"].split()) <= 160, f"{place}: {len(idea['body'].split())} words"
        )
        answer = idea.get("official_response")
        expect(
            (idea["status"] == "open") == (answer is None), f"{place}: status and answer do not fit"
        )
        expect(not answer or answer["days_ago"] <= age, f"{place}: answered before it was posted")
        for comment in idea["comments"]:
            for row in (comment, *comment.get("replies", [])):
                known = joined.get(row["author"], -1) >= row["days_ago"]
                expect(known and row["days_ago"] <= age, f"{place}: comment by {row['author']}")


def check_surveys(surveys: list[dict]) -> None:
    for survey in surveys:
        place = f"survey {survey['key']}"
        expect(4 <= len(survey["questions"]) <= 6, f"{place}: 4 to 6 questions")
        for question in survey["questions"]:
            expect(question["kind"] in KINDS, f"{place}: kind {question['kind']}")
            expect(
                bool(question["options"]) == (question["kind"] in ("single", "multiple")),
                f"{place}: options",
            )


def check_happenings(pictures: set[str], joined: dict[str, int]) -> None:
    for event in load("events")["events"]:
        place = f"event {event['key']}"
        expect(event["picture"] in pictures, f"{place}: picture")
        expect(bool(event["link"]) != bool(event["place"]["en"]), f"{place}: place or link")
        expect(
            event["registrations"] <= min(event["capacity"], len(joined)), f"{place}: registrations"
        )
        expect(event["attended"] <= event["registrations"], f"{place}: attended")
    for challenge in load("challenges")["challenges"]:
        expect(challenge["picture"] in pictures, f"challenge {challenge['key']}: picture")
        expect(
            challenge["starts_in_days"] < challenge["ends_in_days"],
            f"challenge {challenge['key']}: days",
        )
    for contest in load("contests")["contests"]:
        check_unique(contest["entries"], "member", "contest entries")
        for entry in contest["entries"]:
            expect(entry["picture"] in pictures, f"entry {entry['key']}: picture")
            expect(entry["member"] in joined, f"entry {entry['key']}: member")


def check_program(program: dict) -> None:
    check_unique(program["rules"], "code", "rules")
    badges = check_unique(program["badges"], "code", "badges")
    for rule in program["rules"]:
        expect(
            {a["currency"] for a in rule["award"]} == set(program["currencies"]),
            f"rule {rule['code']}: award",
        )
        expect(
            rule.get("once_per", "activity") in ("activity", "object", "member", "day"),
            f"rule {rule['code']}: once_per",
        )
    for badge in program["badges"]:
        picture = badge["picture"]
        expect(
            picture["shape"] in SHAPES and picture["colour"] in COLOURS,
            f"badge {badge['code']}: picture",
        )
        expect(badge["tier"] in ("bronze", "silver", "gold"), f"badge {badge['code']}: tier")
    named = set(re.findall(r"'badge': '([a-z-]+)'", str(program["badges"])))
    expect(named <= badges, f"badges: unknown {named - badges}")
    steps = [level["experience"] for level in program["levels"]]
    expect(steps == sorted(set(steps)) and steps[0] == 0, "levels: order")


def check_rewards(rows: list[dict], pictures: set[str], levels: set[str]) -> None:
    check_unique(rows, "key", "rewards")
    for row in rows:
        place = f"reward {row['key']}"
        expect(row["picture"] in pictures, f"{place}: unknown picture")
        expect(("stock" in row) != ("codes" in row), f"{place}: either stock or codes")
        expect(row.get("level") is None or row["level"] in levels, f"{place}: unknown level")
        settled = row["waiting"] + row.get("returned", 0)
        expect(settled <= row["redemptions"], f"{place}: more settled than redeemed")
        expect(not row.get("returned") or "reason" in row, f"{place}: no reason")


def check_pictures(rows: list[dict]) -> set[str]:
    for row in rows:
        hero = row["name"] == "hero"
        check_file(
            DEMO / "media/pictures" / row["file"],
            90_000 if hero else 60_000,
            (1600, 900) if hero else (1200, 675),
        )
    return check_unique(rows, "name", "pictures")


def main() -> None:
    for file in sorted((DEMO / "content").glob("*.yaml")):
        check_languages(load(file.stem), file.stem)
    pictures = check_pictures(load("pictures")["pictures"])
    joined = check_members(
        load("members")["members"], {row["code"] for row in load("interests")["interests"]}
    )
    categories = check_articles(load("articles"), pictures, joined)
    check_videos(load("videos")["videos"], categories)
    check_ideas(
        load("ideas")["ideas"],
        {row["code"] for row in load("idea_categories")["idea_categories"]},
        joined,
    )
    check_surveys(load("surveys")["surveys"])
    check_happenings(pictures, joined)
    check_program(load("program"))
    levels = {row["code"] for row in load("program")["levels"]}
    check_rewards(load("rewards")["rewards"], pictures, levels)
    print("\n".join(problems) or "The demo's content is sound.")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
