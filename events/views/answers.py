"""How actions on pages answer: with a part of the page they came from, or by going back to it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRedirect
from wagtail.models import Page

from events.services.links import page_in_language
from portal.ui.requests import PortalRequest

PART = "take-part"


def page_or_404(request, model, key):
    """The page with this key that the reader may see, in their language or in another one."""
    page = page_in_language(model, key, request.user)
    if page is None:
        raise Http404
    return page


def log_in_first(request: PortalRequest, url: str) -> HttpResponse:
    """Send a visitor to the log-in, and from there to the page rather than to the action."""
    answer = redirect_to_login(url)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def change_part(
    request: PortalRequest,
    page: Page,
    model: type[Model],
    change: Callable[..., object],
    *,
    said: str,
    just: str = "",
) -> HttpResponse:
    """Let a member in or out by `change(row)`, with the row of `model` that the page stands for.

    The page then says what came of it; `just` is told only where something has changed.
    """
    if not request.user.is_authenticated:
        return log_in_first(request, page.get_url())
    row = get_object_or_404(model, key=page.translation_key)
    try:
        changed = change(row)
    except ValidationError as error:
        return back_to(request, page, part=PART, said="", error=error.messages[0])
    return back_to(request, page, part=PART, said=said, just=just if changed else "")


def back_to(
    request: PortalRequest, page: Page, *, part: str, said: str, error: str = "", just: str = ""
) -> HttpResponse:
    """Show what has become of the page: `said` or `error` tells it, `just` offers the undoing."""
    if not request.htmx:
        if error:
            messages.error(request, error)
        else:
            messages.success(request, said)
        return redirect(page.get_url())
    context = {**page.state_for(request.user), "said": said, "error": error, "just": just}
    return render(request, f"{page.template}#{part}", context)
