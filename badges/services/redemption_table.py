from django.utils.translation import gettext as _

from badges.models import Redemption


def redemption_rows() -> list[list[object]]:
    """The head and one row a redemption, newest first, with times in UTC; no codes."""
    head: list[object] = [_("Redeemed at (UTC)"), _("Reward"), _("Member"), _("Handle"), _("Email")]
    head += [_("Price"), _("Currency"), _("State"), _("Note"), _("Reason")]
    rows = Redemption.objects.select_related("reward", "member").order_by("-pk")
    return [head, *(_row(row) for row in rows.iterator())]


def _row(row: Redemption) -> list[object]:
    member = row.member
    return [
        row.redeemed_at.strftime("%Y-%m-%d %H:%M"),
        row.reward.name,
        member.display_name,
        member.handle,
        member.email or "",
        row.price,
        row.currency,
        row.get_state_display(),
        row.note,
        row.reason,
    ]
