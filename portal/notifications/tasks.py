from django.db.models import F
from django.utils import timezone

from portal.jobs.retries import job
from portal.notifications import mails
from portal.notifications.models import Delivery

ATTEMPTS = 6


@job(attempts=ATTEMPTS, backoff=5.0)
def deliver(delivery_id: int) -> str:
    """Send one planned mail; a second run sends nothing. Staff see what failed at last.

    Mails to a member who has closed their account meanwhile are gone.
    """
    rows = Delivery.objects.select_related("recipient", "notice__activity")
    delivery = rows.filter(pk=delivery_id).first()
    if delivery is None:
        return Delivery.State.SKIPPED
    if delivery.state != Delivery.State.WAITING:
        return delivery.state
    try:
        is_sent = mails.send(delivery)
    except Exception as error:
        _note_failure(delivery, error)
        raise
    delivery.state = Delivery.State.SENT if is_sent else Delivery.State.SKIPPED
    delivery.sent_at = timezone.now() if is_sent else None
    delivery.attempts += 1
    delivery.error = ""
    delivery.save(update_fields=["state", "sent_at", "attempts", "error"])
    return delivery.state


def _note_failure(delivery: Delivery, error: Exception) -> None:
    is_last = delivery.attempts + 1 >= ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1,
        error=f"{type(error).__name__}: {error}"[:1000],
        state=Delivery.State.FAILED if is_last else Delivery.State.WAITING,
    )
