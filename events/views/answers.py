"""How actions on pages answer: with a part of the page they came from, or by going back to it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from events.services.links import page_in_language


def page_or_404(model, key):
    """The published page with this key in the language of the request, or in another one."""
    page = page_in_language(model, key)
    if page is None:
        raise Http404
    return page


def log_in_first(request: HttpRequest, url: str) -> HttpResponse:
    """Send a visitor to the log-in, and from there to the page rather than to the action."""
    answer = redirect_to_login(url)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def back_to(request: HttpRequest, page, *, part: str, said: str, error: str = "", just: str = ""):
    """Show what has become of the page: `said` or `error` tells it, `just` offers the undoing."""
    if not request.htmx:
        if error:
            messages.error(request, error)
        else:
            messages.success(request, said)
        return redirect(page.get_url())
    context = {**page.state_for(request.user), "said": said, "error": error, "just": just}
    return render(request, f"{page.template}#{part}", context)
