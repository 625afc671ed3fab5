"""What a member has and what comes next: read by the header, the dashboard and the profile."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from badges.models import Account, ProgramVersion
from badges.models.awards import BadgeAward as Award
from badges.models.boards import EXPERIENCE
from badges.program.schema import Badge, Level, Program
from badges.services.criteria import Now, Progress, progress
from portal.accounts.models import Member

POINTS = "points"


@dataclass(frozen=True)
class Standing:
    """Points to spend, experience, the level it carries and the way to the next one."""

    points: int
    held: int
    experience: int
    level: Level | None
    next_level: Level | None

    @property
    def missing(self) -> int:
        return self.next_level.experience - self.experience if self.next_level else 0

    @property
    def percent(self) -> int:
        """How far between this level's threshold and the next one's."""
        if not self.next_level:
            return 100
        floor = self.level.experience if self.level else 0
        return (self.experience - floor) * 100 // max(1, self.next_level.experience - floor)


@dataclass(frozen=True)
class BadgeLine:
    """A badge as one member sees it: held how often, or how far."""

    badge: Badge
    awards: list[Award]
    progress: Progress | None

    @property
    def is_held(self) -> bool:
        return bool(self.awards)


def standing_of(member: Member) -> Standing:
    """One query for the balances; the programme is in memory."""
    rows = Account.objects.of(member).filter(kind__in=["wallet", "held"])
    held: dict[tuple[str, str], int] = {
        (currency, kind): balance
        for currency, kind, balance in rows.values_list("currency", "kind", "balance")
    }
    _version, program = ProgramVersion.objects.current()
    experience = held.get((EXPERIENCE, "wallet"), 0)
    return Standing(
        points=held.get((POINTS, "wallet"), 0),
        held=held.get((POINTS, "held"), 0),
        experience=experience,
        level=program.level_at(experience),
        next_level=program.level_after(experience),
    )


def badge_lines(member: Member, program: Program) -> list[BadgeLine]:
    """Every badge of the programme, the held ones first, then the nearest."""
    awards: dict[str, list[Award]] = {}
    for award in Award.objects.of(member).filter(revoked_at=None).order_by("-awarded_at"):
        awards.setdefault(award.badge_code, []).append(award)
    now = Now(member.pk, timezone.now().astimezone(member.zone).date())
    lines = [
        BadgeLine(
            badge,
            awards.get(badge.code, []),
            None if badge.code in awards or badge.criterion.is_per_object else progress(badge, now),
        )
        for badge in program.badges
    ]
    return sorted(lines, key=lambda line: (not line.is_held, -_nearness(line)))


def badges_of(member: Member, *, limit: int) -> list[Badge]:
    """The badges a member holds, latest first, each once."""
    _version, program = ProgramVersion.objects.current()
    codes = Award.objects.of(member).filter(revoked_at=None).order_by("-awarded_at", "-pk")
    seen = dict.fromkeys(codes.values_list("badge_code", flat=True)[:200])
    return [program.badges_by_code[code] for code in seen if code in program.badges_by_code][:limit]


def _nearness(line: BadgeLine) -> int:
    return line.progress.percent if line.progress else 0


def program_time_zone() -> str:
    """The zone of the programme in force, or the site's before the first."""
    version, program = ProgramVersion.objects.current()
    return program.timezone if version else settings.PROGRAM_TIMEZONE
