from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from events.models import EventPage, Occasion
from events.services.agenda import calendar_events
from events.services.calendars import calendar_feed, event_calendar
from events.services.registrations import cancel_registration, register_for_event
from events.views.answers import back_to, log_in_first, page_or_404
from portal.ui.limits import rate_limited

PART = "take-part"


@require_POST
@rate_limited("events.register", "20/m")
def event_register(request: HttpRequest, key: UUID) -> HttpResponse:
    page = page_or_404(EventPage, key)
    if not request.user.is_authenticated:
        return log_in_first(request, page.get_url())
    occasion = get_object_or_404(Occasion, key=key)
    try:
        register_for_event(occasion=occasion, member=request.user)
    except ValidationError as error:
        return back_to(request, page, part=PART, said="", error=error.messages[0])
    return back_to(request, page, part=PART, said=_("You are going. See you there!"))


@require_POST
@rate_limited("events.register", "20/m")
def event_cancel(request: HttpRequest, key: UUID) -> HttpResponse:
    page = page_or_404(EventPage, key)
    if not request.user.is_authenticated:
        return log_in_first(request, page.get_url())
    occasion = get_object_or_404(Occasion, key=key)
    try:
        changed = cancel_registration(occasion=occasion, member=request.user)
    except ValidationError as error:
        return back_to(request, page, part=PART, said="", error=error.messages[0])
    said = _("Your registration is cancelled.")
    return back_to(request, page, part=PART, said=said, just="cancelled" if changed else "")


@require_GET
def event_ics(request: HttpRequest, key: UUID) -> HttpResponse:
    page = page_or_404(EventPage, key)
    page.occasion = get_object_or_404(Occasion, key=key)
    return _calendar(event_calendar(page=page), f"{page.slug}.ics")


@require_GET
def calendar_ics(request: HttpRequest) -> HttpResponse:
    return _calendar(calendar_feed(pages=calendar_events()), "events.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
