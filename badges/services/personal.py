"""What the programme keeps about a member: handed out with its reasons, and emptied at the end."""

from typing import Any

from django.utils.translation import override

from badges.models import Account, BadgeAward, Claim, LimitUse, PeriodTotal, Refusal
from badges.services.history import Line, history_page
from badges.services.standing import standing_of
from portal.accounts.models import Member


def export_of(member: Member) -> dict:
    """Balances, level, badges, every line of the ledger with its reason, and what did not pay."""
    with override(member.language):
        return {
            "level": _level(member),
            "balances": _rows(Account.objects.of(member), "currency", "kind", "balance", "peak"),
            "ledger": _ledger(member),
            "badges": _rows(
                BadgeAward.objects.of(member),
                "badge_code",
                "object",
                "awarded_at",
                "revoked_at",
                "revoked_reason",
            ),
            "totals": _rows(PeriodTotal.objects.of(member), "currency", "period", "total"),
            "claims": _rows(Claim.objects.of(member), "rule_code", "bucket", "released_at"),
            "limits": _rows(
                LimitUse.objects.of(member), "rule_code", "currency", "period", "amount", "times"
            ),
            "refusals": [
                {"rule": one.rule_code, "at": one.created_at, "reason": one.get_reason_display()}
                for one in Refusal.objects.of(member).order_by("pk")
            ],
        }


def erase(member: Member) -> None:
    """The ledger, its keys and counters hold codes alone and stay; words about the member go."""
    BadgeAward.objects.of(member).exclude(revoked_reason="").update(revoked_reason="")


def _level(member: Member) -> str | None:
    level = standing_of(member).level
    return level.code if level else None


def _ledger(member: Member) -> list[dict]:
    """Every line, newest first, in the words of the member's own page."""
    found, before = history_page(member=member)
    lines = list(found)
    while before:
        found, before = history_page(member=member, before=before)
        lines += found
    return [_line(line) for line in lines]


def _line(line: Line) -> dict:
    transfer = line.transfer
    return {
        "at": transfer.created_at,
        "kind": transfer.kind,
        "currency": transfer.currency,
        "amount": transfer.amount,
        "rule": transfer.rule_code,
        "version": line.version,
        "reason": line.reason,
        "activity": line.activity,
        "object": transfer.activity.object,
    }


def _rows(rows: Any, *fields: str) -> list[dict]:
    return list(rows.order_by("pk").values(*fields))
