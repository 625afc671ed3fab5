from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from events.models import Challenge, ChallengePage
from events.services.challenges import join_challenge, leave_challenge
from events.views.answers import change_part, page_or_404
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks


@require_POST
@rate_limited("events.join", "20/m", "200/d")
@asks("events.join_challenge")
def challenge_join(request: MemberRequest, key: UUID) -> HttpResponse:
    def join(challenge: Challenge) -> object:
        return join_challenge(challenge=challenge, member=request.user)

    page, said = page_or_404(request, ChallengePage, key), _("You take part. Good luck!")
    return change_part(request, page, Challenge, join, said=said)


@require_POST
@rate_limited("events.join", "20/m", "200/d")
@asks("events.join_challenge")
def challenge_leave(request: MemberRequest, key: UUID) -> HttpResponse:
    def leave(challenge: Challenge) -> object:
        return leave_challenge(challenge=challenge, member=request.user)

    page, said = page_or_404(request, ChallengePage, key), _("You have left the challenge.")
    return change_part(request, page, Challenge, leave, said=said, just="left")
