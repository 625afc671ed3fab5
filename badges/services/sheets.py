"""What members hold, many at a time: balances, level, badges."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from badges.models import Account, BadgeAward, ProgramVersion
from badges.models.boards import EXPERIENCE
from badges.models.owners import MEMBER


@dataclass(frozen=True)
class Sheet:
    """Every currency of the programme with its balance, and only the badges that are held."""

    balances: dict[str, int]
    level: str | None
    badges: dict[str, int]


def sheets_of(members: Sequence[int]) -> dict[int, Sheet]:
    """A sheet for each of these members (by pk), by three queries however many there are."""
    _version, program = ProgramVersion.objects.current()
    balances = {pk: dict.fromkeys(sorted(program.currencies), 0) for pk in members}
    wallets = Account.objects.filter(
        owner_type=MEMBER,
        owner_id__in=members,
        kind=Account.Kind.WALLET,
        currency__in=program.currencies,
    )
    for owner, currency, balance in wallets.values_list("owner_id", "currency", "balance"):
        balances[owner][currency] = balance or 0
    badges: dict[int, dict[str, int]] = {pk: {} for pk in members}
    awards = BadgeAward.objects.filter(owner_type=MEMBER, owner_id__in=members, revoked_at=None)
    counts = awards.values_list("owner_id", "badge_code").annotate(n=Count("pk"))
    for owner, code, count in counts.order_by("owner_id", "badge_code"):
        badges[owner][code] = count
    sheets = {}
    for pk in members:
        level = program.level_at(balances[pk].get(EXPERIENCE, 0))
        sheets[pk] = Sheet(balances[pk], level.code if level else None, badges[pk])
    return sheets
