"""G18's share of the drill: rings among honest crowds, forged watching, scripted abuse."""

import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from abuse import abuse, table
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from stage import make_members  # first: it sets Django up

from badges.services.rings.evidence import Suspicion
from knowledgebase.models import WatchProgress
from knowledgebase.services.watching import GRACE, report_watch
from tests.badges.crowds import Crowd, judge, verdict_of

MEMBERS, RINGS, CROWDS = 10_000, 20, 5
SESSIONS, REPORTS = 10_000, 10


@dataclass
class Film:
    """What of a video page the service looks at."""

    duration: int
    translation_key: uuid.UUID = field(default_factory=uuid.uuid4)


def rings_told_apart(scale: float, seed: int) -> dict:
    """Crowds of ten thousand with twenty planted rings: recall and precision of each."""
    start, wrong, size = time.perf_counter(), [], max(1_000, round(MEMBERS * scale))
    rings = max(8, round(RINGS * scale))
    for number in range(seed, seed + CROWDS):
        verdict = verdict_of(Crowd(size, rings, number))
        print(f"crowd {number}: {verdict}", flush=True)
        if verdict.recall < 0.9 or verdict.precision < 0.8:
            wrong.append(f"crowd {number}: {verdict}")
    what = f"G18 rings in {CROWDS} crowds of {size:,}"
    return _row(what, CROWDS * rings, wrong, start)


def rings_by_address_alone(scale: float, seed: int) -> dict:
    """The control: whoever shares something is a ring. It must accuse the honest."""
    start, size = time.perf_counter(), max(1_000, round(MEMBERS * scale))
    crowd = Crowd(size, max(8, round(RINGS * scale)), seed)
    shared = [members for members in crowd.scene.sharing.values() if len(members) > 1]
    verdict = judge([Suspicion(members) for members in shared], crowd.planted)
    harmless = [] if verdict.precision < 0.5 else [f"it was right: {verdict}"]
    return _row("control: rings by what is shared alone", verdict.found, harmless, start)


def forged_watching(scale: float, seed: int) -> dict:
    """Sessions that skip, repeat, overlap, run backwards, at once: as much as sitting there."""
    start, dice = time.perf_counter(), random.Random(seed)
    sessions = max(20, round(SESSIONS * scale))
    members = make_members(max(1, sessions // 20), stem="watcher")
    wrong = [fault for member in members for fault in _forged_hour(member, dice)]
    return _row("G18 forged watch sessions", 20 * len(members), wrong, start)


def _forged_hour(member: object, dice: random.Random) -> Iterator[str]:
    """Twenty sessions of one member within a short time, and whether they were believed."""
    films = [Film(dice.randint(20, 900)) for _n in range(4)]
    begin = timezone.now() - timedelta(hours=2)
    opened = {uuid.uuid4(): dice.choice(films) for _n in range(20)}
    latest = begin
    for session, film in opened.items():
        for _n in range(dice.randint(1, REPORTS)):
            at = begin + timedelta(seconds=dice.uniform(0, 300))
            first = begin + timedelta(seconds=dice.uniform(0, 300))
            latest = max(latest, at)
            intervals = [
                [dice.uniform(-5, film.duration), dice.uniform(0, film.duration + 5)]
                for _m in range(dice.randint(1, 5))
            ]
            pairs = dice.choice([intervals, [[0, film.duration]]])
            try:
                report_watch(
                    member=member,
                    video=film,  # type: ignore[arg-type]
                    session=session,
                    intervals=pairs,
                    opened_at=first,
                    at=at,
                )
            except ValidationError:
                continue
    total = WatchProgress.objects.filter(member=member).aggregate(n=Sum("seen"))["n"] or 0
    credited = timedelta(milliseconds=total)
    if credited > latest - begin + GRACE:
        yield f"{member}: credited {credited} in {latest - begin}"


def scripted_abuse(scale: float, seed: int) -> dict:
    """A day of scripts under the demo's programme: the ledger holds, own votes pay nothing, and
    staff see every ring."""
    start, rings = time.perf_counter(), max(1, round(10 * scale))
    result = abuse(rings=rings)
    print(table(result), flush=True)
    wrong = list(result["wrong"])
    if result["staff"]["groups"] < 2 * rings:
        wrong.append(f"staff see {result['staff']['groups']} of {2 * rings} rings")
    return _row("G18 rings of twelve, a day of scripts", 4 * rings, wrong, start)


def _row(what: str, count: int, wrong: list[str], start: float) -> dict:
    for fault in wrong[:5]:
        print(f"{what}: {fault}")
    seconds = time.perf_counter() - start
    return {"what": what, "count": count, "wrong": len(wrong), "seconds": seconds}
