"""What is refused, said in words: on the next page, or on a page that stands alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop


class Refusal(Enum):
    """A status of HTTP and what to do about it."""

    METHOD = 405, gettext_noop("This address cannot be used in that way.")
    TOO_LONG = 414, gettext_noop("This address or a name in it is too long.")
    UNSTORABLE = (
        400,
        gettext_noop(
            "Something in it is no text that can be kept. Type it anew instead of pasting it."
        ),
    )
    LENGTH = 400, gettext_noop("The request does not say how long it is.")
    CHARSET = 415, gettext_noop("Only text in UTF-8 can be read.")
    BROKEN_FORM = 400, gettext_noop("The form did not arrive whole. Go back and send it again.")
    TOO_MUCH = 413, gettext_noop("That is more than can be taken at once.")
    UNFIT = 400, gettext_noop("A number, date or name in it cannot be what it should.")
    FASTER = 409, gettext_noop("Something else changed the same at this moment. Look at it again.")
    IN_USE = 409, gettext_noop("Other things need this, so it cannot be deleted.")
    GONE = 404, gettext_noop("What this is about is not there, or no longer.")

    @property
    def status(self) -> int:
        return self.value[0]


@contextmanager
def refusals_said(request: HttpRequest) -> Iterator[None]:
    """Leave the block at a ValidationError and keep its words as an error message."""
    try:
        yield
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


def refusal_page(request: HttpRequest, refused: Refusal) -> HttpResponse:
    """A page that needs neither session nor database, as the request may be unfit for both."""
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        context = {"words": translation.gettext(refused.value[1])}
        page = render_to_string("unfit.html", context)
    response = HttpResponse(page, status=refused.status)
    response["Cache-Control"] = "no-store"
    if refused is Refusal.METHOD:
        response["Allow"] = "GET, HEAD, OPTIONS, POST"
    return response
