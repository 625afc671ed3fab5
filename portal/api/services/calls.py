"""Calls that happen once, however often they are sent.

A call claims its idempotency key by a row of its own, committed at once, so that a second one sees
it; the answer is written in the transaction of the effect. A claim whose process died is taken over
after a while: should its process be alive after all, it finds the claim lost when it writes the
answer, and its effect is rolled back.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.activity.rows import insert_missing
from portal.api.models import Application, Call

# Longer than any call takes.
PATIENCE = timedelta(seconds=60)


class OtherBodyError(ValueError):
    """The key was used for another call."""


class InFlightError(RuntimeError):
    """The same call is being worked on; `retry_after` says in how many seconds to ask again."""

    def __init__(self, retry_after: int = 1):
        super().__init__("in flight")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    body: str


def claim_call(*, application: Application, key: str, fingerprint: str) -> Call | Answer:
    """Make the call this process's, or return the answer that it was given before.

    Must not run inside a transaction, or others would not see the claim. Raises OtherBodyError
    where the key stands for a call with another fingerprint, and InFlightError.
    """
    call = Call(application=application, key=key, fingerprint=fingerprint, claim=uuid.uuid4())
    insert_missing([call], unique=["key"])
    if call.pk is not None:
        return call
    known = Call.objects.filter(application=application, key=key).first()
    if known is None:
        raise InFlightError
    if known.fingerprint != fingerprint:
        raise OtherBodyError
    if known.status is not None:
        return Answer(known.status, known.content_type, known.body)
    return _take_over(known)


def keep_answer(call: Call, answer: Answer) -> None:
    """Write down the answer, in the transaction of the effect.

    Raises InFlightError where somebody else has taken the call over, so that the effect is rolled
    back.
    """
    mine = Call.objects.filter(pk=call.pk, claim=call.claim, status=None)
    changes = {"status": answer.status, "content_type": answer.content_type, "body": answer.body}
    if not mine.update(answered_at=timezone.now(), **changes):
        raise InFlightError


def let_go(call: Call) -> None:
    """Forget a call that had no effect, so that it may be tried again."""
    Call.objects.filter(pk=call.pk, claim=call.claim, status=None).delete()


@transaction.atomic
def _take_over(known: Call) -> Call:
    deadline = known.claimed_at + PATIENCE
    left = (deadline - timezone.now()).total_seconds()
    if left > 0:
        raise InFlightError(min(int(left) + 1, 5))
    claim, now = uuid.uuid4(), timezone.now()
    stale = Call.objects.filter(pk=known.pk, claim=known.claim, status=None)
    if not stale.update(claim=claim, claimed_at=now):
        raise InFlightError
    known.claim, known.claimed_at = claim, now
    return known
