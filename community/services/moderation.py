from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Comment, Idea, ModerationAction, Report
from community.services.comments import settle_shown
from community.services.ideas import settle_all
from community.services.telling import tell_of_hiding, tell_of_return
from portal.accounts.models import Member
from portal.activity.services import too_often_text

Thing = Idea | Comment
# So often in 24 hours one thing may be hidden; each time its author is told, and points move.
HIDINGS_A_DAY = 5


@transaction.atomic
def report_thing(*, thing: Thing, member: Member, reason: str, text: str = "") -> Report:
    """Tell the moderators about something; a second report by the same member is the first."""
    if not member.has_perm("community.report_thing", thing):
        raise PermissionDenied
    if reason not in Report.Reason.values:
        raise ValidationError({"reason": _("Choose what is wrong.")})
    known = Report.objects.about(thing).filter(reporter=member)
    try:
        with transaction.atomic():
            return Report.objects.create(
                **_about(thing), reporter=member, reason=reason, text=text.strip()
            )
    except IntegrityError:
        return known.get()


@transaction.atomic
def hide_thing(*, thing: Thing, moderator: Member, reason: str) -> ModerationAction:
    """Hide an idea or a comment; its author is told why and its points are reversed.

    A second call returns the decision in force. Raises ValidationError without a reason.
    """
    _demand(moderator)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why: the author will read it.")})
    rows = type(thing).objects.filter(pk=thing.pk, hidden_at=None)
    now = timezone.now()
    if not rows.update(hidden_at=now):
        return ModerationAction.objects.hiding(thing).get()
    _refuse_wavering(thing)
    action = ModerationAction.objects.create(
        **_about(thing), kind=ModerationAction.Kind.HIDE, moderator=moderator, reason=reason
    )
    Report.objects.waiting().about(thing).update(outcome=Report.Outcome.HIDDEN, settled_at=now)
    thing.refresh_from_db(fields=["withdrawn_at", "hidden_at"])
    _settle(thing, was_open=thing.withdrawn_at is None)
    tell_of_hiding(action)
    return action


@transaction.atomic
def unhide_thing(*, thing: Thing, moderator: Member) -> bool:
    """Take a hiding back; the points return, the author is told. True when it was hidden."""
    _demand(moderator)
    if not type(thing).objects.filter(pk=thing.pk).exclude(hidden_at=None).update(hidden_at=None):
        return False
    action = ModerationAction.objects.hiding(thing).get()
    action.undone_at, action.undone_by = timezone.now(), moderator
    action.save(update_fields=["undone_at", "undone_by"])
    _settle(thing, was_open=False)
    tell_of_return(action)
    return True


@transaction.atomic
def dismiss_reports(*, thing: Thing, moderator: Member, reason: str = "") -> int:
    """Leave a reported thing as it is; return how many reports that settles."""
    _demand(moderator)
    waiting = Report.objects.waiting().about(thing)
    settled = waiting.update(outcome=Report.Outcome.DISMISSED, settled_at=timezone.now())
    if settled:
        ModerationAction.objects.create(
            **_about(thing),
            kind=ModerationAction.Kind.DISMISS,
            moderator=moderator,
            reason=reason.strip(),
        )
    return settled


@transaction.atomic
def object_to(*, action: ModerationAction, member: Member, text: str) -> bool:
    """Let an author answer a hiding, once; the moderators see it in their queue."""
    if action.thing.author_id != member.pk or action.kind != ModerationAction.Kind.HIDE:
        raise PermissionDenied
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("Say why it should be shown again.")})
    rows = ModerationAction.objects.filter(pk=action.pk, objected_at=None, undone_at=None)
    return bool(rows.update(objection=text, objected_at=timezone.now()))


def _demand(moderator: Member) -> None:
    if not moderator.has_perm("community.moderate_idea"):
        raise PermissionDenied


def _refuse_wavering(thing: Thing) -> None:
    """Counted behind the update of the thing's row, so no two moderators look at once."""
    since = timezone.now() - timedelta(days=1)
    hidings = ModerationAction.objects.about(thing).filter(kind=ModerationAction.Kind.HIDE)
    if hidings.filter(acted_at__gt=since).count() >= HIDINGS_A_DAY:
        raise ValidationError(too_often_text())


def _about(thing: Thing) -> dict:
    return {"idea" if isinstance(thing, Idea) else "comment": thing}


def _settle(thing: Thing, *, was_open: bool) -> None:
    if isinstance(thing, Idea):
        settle_all(thing)
    else:
        settle_shown(thing, was_open=was_open)
