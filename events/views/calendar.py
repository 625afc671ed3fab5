from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from events.models import EventPage, Occasion
from events.services.agenda import calendar_events
from events.services.calendars import calendar_feed, event_calendar
from events.services.registrations import cancel_registration, register_for_event
from events.views.answers import change_part, page_or_404
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks


@require_POST
@rate_limited("events.register", "20/m", "200/d")
@asks("events.register_event")
def event_register(request: MemberRequest, key: UUID) -> HttpResponse:
    def register(occasion: Occasion) -> object:
        return register_for_event(occasion=occasion, member=request.user)

    page, said = page_or_404(request, EventPage, key), _("You are going. See you there!")
    return change_part(request, page, Occasion, register, said=said)


@require_POST
@rate_limited("events.register", "20/m", "200/d")
@asks("events.register_event")
def event_cancel(request: MemberRequest, key: UUID) -> HttpResponse:
    def cancel(occasion: Occasion) -> object:
        return cancel_registration(occasion=occasion, member=request.user)

    page, said = page_or_404(request, EventPage, key), _("Your registration is cancelled.")
    return change_part(request, page, Occasion, cancel, said=said, just="cancelled")


@require_GET
def event_ics(request: MemberRequest, key: UUID) -> HttpResponse:
    page = page_or_404(request, EventPage, key)
    page.occasion = get_object_or_404(Occasion, key=key)
    return _calendar(event_calendar(page=page), f"{page.slug}.ics")


@require_GET
def calendar_ics(request: HttpRequest) -> HttpResponse:
    return _calendar(calendar_feed(pages=calendar_events(request.user)), "events.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
