from django.http import HttpResponse
from django.urls import reverse

from portal.notifications.live import fragment_for_answer
from portal.ui.requests import MemberRequest

SAFE = ("GET", "HEAD", "OPTIONS")
# Answers that htmx does not swap in: the page that follows shows the notices.
ELSEWHERE = ("HX-Redirect", "HX-Refresh", "HX-Location")


class LiveNoticesMiddleware:
    """Adds the notices that a request caused to its own htmx answer.

    Asking causes none: a fragment that is fetched while a form is being sent would otherwise take
    away what the page that follows is to show.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_deed = request.htmx and request.method not in SAFE and not _is_cms(request)
        if is_deed and request.user.is_authenticated and is_fragment(response):
            self._append(request, response)
        return response

    def _append(self, request: MemberRequest, response: HttpResponse) -> None:
        fragment = fragment_for_answer(request)
        if not fragment:
            return
        response.content += fragment.encode(response.charset)
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))


def _is_cms(request: MemberRequest) -> bool:
    """The CMS has no place for what pops up: the member's next page shows it."""
    return request.path.startswith(reverse("wagtailadmin_home"))


def is_fragment(response: HttpResponse) -> bool:
    """Whether an answer is HTML that htmx puts into a page as it comes."""
    return (
        response.status_code == 200
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not any(response.has_header(name) for name in ELSEWHERE)
    )
