"""Why an activity earned what it did, and why not: also where no rule said a word about it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from badges.models import ProgramVersion, Refusal, Transfer
from badges.models.programs import empty_program, program_of
from badges.program.details import conditions_text
from badges.program.schema import Program, Rule
from badges.program.sentences import rule_name
from badges.services.labels import rule_label
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.registry import ObjectLink, resolve_objects, verb_label

# What happens in the economy itself is no deed that could earn something.
OWN = "badges."
READ, SHOWN = 40, 10


@dataclass(frozen=True)
class Why:
    """One reason: the rule, in words what it said, and when it could pay again."""

    rule: str
    text: str
    again_at: datetime | None = None


@dataclass(frozen=True)
class Explained:
    """One fact with what it earned and, for each rule that did not pay, why."""

    activity: Activity
    label: str
    link: ObjectLink | None
    paid: list[Transfer]
    whys: list[Why]


class Versions:
    """The programmes by the moment in which they were in force; one query."""

    def __init__(self) -> None:
        rows = ProgramVersion.objects.exclude(number=None).order_by("number")
        self._rows = list(rows.values_list("pk", "content_hash", "published_at"))
        self._moments = [moment for _pk, _hash, moment in self._rows if moment]

    def at(self, moment: datetime) -> Program:
        """What was in force then; an empty programme before the first."""
        place = bisect_right(self._moments, moment)
        return program_of(*self._rows[place - 1][:2]) if place else empty_program()

    def now(self) -> Program:
        return program_of(*self._rows[-1][:2]) if self._rows else empty_program()


def explain(*, member: Member, viewer: Member | None = None, limit: int = READ) -> list[Explained]:
    """A member's latest facts, newest first, each with what it earned and why not more.

    Names what `viewer`, else the member, may see.
    """
    rows = Activity.objects.facts().filter(member_id=member.pk, sequence__isnull=False)
    deeds = rows.exclude(verb__startswith=OWN).order_by("-occurred_at", "-pk")
    activities = list(deeds[:limit])
    paid = _by_activity(Transfer.objects.filter(kind=Transfer.Kind.AWARD), activities)
    refused = _by_activity(Refusal.objects.order_by("pk"), activities)
    keys = [activity.pk for activity in activities]
    undone = set(Activity.objects.filter(pk__in=keys).undone().values_list("pk", flat=True))
    versions = Versions()
    links = resolve_objects((activity.object for activity in activities), viewer or member)
    found = []
    for one in activities:
        told = list(_whys(one, paid[one.pk], refused[one.pk], versions, one.pk in undone))
        found.append(
            Explained(one, verb_label(one.verb), links.get(one.object), paid[one.pk], told)
        )
    return found


def unpaid_of(member: Member) -> list[Explained]:
    """The latest facts that earned nothing, or less than a rule could have paid."""
    return [one for one in explain(member=member) if one.whys][:SHOWN]


def _whys(
    fact: Activity,
    paid: Sequence[Transfer],
    refused: Sequence[Refusal],
    versions: Versions,
    is_undone: bool,
) -> Iterator[Why]:
    program = versions.at(fact.recorded_at)
    rules = program.rules_by_verb.get(fact.verb, [])
    if is_undone:
        yield Why("", _("It was undone, so what it earned was taken back."))
        return
    for refusal in refused:
        yield Why(
            rule_label(refusal.rule_code, program, versions.now()),
            refusal.get_reason_display(),
            refusal.again_at,
        )
    if paid or refused:
        return
    for rule in rules:
        yield Why(rule_name(rule, verb_label), _silence(rule, fact, program))
    if not rules:
        yield _without_a_rule(fact, versions.now())


def _without_a_rule(fact: Activity, now: Program) -> Why:
    rules = now.rules_by_verb.get(fact.verb)
    if not rules:
        return Why("", _("No rule pays for this."))
    text = _("No rule paid for this when it happened; this one came later.")
    return Why(rule_name(rules[0], verb_label), text)


def _silence(rule: Rule, fact: Activity, program: Program) -> str:
    """Why a rule about the fact's verb did not concern it, the most certain reason first."""
    if rule.starts_at and fact.occurred_at < rule.starts_at:
        return _("It pays only from %(day)s.") % {"day": _day(rule.starts_at, program)}
    if rule.ends_at and fact.occurred_at >= rule.ends_at:
        return _("It paid only until %(day)s.") % {"day": _day(rule.ends_at, program)}
    if words := conditions_text(rule, program):
        return _("It pays %(conditions)s.") % {"conditions": words}
    if rule.once_per == "object" and not fact.object:
        return _("It pays once for each thing, and this was about none.")
    if all(award.for_value(fact.value) == 0 for award in rule.award):
        return _("It pays by the value, and this had none.")
    return _("It came after this had been looked at.")


def _day(moment: datetime, program: Program) -> str:
    return date_format(moment.astimezone(program.zone), "SHORT_DATETIME_FORMAT")


def _by_activity(rows: Any, activities: Sequence[Activity]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows.filter(activity__in=[activity.pk for activity in activities]):
        found[row.activity_id].append(row)
    return found
