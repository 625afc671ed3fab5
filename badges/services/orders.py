"""Applications to the past that are too long for a request: asked for, made by a job, seen.

An order is applied once, however often its job runs: the application and the end of the order are
one transaction under the order's lock. A job that dies leaves the order open and nothing paid.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.models import Application, PastOrder, ProgramVersion
from badges.models.programs import program_of
from badges.services.past import NothingToApplyError, Stretch, apply_with_effect
from portal.accounts.models import Member
from portal.jobs.retries import job

State, Fault = PastOrder.State, PastOrder.Fault


class OrderClosedError(RuntimeError):
    """The order was applied or withdrawn meanwhile."""


@transaction.atomic
def order_application(
    *, version: ProgramVersion, stretch: Stretch, by: Member | None, note: str, key: UUID
) -> PastOrder:
    """Ask for an application in the background; a second call with the same key changes nothing.

    Raises ValidationError in words while another order of the version is open.
    """
    if known := PastOrder.objects.filter(key=key).first():
        return known
    asked = {"since": stretch.since, "until": stretch.until, "rules": sorted(stretch.rules)}
    try:
        with transaction.atomic():
            order = PastOrder.objects.create(
                version=version, **asked, note=note, key=key, asked_by=by
            )
    except IntegrityError:
        raise ValidationError(
            _("Another application in the background is not finished yet.")
        ) from None
    apply_order.enqueue(order.pk)
    return order


@job(attempts=1)
def apply_order(pk: int) -> None:
    """Apply what was ordered, once; what goes wrong closes the order with its reason."""
    opened = PastOrder.objects.filter(pk=pk, state__in=PastOrder.OPEN)
    if not opened.update(state=State.RUNNING, started_at=timezone.now()):
        return
    try:
        _apply(pk)
    except OrderClosedError:
        return
    except NothingToApplyError:
        _close(pk, Fault.NOTHING)
    except Exception:
        _close(pk, Fault.ERROR)
        raise


def withdraw_order(*, order: PastOrder) -> bool:
    """Close an order that is still open; a job that works on it pays nothing. False if it is not.

    Waits for a job that is about to finish.
    """
    return _close(order.pk, Fault.WITHDRAWN)


@transaction.atomic
def _apply(pk: int) -> None:
    order = PastOrder.objects.select_for_update().get(pk=pk)
    if not order.is_open:
        raise OrderClosedError
    version = ProgramVersion.objects.published().filter(pk=order.version_id).first()
    if version is None:
        _close(pk, Fault.VERSION)
        return
    application = apply_with_effect(
        version=version,
        program=program_of(version.pk, version.content_hash),
        stretch=Stretch(order.since, order.until, frozenset(order.rules)),
        by=order.asked_by,
        note=order.note,
    )
    _finish(pk, application)


def _finish(pk: int, application: Application) -> None:
    done = {"state": State.DONE, "application": application, "finished_at": timezone.now()}
    PastOrder.objects.filter(pk=pk).update(**done)


def _close(pk: int, fault: str) -> bool:
    opened = PastOrder.objects.filter(pk=pk, state__in=PastOrder.OPEN)
    failed = {"state": State.FAILED, "fault": fault, "finished_at": timezone.now()}
    return bool(opened.update(**failed))
