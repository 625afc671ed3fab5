"""Errors that say no more than that what was asked for or sent cannot be."""

import errno
import json

from django.core.exceptions import FieldError, ObjectDoesNotExist, ValidationError
from django.core.paginator import InvalidPage
from django.core.signing import BadSignature
from django.db import DataError, IntegrityError
from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError

from portal.ui.refusals import Refusal

KINDS: tuple[tuple[type[Exception], Refusal], ...] = (
    (UnreadablePostError, Refusal.BROKEN_FORM),
    (RawPostDataException, Refusal.BROKEN_FORM),
    (MultiValueDictKeyError, Refusal.BROKEN_FORM),
    (json.JSONDecodeError, Refusal.BROKEN_FORM),
    (RecursionError, Refusal.TOO_MUCH),
    (ValidationError, Refusal.UNFIT),
    (FieldError, Refusal.UNFIT),
    # What the database calls out of range, too long or no text.
    (DataError, Refusal.UNFIT),
    (OverflowError, Refusal.UNFIT),
    (UnicodeError, Refusal.UNSTORABLE),
    # Another request was faster: the row is there already, or no longer.
    (IntegrityError, Refusal.FASTER),
    (ObjectDoesNotExist, Refusal.GONE),
    (InvalidPage, Refusal.GONE),
    (BadSignature, Refusal.UNFIT),
)
# Wagtail's pages expect what its own forms send, and fall over anything else in these ways.
WAGTAILS = ("wagtail", "wagtailmedia")
EXPECTED = (AttributeError, LookupError, NoReverseMatch, TypeError, ValueError)
# ValueErrors have no kinds of their own: of int, of the drivers, of model fields, of dates.
WORDS = (
    "Exceeds the limit (",
    "cannot contain NUL",
    "embedded null",
    "Field '",
    "invalid literal for int()",
    "badly formed hexadecimal UUID",
    "Invalid IPv6 URL",
    "does not appear to be an IPv4",
    "is out of range",
    "must be in ",
    "Invalid isoformat string",
)
NAMES = {errno.ENAMETOOLONG, errno.EILSEQ}


def refusal_of(error: BaseException, request: HttpRequest) -> Refusal | None:
    """How to answer; None for what is a fault of ours or of the machine."""
    for kind, refused in KINDS:
        if isinstance(error, kind):
            return refused
    if isinstance(error, OSError) and error.errno in NAMES:
        return Refusal.TOO_LONG
    if isinstance(error, ValueError) and any(words in str(error) for words in WORDS):
        return Refusal.UNFIT
    return Refusal.UNFIT if isinstance(error, EXPECTED) and _is_wagtails(request) else None


def _is_wagtails(request: HttpRequest) -> bool:
    """Whether the page is the library's and somebody sent something to it."""
    match, has_sent = request.resolver_match, request.method == "POST" or request.GET
    module = getattr(match.func, "__module__", "") if match else ""
    return bool(has_sent) and module.partition(".")[0] in WAGTAILS
