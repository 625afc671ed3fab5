from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from knowledgebase.activities import FEEDBACK_GIVEN
from knowledgebase.models import Feedback
from knowledgebase.models.progress import MISSING_LENGTH
from portal.activity.services import record
from portal.cms.visibility import require_visible


@transaction.atomic
def give_feedback(
    *,
    page: Any,
    is_helpful: bool,
    missing: str = "",
    member: Any = None,
    session_key: str = "",
    at: datetime | None = None,
) -> Feedback:
    """Say whether a page helped; a second word of the same person replaces the first.

    Arguments: `member`, or for visitors `session_key`; `missing` is what the page lacks.
    Raises PermissionDenied for a page that the giver may not see, and ValidationError when the
    text is too long or nobody gives the feedback.
    """
    known = member is not None and member.is_authenticated
    if not known and not session_key:
        raise ValidationError(_("Your browser session is over. Reload the page and try again."))
    missing = missing.replace("\0", "").strip()
    if len(missing) > MISSING_LENGTH:
        raise ValidationError({"missing": _("Please keep it to 1,000 characters.")})
    key = page.translation_key
    require_visible(key, member)
    giver = {"member": member} if known else {"member": None, "session_key": session_key}
    values = {
        "is_helpful": is_helpful,
        "missing": missing,
        "language": get_language() or "",
        "given_at": at or timezone.now(),
    }
    feedback, _is_new = Feedback.objects.update_or_create(page_key=key, **giver, defaults=values)
    if known:
        thing = f"{page.object_noun}:{key}"
        record(member=member, verb=FEEDBACK_GIVEN, object=thing, occurred_at=at)
    return feedback


def feedback_of(*, page: Any, member: Any, session_key: str = "") -> Feedback | None:
    """What this member, or the visitor of this session, said about the page."""
    said = Feedback.objects.filter(page_key=page.translation_key)
    if member.is_authenticated:
        return said.filter(member=member).first()
    return said.filter(member=None, session_key=session_key).first() if session_key else None
