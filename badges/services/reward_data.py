"""What is kept about a member's redemptions: handed out on request, emptied in the end."""

from badges.models import Redemption
from portal.accounts.models import Member
from portal.accounts.registry import register_eraser, register_exporter


def register() -> None:
    register_exporter("rewards", export_of)
    register_eraser(erase)


def export_of(member: Member) -> list[dict]:
    """A member's redemptions, each with what became of it, for the export of their data."""
    rows = Redemption.objects.for_member(member).prefetch_related("steps")
    return [
        {
            "reward": row.reward.name,
            "price": row.price,
            "currency": row.currency,
            "code": row.shown_code,
            "note": row.note,
            "reason": row.reason,
            "steps": [
                {"state": step.state, "at": step.taken_at.isoformat()}
                for step in sorted(row.steps.all(), key=lambda step: step.pk)
            ],
        }
        for row in rows
    ]


def erase(member: Member) -> None:
    """Empty the words that staff wrote for a member whose account is closed."""
    Redemption.objects.filter(member=member).update(note="", reason="")
