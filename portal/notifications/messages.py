"""Messages on the next page that offer to undo what was just done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def say_undoable(request: HttpRequest, words: str, *, undo_url: str) -> None:
    """Tell what was done; for ten seconds a button that posts to `undo_url` takes it back.

    Without JavaScript the button stays as long as the page.
    """
    messages.success(request, words, extra_tags=f"{UNDO}{undo_url}")


def undo_url_of(message: Any) -> str:
    """Where a message's button posts to; empty for messages without one."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
