from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.notifications.models import Notice, NoticeStream
from portal.notifications.wake import wake


@transaction.atomic
def notify(*, recipient, kind: str, activity=None, payload: dict | None = None, is_toast=True):
    """Store one notice for `recipient` and wake their open pages after the commit.

    A second call for the same activity, recipient and kind changes nothing and returns None.
    """
    known = activity and Notice.objects.filter(activity=activity, recipient=recipient, kind=kind)
    if known and known.exists():
        return None
    number = _next_sequence(recipient.pk)
    notice = Notice(
        recipient=recipient,
        kind=kind,
        activity=activity,
        payload=payload or {},
        sequence=number,
        is_toast=is_toast,
    )
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        return None
    transaction.on_commit(lambda: wake(recipient.pk, number), robust=True)
    return notice


def mark_shown(notices: list[Notice]) -> None:
    """Remember that these have appeared as toasts."""
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(shown_at=timezone.now())


def mark_read(*, member) -> int:
    """Mark a member's whole inbox as read; return how many were new."""
    now = timezone.now()
    return Notice.objects.unread(member).update(read_at=now)


def _next_sequence(member_id: int) -> int:
    counted = NoticeStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence") + 1)
    if not counted:
        NoticeStream.objects.bulk_create([NoticeStream(pk=member_id)], ignore_conflicts=True)
        NoticeStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence") + 1)
    return NoticeStream.objects.values_list("last_sequence", flat=True).get(pk=member_id)
