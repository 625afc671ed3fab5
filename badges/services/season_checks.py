"""Whether totals of seasons and what applications paid agree with the ledger.

Both are a part of `verify_ledger`; each check yields (invariant, message) pairs.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Sum

from badges.models import Application, PeriodTotal, ProgramVersion, Transfer
from badges.models.boards import EXPERIENCE
from badges.models.programs import program_of
from badges.program.schema import Program, Season
from portal.activity.recounts import Check, Finding


def seasons_are_sums() -> Iterator[Finding]:
    """A season's totals are what was counted in its days since a version first had it, or ever.

    Ever, where the totals were written anew since. Of a season whose days were moved or which some
    version left out nothing can be said.
    """
    versions = _published()
    for code, (season, since, program) in _steady_seasons(versions).items():
        kept = dict(_totals(code))
        lately, ever = _counted(season, program, since), _counted(season, program, None)
        for owner in sorted(kept.keys() | lately.keys() | ever.keys()):
            total = kept.get(owner, 0)
            if total not in (lately.get(owner, 0), ever.get(owner, 0)):
                counted = lately.get(owner, 0)
                yield "I4", f"total of {owner} in season {code}: {total} kept, {counted} counted"


def applications_paid_what_they_say() -> Iterator[Finding]:
    """The summary of what was paid for the past is the sum of its transfers."""
    awards = Transfer.objects.filter(kind=Transfer.Kind.AWARD, application__isnull=False)
    sums: dict[int, dict[str, int]] = {}
    rows = awards.values_list("application", "currency").annotate(n=Sum("amount"))
    for pk, currency, amount in rows.order_by():
        sums.setdefault(pk, {})[currency] = amount
    for application in Application.objects.iterator():
        said = {code: n for code, n in application.summary.get("amounts", {}).items() if n}
        if said != sums.get(application.pk, {}):
            yield "I2", f"application {application.pk} says {said}, not {sums.get(application.pk)}"


def _published() -> list[tuple[datetime, Program]]:
    rows = ProgramVersion.objects.exclude(published_at=None).order_by("published_at", "pk")
    told = rows.values_list("published_at", "pk", "content_hash")
    return [(at, program_of(pk, digest)) for at, pk, digest in told if at]


def _steady_seasons(
    versions: list[tuple[datetime, Program]],
) -> dict[str, tuple[Season, datetime, Program]]:
    """Seasons that every version since their first has, with the same days in the same zone."""
    found: dict[str, tuple[Season, datetime, Program]] = {}
    codes = {season.code for _at, program in versions for season in program.seasons}
    for code in sorted(codes):
        having = [(at, program, _season(program, code)) for at, program in versions]
        first = next(n for n, (_at, _program, season) in enumerate(having) if season)
        days = {
            (program.timezone, season and (season.starts_on, season.ends_on))
            for _at, program, season in having[first:]
        }
        at, program, season = having[first]
        if len(days) == 1 and season is not None:
            found[code] = (season, at, program)
    return found


def _season(program: Program, code: str) -> Season | None:
    return next((season for season in program.seasons if season.code == code), None)


def _totals(code: str) -> Iterator[tuple[int, int]]:
    rows = PeriodTotal.objects.filter(period=f"season:{code}", currency=EXPERIENCE)
    return rows.values_list("owner_id", "total").iterator()


def _counted(season: Season, program: Program, since: datetime | None) -> dict[int, int]:
    begins = datetime.combine(season.starts_on, time(), tzinfo=program.zone)
    ends = datetime.combine(season.ends_on + timedelta(days=1), time(), tzinfo=program.zone)
    rows = Transfer.objects.filter(
        kind__in=Transfer.COUNTED, currency=EXPERIENCE, counted_at__gte=begins, counted_at__lt=ends
    )
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return dict(rows.values_list("owner_id").annotate(n=Sum("amount")).iterator())


CHECKS: dict[Check, tuple[str, ...]] = {
    seasons_are_sums: ("badges.PeriodTotal.total",),
    applications_paid_what_they_say: ("badges.Application.summary",),
}
