"""What a service refuses, said in words on the next page."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


@contextmanager
def refusals_said(request: HttpRequest) -> Iterator[None]:
    """Leave the block at a ValidationError and keep its words as an error message."""
    try:
        yield
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
