from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.db.models import Model, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.utils.translation import gettext as _

from portal.cms.holding import Held, holders_of, what_holds
from portal.cms.visibility import begin_reading, end_reading
from portal.ui.refusals import Refusal, refusal_page

CMS = "/cms/"
# Its generic views delete by these without asking what may not be lost; its pages send none.
NEVER_SENT = ("DELETE", "PUT")
SAFE = ("GET", "HEAD")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and a looser one on the Wagtail admin, which needs it."""

    def process_response(self, request, response):
        if request.path.startswith(CMS):
            response._csp_replace = settings.CMS_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class PageReadingMiddleware:
    """What a request asks about pages it asks once, for the reader whose session it carries."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begin_reading(request)
        try:
            return self.get_response(request)
        finally:
            end_reading()


class InUseMiddleware:
    """What something else needs is not deleted, and whoever tries reads by what it is held.

    The pages that ask "Are you sure?" say so beforehand; however else it was tried, by many at
    once or by a program, the database's refusal becomes the same page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(CMS) and request.method in NEVER_SENT:
            return refusal_page(request, Refusal.METHOD)
        return self.get_response(request)

    def process_template_response(
        self, request: HttpRequest, response: SimpleTemplateResponse
    ) -> SimpleTemplateResponse:
        if request.path.startswith(CMS) and request.method in SAFE and _is_question(request):
            held = what_holds(_doomed(response.context_data or {}))
            if held:
                return _page(request, held, status=200)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ProtectedError | RestrictedError):
            return None
        if not request.path.startswith(CMS):
            return refusal_page(request, Refusal.IN_USE)
        return _page(request, holders_of(error), status=409).render()


def _is_question(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and ("delete" in match.route or match.kwargs.get("action") == "delete")


def _doomed(context: dict[str, Any]) -> list[Model]:
    """What a page that asks for confirmation is about; Wagtail names it in several ways."""
    items = [item.get("item") for item in context.get("items") or () if isinstance(item, dict)]
    found = [*items, *(context.get(name) for name in ("object", "page", "media"))]
    return [one for one in found if isinstance(one, Model) and one.pk]


def _page(request: HttpRequest, held: Held, *, status: int) -> TemplateResponse:
    context = {"held": held, "header_title": _("Still in use"), "header_icon": "warning"}
    return TemplateResponse(request, "cms/in_use.html", context, status=status)
