"""Events, challenges and the contest of the demo community, around today."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from wagtail.rich_text import RichText

from events.models import (
    ChallengeIndexPage,
    ChallengePage,
    ContestIndexPage,
    ContestPage,
    EventIndexPage,
    EventPage,
)
from portal.home.demo.content import ago, at_clock, read
from portal.home.demo.knowledge import index_pages
from portal.home.demo.publishing import Pages, Pictures, publish_in_both
from portal.ui.text import slugify


def event_times(row: dict) -> dict[str, datetime]:
    starts_at = at_clock(row["days_from_now"], row["starts"], row["timezone"])
    return {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=row["duration_minutes"]),
    }


def challenge_times(row: dict) -> dict[str, datetime]:
    return {"starts_at": ago(-row["starts_in_days"]), "ends_at": ago(-row["ends_in_days"])}


def contest_times(row: dict) -> dict[str, datetime]:
    phases = row["phases"]
    return {
        "entries_open_at": ago(-phases["entries_open_in_days"]),
        "voting_opens_at": ago(-phases["votes_open_in_days"]),
        "ends_at": ago(-phases["votes_close_in_days"]),
    }


def load_events(pictures: Pictures) -> list[tuple[dict, Pages]]:
    parents = index_pages(EventIndexPage)
    rows = read("events")["events"]
    return [(row, publish_in_both(parents, EventPage, _event(row, pictures))) for row in rows]


def load_challenges(pictures: Pictures) -> list[tuple[dict, Pages]]:
    parents = index_pages(ChallengeIndexPage)
    rows = read("challenges")["challenges"]
    return [
        (row, publish_in_both(parents, ChallengePage, _challenge(row, pictures))) for row in rows
    ]


def load_contests(pictures: Pictures) -> list[tuple[dict, Pages]]:
    parents = index_pages(ContestIndexPage)
    rows = read("contests")["contests"]
    return [(row, publish_in_both(parents, ContestPage, _contest(row, pictures))) for row in rows]


def _words(row: dict, code: str, pictures: Pictures) -> dict:
    """What every page of this feature has: its words in one language and its picture."""
    return {
        "title": row["title"][code],
        "slug": slugify(row["title"][code]),
        "summary": row["summary"][code],
        "body": [("paragraph", RichText(row["body"][code]))],
        "picture": pictures.get(row["picture"]),
    }


def _event(row: dict, pictures: Pictures) -> Callable[[str], dict]:
    return lambda code: {
        **_words(row, code, pictures),
        "time_zone": row["timezone"],
        "place": row["place"][code],
        "city": row["city"],
        "online_url": row["link"],
        "capacity": row["capacity"],
        **event_times(row),
    }


def _challenge(row: dict, pictures: Pictures) -> Callable[[str], dict]:
    return lambda code: {
        **_words(row, code, pictures),
        "verbs": row["goal"]["verbs"],
        "goal": row["goal"]["count"],
        "unit": row["goal"]["unit"][code],
        **challenge_times(row),
    }


def _contest(row: dict, pictures: Pictures) -> Callable[[str], dict]:
    return lambda code: {
        **_words(row, code, pictures),
        "rules": "<ul>" + "".join(f"<li>{rule[code]}</li>" for rule in row["rules"]) + "</ul>",
        "prize": row["prize"][code],
        "minimum_age": row["minimum_age"],
        **contest_times(row),
    }


def move_dates() -> int:
    """Bring the dates of coming events, challenges and contests up to today; return how many."""
    kinds = [
        (EventPage, read("events")["events"], event_times, "days_from_now"),
        (ChallengePage, read("challenges")["challenges"], challenge_times, "ends_in_days"),
    ]
    moved = 0
    for model, rows, times, key in kinds:
        for row in rows:
            slugs = [slugify(row["title"][code]) for code in row["title"]]
            pages = model.objects.live().filter(slug__in=slugs) if row[key] > 0 else []
            moved += sum(_moved(page, times(row)) for page in pages)
    return moved


def _moved(page: Any, times: dict[str, datetime]) -> bool:
    if page.starts_at.date() == times["starts_at"].date():
        return False
    for name, value in times.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return True
