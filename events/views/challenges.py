from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.models import Challenge, ChallengePage
from events.services.challenges import join_challenge, leave_challenge
from events.views.answers import back_to, log_in_first, page_or_404
from portal.ui.limits import rate_limited

PART = "take-part"


@require_POST
@rate_limited("events.join", "20/m")
def challenge_join(request: HttpRequest, key: UUID) -> HttpResponse:
    page = page_or_404(ChallengePage, key)
    if not request.user.is_authenticated:
        return log_in_first(request, page.get_url())
    challenge = get_object_or_404(Challenge, key=key)
    try:
        join_challenge(challenge=challenge, member=request.user)
    except ValidationError as error:
        return back_to(request, page, part=PART, said="", error=error.messages[0])
    return back_to(request, page, part=PART, said=_("You take part. Good luck!"))


@require_POST
@rate_limited("events.join", "20/m")
def challenge_leave(request: HttpRequest, key: UUID) -> HttpResponse:
    page = page_or_404(ChallengePage, key)
    if not request.user.is_authenticated:
        return log_in_first(request, page.get_url())
    challenge = get_object_or_404(Challenge, key=key)
    try:
        changed = leave_challenge(challenge=challenge, member=request.user)
    except ValidationError as error:
        return back_to(request, page, part=PART, said="", error=error.messages[0])
    said = _("You have left the challenge.")
    return back_to(request, page, part=PART, said=said, just="left" if changed else "")
