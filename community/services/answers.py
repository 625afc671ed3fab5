from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from community.models import Idea, StatusChange
from community.services.earnings import settle_idea
from community.services.telling import tell_of_answer
from community.services.texts import rendered
from portal.accounts.models import Member


@transaction.atomic
def answer_idea(
    *, idea: Idea, status: str, response: str = "", by: Member, at: datetime | None = None
) -> StatusChange:
    """Give an idea its status, with the brand's own words; author and voters are told.

    The author is credited when the idea is planned and when it is done, once each, and loses
    that credit if the status goes back. The same answer again returns the former one.
    Raises ValidationError when neither the status changes nor anything is said.
    """
    if not by.has_perm("community.answer_idea"):
        raise PermissionDenied
    if status not in Idea.Status.values:
        raise ValidationError({"status": _("This is not a status that we know.")})
    # The update holds the row, so that two answers are given one after the other.
    Idea.objects.filter(pk=idea.pk).update(status=F("status"))
    idea.refresh_from_db(fields=["status", "answered_at", "withdrawn_at", "hidden_at"])
    response = response.strip()
    last = StatusChange.objects.for_list(idea).first()
    if last and (last.to_status, last.response) == (status, response):
        return last
    if status == idea.status and not response:
        raise ValidationError(_("Choose another status or write a response."))
    change = _write(idea, status, response, by, at or timezone.now())
    settle_idea(idea, at=at)
    tell_of_answer(change)
    return change


def _write(idea: Idea, status: str, response: str, by: Member, moment: datetime) -> StatusChange:
    columns = rendered(response)
    change = StatusChange.objects.create(
        idea=idea,
        from_status=idea.status,
        to_status=status,
        response=response,
        response_html=columns["body_html"],
        renderer=columns["renderer"],
        language=(get_language() or by.language)[:5],
        by=by,
        changed_at=moment,
    )
    idea.status, idea.answered_at = status, moment
    Idea.objects.filter(pk=idea.pk).update(status=status, answered_at=moment)
    return change
