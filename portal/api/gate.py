"""The way in: a key, its scope, its rate, and for unsafe calls what makes them safe to repeat."""

import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from portal.api.models import ApiKey
from portal.api.problems import ProblemError
from portal.api.services.keys import find_key, note_use
from portal.ui.limits import WRITES, client_address, hit, parse_rate, seconds_left
from portal.ui.security_log import log_refusal

CALLS = "600/m"
GUESSES = "60/m"
IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?")


class Bearer(HttpBearer):
    """Lets keys with `scope` in. What is refused was not done and may be sent again as it is."""

    def __init__(self, scope: str):
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = find_key(token)
        if key is None:
            log_refusal("api_key_refused")
            _demand_rate("api-guess", client_address(request), GUESSES)
            return None
        _demand_rate("api", str(key.pk), CALLS)
        if self.scope not in key.scopes:
            log_refusal("api_scope_refused", key=key.pk, scope=self.scope)
            words = _("This needs a key with the scope %(scope)s.") % {"scope": self.scope}
            raise ProblemError(403, words)
        if request.method in WRITES:
            _check_unsafe(request)
        note_use(key)
        return key


def _demand_rate(scope: str, key: str, rate: str) -> None:
    limit, per = parse_rate(rate)
    if not hit(scope, key, limit, per):
        wait = seconds_left(per)
        detail = _("Try again in %(seconds)s seconds.") % {"seconds": wait}
        raise ProblemError(429, detail, headers={"Retry-After": str(wait)})


def _check_unsafe(request: HttpRequest) -> None:
    if not IDEMPOTENCY_KEY.fullmatch(request.headers.get("Idempotency-Key", "")):
        raise ProblemError(
            400,
            _(
                "Send an Idempotency-Key of 1 to 255 visible characters, a new one for each new"
                " call: then it can be repeated without being done twice."
            ),
        )
    if request.content_type != "application/json":
        raise ProblemError(415, _("Send Content-Type: application/json."))
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        is_too_large = len(request.body) > limit
    except RequestDataTooBig:
        is_too_large = True
    if is_too_large:
        raise ProblemError(413, _("A body has at most %(limit)s bytes.") % {"limit": limit})
