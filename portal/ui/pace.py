"""Answers that take equally long, whatever they found."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Where an address is looked up that may belong to somebody.
EVEN_VIEWS = {"account_login", "account_signup", "account_reset_password", "account_email"}


class EvenPaceMiddleware:
    """Rounds up the time of answers that could tell by it whether an address is known.

    To whole steps of EVEN_ANSWERS_SECONDS, so a difference shows only where the work itself lies
    more than a step apart; 0 switches it off. A request waits half a step on average.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        response = self.get_response(request)
        step = settings.EVEN_ANSWERS_SECONDS
        match = request.resolver_match
        if step and request.method == "POST" and match and match.view_name in EVEN_VIEWS:
            time.sleep(-(time.monotonic() - begun) % step)
        return response
