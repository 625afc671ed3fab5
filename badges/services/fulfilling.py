"""What becomes of redemptions: handed over, shown, or returned with a reason."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.models import Redemption, RewardCode
from badges.services.redeeming import end, take_step
from portal.accounts.models import Member
from portal.notifications.services import notify

MANAGE = "badges.manage_reward"
GIVEN_NOTICE = "badges.reward_given"
RETURNED_NOTICE = "badges.reward_returned"

State = Redemption.State


@transaction.atomic
def show_code(*, redemption: Redemption, member: Member, at: datetime | None = None) -> bool:
    """Show the member the code kept for them: from now on it is theirs. False the second time.

    Raises PermissionDenied for somebody else's, ValidationError where there is no code.
    """
    if redemption.member_id != member.pk:
        raise PermissionDenied
    if not RewardCode.objects.filter(redemption=redemption).exists():
        raise ValidationError(_("There is no code for this redemption."))
    return _give(redemption, member, "", at, is_toast=False)


@transaction.atomic
def mark_given(
    *, redemption: Redemption, staff: Member, note: str = "", at: datetime | None = None
) -> bool:
    """Note that a redemption was handed over, and tell the member; False the second time.

    Raises PermissionDenied, and ValidationError where it was cancelled or returned.
    """
    _demand(staff)
    if _give(redemption, staff, note, at, is_toast=True):
        return True
    redemption.refresh_from_db()
    if not redemption.is_standing:
        raise ValidationError(_("This redemption was taken back; its points are returned."))
    return False


@transaction.atomic
def return_redemption(
    *, redemption: Redemption, staff: Member, reason: str, at: datetime | None = None
) -> bool:
    """Take a redemption back with a reason that the member reads; False where it was ended.

    Raises PermissionDenied.
    """
    _demand(staff)
    reversal = end(redemption=redemption, becomes=State.RETURNED, actor=staff, reason=reason, at=at)
    if reversal is None:
        return False
    payload = {"redemption": redemption.pk}
    notify(recipient=redemption.member, kind=RETURNED_NOTICE, activity=reversal, payload=payload)
    return True


def _give(
    redemption: Redemption, actor: Member, note: str, at: datetime | None, *, is_toast: bool
) -> bool:
    rows = Redemption.objects.filter(pk=redemption.pk, state=State.PENDING)
    if not rows.update(state=State.GIVEN, note=note):
        return False
    now = at or timezone.now()
    redemption.state, redemption.note = State.GIVEN, note
    take_step(redemption, State.GIVEN, actor, now)
    RewardCode.objects.filter(redemption=redemption, shown_at=None).update(shown_at=now)
    notify(
        recipient=redemption.member,
        kind=GIVEN_NOTICE,
        activity=redemption.activity,
        payload={"redemption": redemption.pk},
        is_toast=is_toast,
    )
    return True


def _demand(staff: Member) -> None:
    if not staff.has_perm(MANAGE):
        raise PermissionDenied
