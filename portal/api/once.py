"""Unsafe operations, each done once for its idempotency key."""

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from portal.api.contention import ContentionError, tried_again
from portal.api.models import ApiKey, Call
from portal.api.problems import ProblemError, from_error
from portal.api.services.calls import (
    Answer,
    InFlightError,
    OtherBodyError,
    claim_call,
    keep_answer,
    let_go,
)

JSON = "application/json; charset=utf-8"


class KeyRequest(HttpRequest):
    """A request that the gate let in."""

    auth: ApiKey


def once(operation: Callable[..., BaseModel]) -> Callable[..., HttpResponse]:
    """Run an operation in one transaction with keeping its answer; a repeat gets the answer again.

    A ProblemError of the operation is an answer as well, and undoes what the operation did. Where
    the database ends the transaction for another's sake, it is tried again a few times. Any other
    error leaves nothing behind, so the call may be tried again under its key.
    """

    @functools.wraps(operation)
    def run(request: KeyRequest, **values: Any) -> HttpResponse:
        try:
            call = claim_call(
                application=request.auth.application,
                key=request.headers["Idempotency-Key"],
                fingerprint=_fingerprint(request),
            )
            if isinstance(call, Answer):
                return _response(call, is_repeat=True)
            return _response(_work(call, lambda: operation(request, **values)))
        except OtherBodyError:
            detail = _("This Idempotency-Key was used for another call; make a new one.")
            raise ProblemError(422, detail) from None
        except InFlightError as error:
            detail = _("Ask again with the same key in a moment.")
            headers = {"Retry-After": str(error.retry_after)}
            raise ProblemError(409, detail, headers=headers) from None
        except ContentionError as error:
            detail = _("Nothing was kept. Send it again with the same key in a moment.")
            headers = {"Retry-After": str(error.retry_after)}
            raise ProblemError(503, detail, headers=headers) from None

    return run


def _work(call: Call, operation: Callable[[], BaseModel]) -> Answer:
    try:
        return tried_again(lambda: _attempt(call, operation))
    except BaseException:
        let_go(call)
        raise


@transaction.atomic
def _attempt(call: Call, operation: Callable[[], BaseModel]) -> Answer:
    answer = _answer_of(operation)
    keep_answer(call, answer)
    return answer


def _answer_of(operation: Callable[[], BaseModel]) -> Answer:
    try:
        with transaction.atomic():
            return Answer(200, JSON, operation().model_dump_json())
    except ProblemError as error:
        response = from_error(None, error)
        return Answer(response.status_code, response["Content-Type"], response.content.decode())


def _response(answer: Answer, *, is_repeat: bool = False) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    if is_repeat:
        response["Idempotent-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    head = f"{request.method} {request.get_full_path()}\0".encode()
    return hashlib.sha256(head + request.body).hexdigest()
