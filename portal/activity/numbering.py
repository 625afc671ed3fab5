"""Whether the counters behind numbered streams are at least where their streams are."""

from collections.abc import Iterator

from django.db.models import F, Max, Model, OuterRef, Subquery

from portal.activity.models import Activity, ActivityStream
from portal.activity.recounts import Finding


def behind(streams: type[Model], rows: type[Model], *, owner: str) -> Iterator[Finding]:
    """Counters that stand below a number that was given already: it would be given again.

    Arguments: `streams` keeps `last_sequence` by member, `rows` have a `sequence` and name their
    member by `owner`. A counter may be ahead: a gap means nothing.
    """
    given = rows._default_manager.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    last = Subquery(given.annotate(last=Max("sequence")).values("last"))
    wrong = streams._default_manager.annotate(given=last).filter(given__gt=F("last_sequence"))
    for member, stands, number in wrong.values_list("pk", "last_sequence", "given"):
        name = streams._meta.label
        yield "I8", f"{name} of {member} stands at {stands}, and {number} was given"


def activities_are_numbered() -> Iterator[Finding]:
    """The counters of members' activities are at least at their last number."""
    return behind(ActivityStream, Activity, owner="member_id")
