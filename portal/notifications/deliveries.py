"""Mails that go with notices: who gets one, and when."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal.notifications.models import Delivery, Notice, Preference
from portal.notifications.registry import Kind, kind_of
from portal.notifications.tasks import deliver

if TYPE_CHECKING:
    from portal.accounts.models import Member

# The hours in which members let themselves be reached, by their own clock.
HOURS = {"morning": (8, 12), "afternoon": (12, 18), "evening": (18, 22)}


def plan_mail(notice: Notice) -> Delivery | None:
    """Plan the mail that goes with a notice, in its transaction; None where there is none."""
    kind = kind_of(notice.kind)
    if kind is None or not kind.email or not kind.is_mailed(notice):
        return None
    if not is_mail_wanted(member=notice.recipient, kind=kind):
        return None
    delivery, is_new = Delivery.objects.get_or_create(
        key=f"notice:{notice.pk}:email",
        defaults={"recipient": notice.recipient, "notice": notice, "kind": notice.kind},
    )
    if is_new:
        _enqueue(delivery, kind)
    return delivery


def is_mail_wanted(*, member: "Member", kind: Kind) -> bool:
    """Whether a member can be written to, and lets us: only what is optional can be refused."""
    if not member.email or not member.is_active or member.closed_at:
        return False
    if kind.is_game and not member.is_playing:
        return False
    if not kind.is_optional:
        return True
    if member.contact_channel == "portal":
        return False
    return not Preference.objects.is_unwanted(
        member=member, category=kind.category, channel=Preference.Channel.EMAIL
    )


@transaction.atomic
def send_again(*, delivery: Delivery) -> bool:
    """Give a failed delivery all its tries anew; False when it has not failed (any more)."""
    failed = Delivery.objects.failed().filter(pk=delivery.pk)
    if not failed.update(state=Delivery.State.WAITING, attempts=0, error=""):
        return False
    deliver.enqueue(delivery.pk)
    return True


def reachable_at(*, member: "Member", now: datetime) -> datetime:
    """The first moment from `now` on at which the member lets us reach them."""
    if member.contact_hours not in HOURS:
        return now
    begins, ends = HOURS[member.contact_hours]
    local = now.astimezone(member.zone)
    if begins <= local.hour < ends:
        return now
    day = local.date() + timedelta(days=1 if local.hour >= ends else 0)
    return datetime.combine(day, time(begins), tzinfo=member.zone)


def _enqueue(delivery: Delivery, kind: Kind) -> None:
    now = timezone.now()
    member = delivery.recipient if kind.is_optional else None
    moment = reachable_at(member=member, now=now) if member else now
    can_wait = deliver.get_backend().supports_defer
    job = deliver.using(run_after=moment) if moment > now and can_wait else deliver
    job.enqueue(delivery.pk)
