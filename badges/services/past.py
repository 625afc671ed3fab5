"""A programme over what happened before it: looked at, applied, and taken back if need be.

Looking ahead and applying are the same run; the first is dry, the second is written. So what a
simulation says is what an application then does.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from badges.activities import APPLICATION_UNDONE
from badges.models import Application, ProgramVersion, Refusal, Transfer
from badges.models.programs import program_of
from badges.program.schema import Program
from badges.services.awarding import AWARD_NOTICE, Outcome, Session
from badges.services.badging import place
from badges.services.books import Book
from badges.services.guards import give_back, release_places
from badges.services.judging import Verdict
from portal.accounts.models import Member
from portal.activity.models import Activity, ActivityStream
from portal.activity.services import record
from portal.notifications.services import Message, notify_all


@dataclass(frozen=True)
class Stretch:
    """Facts that happened from `since` until before `until`; only `rules` pay, or all."""

    since: datetime
    until: datetime
    rules: frozenset[str] = frozenset()


@dataclass
class Report:
    """What a programme does, or would do, with a stretch of the past."""

    facts: int = 0
    by_rule: Counter = field(default_factory=Counter)  # (rule, currency) to amount
    times: Counter = field(default_factory=Counter)  # rule to paid awards
    by_day: Counter = field(default_factory=Counter)  # (day, currency) to amount
    by_member: Counter = field(default_factory=Counter)  # (member id, currency) to amount
    refused: Counter = field(default_factory=Counter)  # (rule, reason) to times
    badges: list[tuple[int, str]] = field(default_factory=list)  # (member id, badge)
    # Member id to the level before and after.
    levels: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    budget_ends: dict[str, datetime] = field(default_factory=dict)  # rule to its first refusal

    @property
    def amounts(self) -> Counter:
        """What is paid, by currency."""
        sums: Counter = Counter()
        for (_rule, currency), amount in self.by_rule.items():
            sums[currency] += amount
        return sums

    @property
    def members(self) -> set[int]:
        """Whom it reaches."""
        return {member_id for member_id, _currency in self.by_member}

    def summary(self) -> dict:
        """The sums as JSON can hold them; no member is named."""
        return {
            "facts": self.facts,
            "amounts": dict(self.amounts),
            "members": len(self.members),
            "badges": len(self.badges),
            "levels": len(self.levels),
        }


class Retrospect(Session):
    """A programme's run over a stretch: pays what no rule of the same code has judged before."""

    is_past = True

    def __init__(
        self,
        activities: Sequence[Activity],
        version: int | None,
        program: Program,
        stretch: Stretch,
        *,
        is_dry: bool,
    ):
        self.is_dry = is_dry
        self._stretch = stretch
        self._undone = _undone(program, stretch)
        self._report = Report()
        super().__init__(activities, version, program)

    def report(self) -> Report:
        """Judge everything and say what came of it."""
        levels: dict[int, tuple[str | None, str | None]] = {}
        zone = self._program.zone
        for activity in self._activities:
            before = self._level(activity)
            outcome = self._step(activity)
            self._count(activity, outcome, activity.occurred_at.astimezone(zone).date())
            first, _last = levels.get(activity.member_id, (before, before))
            levels[activity.member_id] = (first, self._level(activity))
        self._report.levels = {pk: pair for pk, pair in levels.items() if pair[0] != pair[1]}
        return self._report

    def transfers(self) -> list[Transfer]:
        """What it pays."""
        return [transfer for moved in self._moved.values() for transfer in moved]

    def _step(self, activity: Activity) -> Outcome:
        transfers: list[Transfer] = []
        if self._may_pay(activity):
            self._report.facts += 1
            transfers = self._pay(activity, self._level(activity))
        self._gauges.add(activity)
        badges = self._badges.give(activity, earned=bool(transfers))
        return Outcome(transfers, badges)

    def _may_pay(self, activity: Activity) -> bool:
        is_standing = not activity.is_reversal and activity.pk not in self._undone
        return is_standing and self._stretch.since <= activity.occurred_at < self._stretch.until

    def _refuse(self, verdict: Verdict, activity: Activity) -> None:
        super()._refuse(verdict, activity)
        for no in verdict.refused:
            self._report.refused[verdict.rule.code, str(no.reason)] += 1
            if no.reason == Refusal.Reason.BUDGET:
                self._report.budget_ends.setdefault(verdict.rule.code, activity.occurred_at)

    def _count(self, activity: Activity, outcome: Outcome, day: date) -> None:
        report = self._report
        for transfer in outcome.transfers:
            report.by_rule[transfer.rule_code, transfer.currency] += transfer.amount
            report.by_day[day, transfer.currency] += transfer.amount
            report.by_member[activity.member_id, transfer.currency] += transfer.amount
        report.times.update({transfer.rule_code for transfer in outcome.transfers})
        report.badges += [(award.owner_id, award.badge_code) for award in outcome.badges]


def simulate(*, program: Program, stretch: Stretch) -> Report:
    """What `program` would pay and give for a stretch; nothing is written."""
    wanted = limited(program, stretch)
    return Retrospect(_log(wanted, stretch), None, wanted, stretch, is_dry=True).report()


class NothingToApplyError(RuntimeError):
    """Every fact of the stretch was judged before; no application was kept."""


def is_longer(*, program: Program, stretch: Stretch, than: int) -> bool:
    """Whether a run over the stretch would go through more activities than that."""
    rows = Activity.objects.filter(
        verb__in=verbs_of(limited(program, stretch)), occurred_at__lt=stretch.until
    )
    return rows[: than + 1].count() > than


@transaction.atomic
def apply_with_effect(*, note: str, **asked: Any) -> Application:
    """The same as `apply_to_past`, kept only if it pays or gives something; `note` says why.

    Raises NothingToApplyError, so that a form that is sent twice is applied once.
    """
    application = apply_to_past(note=note, **asked)
    if not (application.summary["amounts"] or application.summary["badges"]):
        raise NothingToApplyError
    return application


@transaction.atomic
def apply_to_past(
    *,
    version: ProgramVersion,
    program: Program,
    stretch: Stretch,
    by: Member | None = None,
    note: str = "",
) -> Application:
    """Pay and give what `simulate` says, in one transaction; each member is told once."""
    wanted = limited(program, stretch)
    activities = _log(wanted, stretch)
    _lock_members({activity.member_id for activity in activities})
    application = Application.objects.create(
        version=version,
        since=stretch.since,
        until=stretch.until,
        rules=sorted(stretch.rules),
        applied_by=by,
        note=note,
    )
    run = Retrospect(activities, version.pk, wanted, stretch, is_dry=False)
    report = run.report()
    for transfer in run.transfers():
        transfer.application = application
    run.write()
    application.summary = report.summary()
    application.save(update_fields=["summary"])
    _tell(report, run.transfers())
    return application


@transaction.atomic
def undo_application(*, application: Application, by: Member | None, reason: str) -> bool:
    """Take back what an application paid, once; False when it was undone before. Badges stay."""
    now = timezone.now()
    rows = Application.objects.filter(pk=application.pk, undone_at=None)
    if not rows.update(undone_at=now, undone_by=by, reason=reason):
        return False
    by_member: dict[int, list[Transfer]] = defaultdict(list)
    standing = application.transfers.filter(reversed_by=None).select_related("activity__origin")
    for transfer in standing.order_by("owner_id", "pk"):
        by_member[transfer.owner_id].append(transfer)
    _lock_members(by_member)
    members = Member.objects.in_bulk(list(by_member))
    for member_id, transfers in sorted(by_member.items()):
        _take_back(members[member_id], transfers, application)
    return True


def _take_back(member: Member, transfers: list[Transfer], application: Application) -> None:
    """Reverse a member's transfers under one activity that names the application."""
    activity = record(
        member=member, verb=APPLICATION_UNDONE, object=f"application:{application.pk}"
    )
    program = program_of(application.version_id, application.version.content_hash)
    book = Book([member.pk], {transfer.currency for transfer in transfers})
    for transfer in transfers:
        book.opposite(of=transfer, activity=activity, program=program)
    book.write()
    for transfer in transfers:
        release_places(transfer.activity, transfer.rule_code)
        give_back(transfer, program)


def limited(program: Program, stretch: Stretch) -> Program:
    """The programme with the stretch's rules alone."""
    if not stretch.rules:
        return program
    rules = [rule for rule in program.rules if rule.code in stretch.rules]
    return program_with(program, rules=rules)


def program_with(program: Program, **parts: Any) -> Program:
    """The programme with some of its parts replaced."""
    fields = {name: getattr(program, name) for name in Program.model_fields}
    return Program(**{**fields, **parts})


def _log(program: Program, stretch: Stretch) -> list[Activity]:
    """What members did until the stretch's end, as far as the programme looks at it, in order."""
    rows = Activity.objects.filter(
        verb__in=verbs_of(program), occurred_at__lt=stretch.until, sequence__isnull=False
    )
    return in_order(rows)


def in_order(rows: Iterable[Activity]) -> list[Activity]:
    """Activities in the order in which they are judged, each with its member."""
    activities = sorted(rows, key=place)
    members = Member.objects.in_bulk({activity.member_id for activity in activities})
    for activity in activities:
        activity.member = members[activity.member_id]
    return activities


def verbs_of(program: Program) -> set[str]:
    """Everything that the programme looks at."""
    verbs = {verb for rule in program.rules for verb in rule.verb}
    return verbs | {verb for badge in program.badges for verb in badge.verbs}


def _undone(program: Program, stretch: Stretch) -> set[int]:
    """The facts of a stretch that do not stand today."""
    rows = Activity.objects.filter(
        verb__in=verbs_of(program),
        occurred_at__gte=stretch.since,
        occurred_at__lt=stretch.until,
    )
    return set(rows.undone().values_list("pk", flat=True))


def _lock_members(member_ids: Collection[int]) -> None:
    """Hold the members' locks in the order of their ids: nobody is judged meanwhile."""
    rows = ActivityStream.objects.filter(pk__in=member_ids).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _tell(report: Report, transfers: Sequence[Transfer]) -> None:
    """One notice a member, however much the past has brought."""
    payloads: dict[int, dict] = defaultdict(lambda: {"transfers": [], "badges": [], "level": None})
    for transfer in transfers:
        line = {"rule": transfer.rule_code, "currency": transfer.currency}
        payloads[transfer.owner_id]["transfers"].append(line | {"amount": transfer.amount})
    for member_id, code in report.badges:
        payloads[member_id]["badges"].append({"code": code, "object": ""})
    for member_id, (_before, after) in report.levels.items():
        payloads[member_id]["level"] = after
    members = Member.objects.in_bulk(list(payloads))
    notify_all(
        [
            Message(members[member_id], AWARD_NOTICE, None, payload)
            for member_id, payload in sorted(payloads.items())
        ]
    )
