"""Errors as RFC 9457 has them: `application/problem+json`, in the language that was asked for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: _("The request cannot be understood"),
    401: _("A valid API key is needed"),
    403: _("The key may not do this"),
    404: _("There is nothing here"),
    405: _("This method is not possible here"),
    409: _("The same call is still being worked on"),
    413: _("The body is too large"),
    415: _("The body must be JSON"),
    422: _("The request is understood, but something in it is wrong"),
    429: _("Too many calls"),
    500: _("Something went wrong on our side"),
    503: _("Too much is going on at once"),
}
# What pydantic finds wrong, in words of ours.
WORDS = {
    "missing": gettext_lazy("is missing"),
    "extra_forbidden": gettext_lazy("is not known here"),
    "string_type": gettext_lazy("must be a text"),
    "list_type": gettext_lazy("must be a list"),
    "dict_type": gettext_lazy("must be an object"),
    "model_type": gettext_lazy("must be an object"),
    "model_attributes_type": gettext_lazy("must be an object"),
    "int_type": gettext_lazy("must be an integer"),
    "int_parsing": gettext_lazy("must be an integer"),
    "too_long": gettext_lazy("holds more than %(max_length)s"),
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "less_than_equal": gettext_lazy("must be at most %(le)s"),
}


class Mistake(BaseModel):
    """One thing that is wrong: where, and why. `index` counts the activities from 0."""

    index: int | None = None
    field: str
    pointer: str = Field(description="the place in the body, as a JSON Pointer")
    detail: str


class Problem(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Mistake] = []


class ProblemError(Exception):
    """Ends a call with a problem. `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(status, detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = errors, headers or {}


def problem(
    status: int,
    detail: str = "",
    *,
    title: str = "",
    errors: Sequence[Mistake] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer for a status, its title in the language in force."""
    title = title or str(TITLES.get(status) or TITLES[400 if status < 500 else 500])
    said: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    said["detail"] = detail or f"{title}."
    if errors:
        said["errors"] = [one.model_dump(exclude_none=True) for one in errors]
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=CONTENT_TYPE, headers=headers)


def from_error(request: HttpRequest | None, error: Any) -> HttpResponse:
    """What an operation or the gate refused: a ProblemError."""
    return problem(error.status, error.detail, errors=error.errors, headers=error.headers)


def from_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework refuses, an HttpError: a body that is no JSON, a missing key."""
    if error.status_code == 401:
        detail = gettext("Send a key that is in force: Authorization: Bearer KEY.")
        return problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="meydan"'})
    if error.status_code == 400:
        return problem(400, gettext("The body is not JSON."))
    return problem(error.status_code)


def from_validation(request: HttpRequest, error: Any) -> HttpResponse:
    """A ValidationError: what does not have the form that the document describes."""
    return problem(422, gettext("Look at errors."), errors=[_mistake(one) for one in error.errors])


def _mistake(error: Mapping[str, Any]) -> Mistake:
    place, *names = error["loc"]
    names = [str(name) for name in names[1 if place == "body" else 0 :]]
    words = str(WORDS.get(error["type"], gettext("is not as it should be")))
    detail = words % error["ctx"] if "ctx" in error and "%(" in words else words
    pointer = "#/" + "/".join(names) if place == "body" else f"?{'.'.join(names)}"
    return Mistake(field=names[-1] if names else "body", pointer=pointer, detail=detail)
