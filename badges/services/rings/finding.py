"""The nightly search for rings: what is read, and what is kept of what was found.

Bounded whatever the portal's size: the last four weeks, the newest endorsements, traces and names
of those who took part alone. No request waits for it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from badges.models import ProgramVersion, Ring, Transfer
from badges.models.owners import MEMBER
from badges.services.rings.detecting import suspicions
from badges.services.rings.evidence import Endorsement, Scene, Suspicion, Trace
from portal.accounts.models import Member
from portal.accounts.models import Trace as KeptTrace
from portal.accounts.services.traces import mailbox_of
from portal.activity import registry
from portal.activity.models import Activity

WINDOW = timedelta(days=28)
MOST = 300_000
CHUNK = 1_000
MAILBOX = "mailbox"


def find_rings(*, now: datetime | None = None) -> int:
    """Look at the last four weeks and keep what looks like rings; how many there are.

    A second run keeps the same. What the team found harmless stays so for the same members.
    """
    moment = now or timezone.now()
    found = suspicions(read_scene(since=moment - WINDOW, until=moment))
    with transaction.atomic():
        _keep(found, moment)
    return len(found)


@transaction.atomic
def clear_ring(*, ring: Ring, by: Member) -> bool:
    """Note that the team found a group harmless; False where somebody was faster."""
    if not by.has_perm("badges.manage_program"):
        raise PermissionDenied
    rows = Ring.objects.open().filter(pk=ring.pk)
    return bool(rows.update(cleared_at=timezone.now(), cleared_by=by))


def read_scene(*, since: datetime, until: datetime) -> Scene:
    """What happened between two moments, as the rules look at it."""
    given = [*_from_activities(since, until), *_from_features(since, until)]
    people = sorted({one for row in given for one in (row.giver, row.receiver)})
    joined: dict[int, datetime] = {}
    traces: list[Trace] = []
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        rows = Member.objects.filter(pk__in=some, closed_at=None)
        for pk, email, at in rows.values_list("pk", "email", "date_joined"):
            joined[pk] = at
            if email:
                traces.append(Trace(pk, MAILBOX, mailbox_of(email)))
        seen = KeptTrace.objects.filter(member__in=some, seen_at__gt=since)
        traces += [Trace(*row) for row in seen.values_list("member_id", "kind", "digest")]
    there = [one for one in given if one.giver in joined and one.receiver in joined]
    return Scene(there, traces, joined)


def _from_activities(since: datetime, until: datetime) -> Iterator[Endorsement]:
    """Good words that the log holds: acts on things of others, the newest first."""
    verbs = [verb for verb in registry.speakers_of_verbs() if registry.is_for_others(verb)]
    of_somebody = Q(pk__in=[])
    for noun in registry.owned_nouns():
        of_somebody |= Q(object__startswith=f"{noun}:")
    facts = Activity.objects.facts().filter(
        of_somebody, verb__in=verbs, occurred_at__gt=since, occurred_at__lte=until
    )
    names = ("member_id", "object", "occurred_at")
    rows = list(facts.order_by("-occurred_at", "-pk").values_list(*names)[:MOST])
    owners: dict[str, int] = {}
    objects = sorted({thing for _member, thing, _at in rows})
    for start in range(0, len(objects), CHUNK):
        owners.update(registry.owners_of(objects[start : start + CHUNK]))
    for member, thing, at in rows:
        if thing in owners:
            yield Endorsement(member, owners[thing], thing, at)


def _from_features(since: datetime, until: datetime) -> Iterator[Endorsement]:
    for number, row in enumerate(registry.endorsements(since, until)):
        if number >= MOST:
            return
        yield Endorsement(*row)


def _keep(found: list[Suspicion], moment: datetime) -> None:
    """Put down what was found; of what is no longer there, what nobody looked at goes."""
    names = {_fingerprint(one.members): one for one in found}
    Ring.objects.open().exclude(fingerprint__in=names).delete()
    Ring.objects.filter(cleared_at__lt=moment - WINDOW).exclude(fingerprint__in=names).delete()
    points = _earned({pk for one in found for pk in one.members}, moment)
    for name, one in names.items():
        values = {
            "evidence": [[line.kind, line.members, line.times] for line in one.evidence],
            "points": sum(points.get(pk, 0) for pk in one.members),
        }
        created = {**values, "found_at": moment}
        ring, is_new = Ring.objects.update_or_create(
            fingerprint=name, defaults=values, create_defaults=created
        )
        if is_new:
            ring.members.set(one.members)


def _fingerprint(members: Iterable[int]) -> str:
    return hashlib.sha256(",".join(map(str, sorted(members))).encode()).hexdigest()


def _earned(members: set[int], moment: datetime) -> dict[int, int]:
    """What these members earned in the window that can be spent."""
    _pk, program = ProgramVersion.objects.current()
    currencies = [code for code, one in program.currencies.items() if one.spendable]
    rows = Transfer.objects.filter(
        owner_type=MEMBER,
        owner_id__in=members,
        currency__in=currencies,
        kind__in=Transfer.COUNTED,
        counted_at__gt=moment - WINDOW,
    )
    return dict(rows.values_list("owner_id").annotate(total=Sum("amount")))


def forget_rings_of(member: Member) -> None:
    """Whoever closes the account is in no ring; what is left is looked at anew at night."""
    Ring.objects.filter(members=member).delete()


def rings_of(member: Member) -> list[Any]:
    """What a member's export says: that their account was shown to the team, and why."""
    rows = Ring.objects.filter(members=member).order_by("pk")
    return list(rows.values("evidence", "found_at", "cleared_at"))
