"""Adding up again what members have seen of videos: a part of `verify_ledger`."""

from collections.abc import Iterator

from knowledgebase.models import WatchProgress
from portal.activity.recounts import Finding, register_recount


def seen_is_covered() -> Iterator[Finding]:
    """What was seen of a video is the length of the parts that were."""
    rows = WatchProgress.objects.values_list("pk", "member", "intervals", "seen")
    for pk, member, intervals, seen in rows.iterator():
        covered = sum(stop - start for start, stop in intervals)
        if covered != seen:
            yield "I4", f"watching {pk} of {member}: {seen} ms kept, {covered} counted"


def register() -> None:
    register_recount(seen_is_covered, "knowledgebase.WatchProgress.seen")
