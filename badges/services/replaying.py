"""Rebuilding what rules paid from the log, to hold it against the ledger (invariant I8).

Each member's activities are judged again in the order of their numbers, by the versions that were
in force, by the functions that judge every day. Room under limits and once-only places come from
the replay itself. What members share or what has changed since is taken as it was recorded: what a
budget gave, whether a member had a role, and what was applied to the past by command.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from badges.activities import APPLICATION_UNDONE
from badges.models import Entry, ProgramVersion, Refusal, Transfer
from badges.models.boards import EXPERIENCE
from badges.models.owners import MEMBER
from badges.models.programs import empty_program, program_of
from badges.program.criteria import Measure
from badges.program.schema import Program, Rule
from badges.services import judging
from badges.services.excluding import Exclusions
from badges.services.gauges import Gauges, Tally
from badges.services.guards import PERIODS, Guards, Use, period_key
from portal.activity.models import Activity, ActivityStream, WaitingReversal

CHUNK = 200
Paid = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Applied:
    """What a version paid when it was applied to the past, or what undoing that took back."""

    at: datetime
    fact_id: int
    rule_code: str
    currency: str
    amount: int


@dataclass(frozen=True)
class Difference:
    """An activity for which the log says another payment than the ledger holds."""

    activity: Activity
    rule_code: str
    currency: str
    rebuilt: int
    recorded: int

    def __str__(self) -> str:
        place = f"activity {self.activity.pk} of member {self.activity.member_id}"
        return (
            f"{place}: {self.rule_code} pays {self.rebuilt} {self.currency} by the log,"
            f" the ledger says {self.recorded}"
        )


def replay() -> Iterator[Difference]:
    """Every difference between what the log makes of the rules and what the ledger holds."""
    versions = _Versions()
    members = list(ActivityStream.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(members), CHUNK):
        ids = members[start : start + CHUNK]
        recorded = _Recorded(ids)
        rows = Activity.objects.filter(member_id__in=ids, sequence__isnull=False)
        rows = rows.select_related("member", "origin").order_by("member_id", "sequence")
        for _member_id, log in groupby(rows.iterator(), key=lambda row: row.member_id):
            yield from _MemberReplay(recorded, versions).run(log)


class _Versions:
    """Which programme was in force when."""

    def __init__(self) -> None:
        rows = ProgramVersion.objects.exclude(published_at=None).order_by("-published_at", "-pk")
        names = ("pk", "content_hash", "published_at")
        self._versions = [
            (pk, published_at, program_of(pk, digest))
            for pk, digest, published_at in rows.values_list(*names)
        ]

    def program(self, pk: int | None, moment: datetime | None) -> Program:
        """The version `pk`, or without one that of the moment."""
        for number, published_at, program in self._versions:
            if number == pk or (pk is None and (moment is None or published_at <= moment)):
                return program
        return empty_program()

    def newest_rule(self, code: str) -> Rule | None:
        """The rule of this code in the last version that had it."""
        rules = (program.rules_by_code.get(code) for _pk, _at, program in self._versions)
        return next((rule for rule in rules if rule), None)


class _Recorded:
    """What the ledger, refusals and waiting reversals say of some members' activities."""

    def __init__(self, members: list[int]):
        self.paid: dict[int, Paid] = defaultdict(dict)
        self.versions: dict[int, int] = {}
        self.refused: set[tuple[int, str]] = set()
        self.left_out: dict[tuple[int, str], str] = {}
        self.short: set[tuple[int, str]] = set()
        self.experience: dict[int, int] = {}
        self.applied: dict[int, list[Applied]] = defaultdict(list)
        self._read_transfers(members)
        self._read_applied(members)
        self._read_refusals(members)
        early = WaitingReversal.objects.filter(member_id__in=members).exclude(met_at=None)
        self._early = set(early.values_list("source", "reverses"))

    def is_waived(self, fact: Activity) -> bool:
        """Whether its reversal was known before it, so that it paid nothing."""
        return (fact.source, fact.key) in self._early

    def _read_transfers(self, members: list[int]) -> None:
        rows = Transfer.objects.filter(
            owner_type=MEMBER, owner_id__in=members, kind__in=Transfer.COUNTED
        )
        rows = rows.filter(application=None).exclude(activity__verb=APPLICATION_UNDONE)
        names = ("activity_id", "rule_code", "currency", "amount", "kind", "program_id")
        for pk, code, currency, amount, kind, version in rows.values_list(*names):
            self.paid[pk][code, currency] = self.paid[pk].get((code, currency), 0) + amount
            if kind == Transfer.Kind.AWARD:
                self.versions[pk] = version
        entries = Entry.objects.filter(
            account__owner_type=MEMBER,
            account__owner_id__in=members,
            account__kind="wallet",
            account__currency=EXPERIENCE,
        )
        sums = entries.values_list("transfer__activity_id").annotate(total=Sum("amount"))
        self.experience.update(sums)

    def _read_applied(self, members: list[int]) -> None:
        by_command = Q(application__isnull=False) | Q(activity__verb=APPLICATION_UNDONE)
        rows = Transfer.objects.filter(by_command, owner_type=MEMBER, owner_id__in=members)
        fact = Coalesce("reverses__activity_id", "activity_id")
        names = ("owner_id", "created_at", "fact", "rule_code", "currency", "amount")
        for owner, *more in rows.annotate(fact=fact).order_by("pk").values_list(*names):
            self.applied[owner].append(Applied(*more))

    def _read_refusals(self, members: list[int]) -> None:
        rows = Refusal.objects.filter(owner_type=MEMBER, owner_id__in=members)
        names = ("activity_id", "rule_code", "reason", "activity__depth")
        for pk, code, reason, depth in rows.values_list(*names):
            self.refused.add((pk, code))
            if reason in (Refusal.Reason.EXCLUDED, Refusal.Reason.OWN):
                self.left_out[pk, code] = reason
            if depth or reason == Refusal.Reason.BUDGET:
                self.short.add((pk, code))


class _Log(Gauges):
    """The member's activities so far, with the tallies that rules ask for; nothing is read."""

    def __init__(self) -> None:
        self.rows: list[Activity] = []
        self.tallies: dict[tuple[str, str], Tally] = {}

    def add(self, activity: Activity) -> None:
        self.rows.append(activity)
        for tally in self.tallies.values():
            tally.add(activity)

    def reading(
        self, kind: str, measure: Measure, *, member_id: int, day: date, object: str = ""
    ) -> int:
        key = (kind, measure.key)
        if key not in self.tallies:
            self.tallies[key] = Tally(kind, measure)
            for row in self.rows:
                self.tallies[key].add(row)
        return self.tallies[key].read(day, object)


class _Room(Guards):
    """Places and limits of one member as the replay itself has used them; nothing is read."""

    def __init__(self, recorded: _Recorded):
        self._recorded = recorded
        self._uses, self._taken, self._claims = {}, set(), {}
        self._spent: list[tuple[str, str, int, Activity]] = []
        self._program = empty_program()

    def turn_to(self, activity: Activity, program: Program) -> None:
        """Judge by `program` from here on; its zone decides what a day is."""
        moved = program.timezone != self._program.timezone
        self._activity, self._program = activity, program
        if moved:
            self._uses = {}
            for spent in self._spent:
                self._count(*spent)

    def budget_left(self, rule: Rule, currency: str, wanted: int) -> int:
        """What the budget gave then: its claims are recorded, as it is shared by all members."""
        paid = self._recorded.paid[self._activity.pk].get((rule.code, currency))
        if rule.budget is None or (
            paid is None and (self._activity.pk, rule.code) not in self._recorded.short
        ):
            return wanted
        return min(wanted, paid or 0)

    def spend(self, rule: Rule, currency: str, amount: int, fact: Activity) -> None:
        self.move(rule.code, currency, amount, fact)

    def move(self, code: str, currency: str, amount: int, fact: Activity) -> None:
        """Count what was paid, or taken back, in the periods of its fact."""
        self._spent.append((code, currency, amount, fact))
        self._count(code, currency, amount, fact)

    def release(self, code: str, fact: Activity) -> None:
        for key, claim in list(self._claims.items()):
            if claim.activity_id == fact.pk and claim.rule_code == code:
                del self._claims[key]
                self._taken.discard(key)

    def _count(self, code: str, currency: str, amount: int, fact: Activity) -> None:
        for per in PERIODS:
            period = period_key(per, fact.occurred_at, self._program)
            use = self._uses.setdefault((fact.member_id, code, currency, period), Use())
            use.amount += amount
            use.times += 1 if amount > 0 else -1


class _LeftOut(Exclusions):
    """What was left out then: roles and owners are recorded with the refusal, not asked again."""

    def __init__(self, recorded: _Recorded):
        self._recorded = recorded

    def reason(self, rule: Rule, fact: Activity) -> str | None:
        return self._recorded.left_out.get((fact.pk, rule.code))


class _MemberReplay:
    def __init__(self, recorded: _Recorded, versions: _Versions):
        self._recorded, self._versions = recorded, versions
        self._room, self._log = _Room(recorded), _Log()
        self._paid: dict[int, Paid] = {}
        self._applied: dict[int, Paid] = {}
        self._facts: dict[int, Activity] = {}
        self._experience = 0

    def run(self, log: Iterator[Activity]) -> Iterator[Difference]:
        for activity in log:
            recorded = self._recorded.paid[activity.pk]
            if activity.dispatched_at is None and not recorded:
                continue
            version = None if activity.depth else self._recorded.versions.get(activity.pk)
            program = self._versions.program(version, activity.dispatched_at)
            self._room.turn_to(activity, program)
            self._follow_commands(activity)
            rebuilt = {}
            if activity.origin is not None:
                rebuilt = self._undo(activity, activity.origin, program)
            elif not self._recorded.is_waived(activity):
                rebuilt = self._pay(activity, program)
            self._paid[activity.pk] = rebuilt
            self._log.add(activity)
            self._facts[activity.pk] = activity
            self._experience += self._recorded.experience.get(activity.pk, 0)
            for key in {**rebuilt, **recorded}:
                if rebuilt.get(key, 0) != recorded.get(key, 0):
                    yield Difference(activity, *key, rebuilt.get(key, 0), recorded.get(key, 0))

    def _follow_commands(self, activity: Activity) -> None:
        """Take in what was applied to the past before this activity was judged."""
        waiting = self._recorded.applied[activity.member_id]
        while waiting and waiting[0].at <= (activity.dispatched_at or waiting[0].at):
            one = waiting.pop(0)
            fact, key = self._facts[one.fact_id], (one.rule_code, one.currency)
            paid = self._applied.setdefault(fact.pk, {})
            self._room.move(*key, one.amount, fact)
            rule = self._versions.newest_rule(one.rule_code)
            if one.amount < 0:
                self._room.release(one.rule_code, fact)
                paid.pop(key, None)
                continue
            paid[key] = one.amount
            if rule:
                self._room.take_place(rule, fact)

    def _pay(self, activity: Activity, program: Program) -> Paid:
        paid: Paid = {}
        for rule in program.rules_by_verb.get(activity.verb, ()):
            case = self._case(rule, activity, program)
            if judging.meets_conditions(rule, case):
                amounts = judging.judge(rule, case).amounts
                paid |= {(rule.code, currency): amount for currency, amount in amounts.items()}
        return paid

    def _case(self, rule: Rule, activity: Activity, program: Program) -> judging.Case:
        level = program.level_at(self._experience)
        asked = rule.when.member.role if rule.when and rule.when.member else None
        paid = any(code == rule.code for code, _currency in self._recorded.paid[activity.pk])
        was_asked = paid or (activity.pk, rule.code) in self._recorded.refused
        roles = frozenset(asked or ()) if was_asked else frozenset()
        code = level.code if level else None
        left_out = _LeftOut(self._recorded)
        return judging.Case(activity, program, code, roles, self._room, self._log, left_out)

    def _undo(self, activity: Activity, fact: Activity, program: Program) -> Paid:
        """The mirror image of what the reversed activity paid; restored is a rule or nothing."""
        moved = dict(self._paid.get(activity.reverses_id or 0, {}))
        if activity.depth % 2:
            moved |= self._applied.pop(fact.pk, {})
        opposite: Paid = {}
        restored: dict[str, dict[str, int]] = defaultdict(dict)
        for (code, currency), amount in moved.items():
            if amount > 0:
                opposite[code, currency] = -amount
                self._room.move(code, currency, -amount, fact)
                self._room.release(code, fact)
            else:
                restored[code][currency] = -amount
        for code, amounts in restored.items():
            rule = program.rules_by_code.get(code)
            if rule is None:
                for currency, amount in amounts.items():
                    self._room.move(code, currency, amount, fact)
            elif not judging.retake(rule, self._case(rule, fact, program), amounts):
                continue
            opposite |= {(code, currency): amount for currency, amount in amounts.items()}
        return opposite
