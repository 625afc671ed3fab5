"""What the programme does with activities: points, badges, levels and the notices about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.contrib.auth.models import Group
from django.db.models import Q

from badges.models import BadgeAward, Refusal, Transfer
from badges.models.boards import EXPERIENCE
from badges.models.programs import ask_current, current_of
from badges.program.schema import Program
from badges.services import judging
from badges.services.asking import Asked, asks_about_member, currencies_of, rules_about
from badges.services.badging import BadgeRun
from badges.services.books import Book
from badges.services.excluding import Exclusions
from badges.services.gauges import Gauges
from badges.services.guards import Guards, give_back, release_places
from badges.services.releasing import moved_by_command
from portal.activity.bundles import Bundle
from portal.activity.models import Activity
from portal.notifications.services import Message, notify_all

AWARD_NOTICE = "badges.award"
CHUNK = 2_000
BOUGHT = (Transfer.Kind.SPEND, Transfer.Kind.REFUND)


@dataclass
class Outcome:
    """What one activity brought its member."""

    transfers: list[Transfer] = field(default_factory=list)
    badges: list[BadgeAward] = field(default_factory=list)
    level: str | None = None

    def payload(self) -> dict:
        """What the notice about it keeps; equal outcomes share one, which nobody changes."""
        paid = tuple([(one.rule_code, one.currency, one.amount) for one in self.transfers])
        given = tuple([(one.badge_code, one.object) for one in self.badges])
        return _payload(paid, given, self.level)

    def __bool__(self) -> bool:
        return bool(self.transfers or self.badges or self.level)


def award_for(
    activities: Sequence[Activity], bundle: Bundle | None = None, asked: Asked | None = None
) -> list[Outcome]:
    """Do everything that the programme in force does with activities; a second run does nothing.

    Called by `dispatch` in its transaction, under the members' locks, with activities in the order
    of their numbers. Returns what each of them brought; without a bundle all of it is written.
    """
    released = moved_by_command(activities)
    sent = bundle or Bundle()
    version, program = current_of(asked.current if asked else ask_current(sent))
    # What has just been released moved the accounts that were asked for before.
    ahead = None if released else asked
    outcomes = Session(activities, version, program, released, ahead).run(sent)
    if bundle is None:
        sent.send()
    return outcomes


class Session:
    """One run of activities before the programme: what it reads is read once, for all of them."""

    # A dry session only looks ahead: it locks nothing and is never written.
    is_dry = False
    # In a session over the past the run holds whole logs, which were judged before.
    is_past = False

    def __init__(
        self,
        activities: Sequence[Activity],
        version: int | None,
        program: Program,
        released: Collection[int] = (),
        asked: Asked | None = None,
    ):
        self._activities, self._version, self._program = activities, version, program
        self._released, self._asked = released, asked
        facts = [one for one in activities if not one.is_reversal]
        self._moved = {} if self.is_past else _moved_before(activities)
        self._rules = rules_about(facts, program)
        members = {one.member_id for one in activities}
        self._gauges = self._open_gauges()
        self._book = self._open_book(members)
        self._guards = self._open_guards(facts)
        self._badges = self._open_badges()
        self._exclusions = Exclusions(facts, self._rules)
        self._roles = _roles_of(facts) if asks_about_member(self._rules, "role") else {}
        self._decided = self._decided_among(facts)
        self._refusals: list[Refusal] = []

    def _open_gauges(self) -> Gauges:
        return Gauges(self._activities, is_whole=self.is_past)

    def _open_book(self, members: Collection[int]) -> Book:
        currencies = self._currencies()
        locked = self._asked.locked(currencies) if self._asked else None
        return Book(members, currencies, is_dry=self.is_dry, locked=locked)

    def _open_guards(self, facts: Sequence[Activity]) -> Guards:
        return Guards(facts, self._program, is_dry=self.is_dry)

    def _open_badges(self) -> BadgeRun:
        return BadgeRun(
            self._activities,
            self._program,
            self._version,
            self._book,
            self._gauges,
            replays=self.is_past,
        )

    def _decided_among(self, facts: Sequence[Activity]) -> set[tuple[str, int]]:
        return _decided_before(facts if self.is_past else [f for f in facts if f.is_resent])

    def run(self, bundle: Bundle) -> list[Outcome]:
        """Judge everything and leave it to the bundle to write it down and to tell the members."""
        outcomes = self.judge()
        self.write(bundle)
        notify_all(
            [
                Message(one.member, AWARD_NOTICE, one, outcome.payload())
                for one, outcome in zip(self._activities, outcomes, strict=True)
                if outcome
            ],
            bundle=bundle,
        )
        return outcomes

    def judge(self) -> list[Outcome]:
        """What each activity brings, in their order."""
        return [self._step(activity) for activity in self._activities]

    def _step(self, activity: Activity) -> Outcome:
        before = self._level(activity)
        transfers: list[Transfer] = []
        if activity.is_reversal:
            self._undo(activity)
        elif not activity.is_waived:
            transfers = self._pay(activity, before)
        self._gauges.add(activity)
        earned = activity.id in self._moved or activity.id in self._released
        badges = self._badges.give(activity, earned=earned)
        after = self._level(activity) if transfers else before
        return Outcome(transfers, badges, after if after != before else None)

    def write(self, bundle: Bundle | None = None) -> None:
        """Put everything down in the order of the locks: accounts, then what guards them."""
        keys = self._asked.keys if self._asked else None
        self._book.write(bundle, keys=[key for (key,) in keys.rows] if keys and bundle else ())
        self._guards.write()
        self._badges.write()
        if self._refusals:
            Refusal.objects.bulk_create(self._refusals, ignore_conflicts=True)
            self._refusals = []

    def _currencies(self) -> set[str]:
        """What the run may ask of purses: what its rules pay, what it undoes, what badges need."""
        verbs = {activity.verb for activity in self._activities}
        currencies = currencies_of(self._rules, verbs, self._program)
        undone = {transfer.currency for moved in self._moved.values() for transfer in moved}
        if undone or self._released:
            currencies |= undone | self._program.measured_currencies
        return currencies

    def _level(self, activity: Activity) -> str | None:
        if not self._program.levels or EXPERIENCE not in self._book.currencies:
            return None
        level = self._program.level_at(
            self._book.purse(activity.member_id, EXPERIENCE).wallet.balance
        )
        return level.code if level else None

    def _pay(self, activity: Activity, level: str | None) -> list[Transfer]:
        rules = self._program.rules_by_verb.get(activity.verb)
        if not rules:
            return []
        case = self._case(activity, level)
        transfers: list[Transfer] = []
        for rule in rules:
            is_decided = (rule.code, activity.id) in self._decided
            if is_decided or not judging.meets_conditions(rule, case):
                continue
            verdict = judging.judge(rule, case)
            self._refuse(verdict, activity)
            transfers += [
                self._book.award(
                    activity=activity,
                    currency=currency,
                    amount=amount,
                    rule_code=rule.code,
                    version=self._version,
                    program=self._program,
                )
                for currency, amount in verdict.amounts.items()
            ]
        if transfers:
            self._moved[activity.id] = list(transfers)
        return transfers

    def _case(self, activity: Activity, level: str | None) -> judging.Case:
        roles = self._roles.get(activity.member_id) or frozenset({"member"})
        return judging.Case(
            activity,
            self._program,
            level,
            roles,
            self._guards,
            self._gauges,
            self._exclusions,
        )

    def _refuse(self, verdict: judging.Verdict, activity: Activity) -> None:
        self._refusals += [
            Refusal(
                owner_id=activity.member_id,
                rule_code=verdict.rule.code,
                program_id=self._version,
                activity=activity,
                currency=no.currency,
                reason=no.reason,
                again_at=no.again_at,
            )
            for no in verdict.refused
        ]

    def _undo(self, activity: Activity) -> None:
        """Write the mirror image of what the reversed activity moved, once."""
        done = {transfer.reverses_id for transfer in self._moved.get(activity.pk, ())}
        moved = [t for t in self._moved.get(activity.reverses_id, ()) if t.pk not in done]
        if not moved:
            return
        self.write()
        opposites = self._take_back([t for t in moved if t.amount > 0], activity)
        self._guards.read()
        by_rule: dict[str, list[Transfer]] = {}
        for transfer in moved:
            if transfer.amount < 0:
                by_rule.setdefault(transfer.rule_code, []).append(transfer)
        for rule_code, transfers in by_rule.items():
            opposites += self._restore(rule_code, transfers, activity)
        self._moved.setdefault(activity.pk, []).extend(opposites)

    def _take_back(self, transfers: Sequence[Transfer], activity: Activity) -> list[Transfer]:
        for transfer in transfers:
            release_places(activity.fact, transfer.rule_code)
            give_back(transfer, self._program)
        return [self._opposite(transfer, activity) for transfer in transfers]

    def _restore(
        self, code: str, transfers: Sequence[Transfer], activity: Activity
    ) -> list[Transfer]:
        """Pay again what a reversal took, if its place and its room are still free."""
        rule = self._program.rules_by_code.get(code)
        if rule is not None:
            amounts = {transfer.currency: -transfer.amount for transfer in transfers}
            guards = Guards([activity.fact], self._program)
            case = judging.Case(
                activity.fact, self._program, None, frozenset(), guards, self._gauges
            )
            if not judging.retake(rule, case, amounts):
                no = judging.No(Refusal.Reason.CLAIMED)
                self._refuse(judging.Verdict(rule, {}, (no,)), activity)
                return []
            guards.write()
            self._guards.read()
        return [self._opposite(transfer, activity) for transfer in transfers]

    def _opposite(self, transfer: Transfer, activity: Activity) -> Transfer:
        return self._book.opposite(of=transfer, activity=activity, program=self._program)


@lru_cache
def _payload(paid: tuple, given: tuple, level: str | None) -> dict:
    return {
        "transfers": [
            {"rule": code, "currency": currency, "amount": amount}
            for code, currency, amount in paid
        ],
        "badges": [{"code": code, "object": object} for code, object in given],
        "level": level,
    }


def _roles_of(facts: Sequence[Activity]) -> dict[int, frozenset[str]]:
    members = {fact.member_id for fact in facts}
    memberships = Group.objects.exclude(user=None)
    if len(members) <= CHUNK:
        memberships = memberships.filter(user__in=members)
    roles: dict[int, set[str]] = {}
    for member_id, name in memberships.values_list("user", "name"):
        roles.setdefault(member_id, set()).add(name)
    return {member_id: frozenset(names) for member_id, names in roles.items()}


def _decided_before(facts: Sequence[Activity]) -> set[tuple[str, int]]:
    """The (rule, activity) pairs that were paid or refused when these facts were judged before."""
    if not facts:
        return set()
    decided: set[tuple[str, int]] = set()
    for model in (Transfer, Refusal):
        for start in range(0, len(facts), CHUNK):
            ids = [fact.pk for fact in facts[start : start + CHUNK]]
            rows = model.objects.filter(activity__in=ids)
            decided.update(rows.values_list("rule_code", "activity_id"))
    return decided


def _moved_before(activities: Sequence[Activity]) -> dict[int | None, list[Transfer]]:
    """What still stands of that which these activities reverse, and what they have moved before.

    What a version paid when it was applied to the past hangs on the fact, also where the fact was
    undone and restored before; it counts as moved by the row that is reversed now.
    What was spent is left out: the service that takes a purchase back gives it back itself.
    """
    ids = {one.reverses_id for one in activities if one.is_reversal}
    ids |= {one.pk for one in activities if one.is_reversal and one.is_resent}
    reversed_now: dict[int | None, int | None] = {}
    for one in activities:
        if one.depth % 2:
            reversed_now.setdefault(one.origin_id, one.reverses_id)
    moved: dict[int | None, list[Transfer]] = {}
    if ids:
        applied = Q(activity__in=reversed_now, application__isnull=False)
        standing = Transfer.objects.filter(Q(activity__in=ids) | applied, reversed_by=None)
        for transfer in standing.exclude(kind__in=BOUGHT).order_by("pk"):
            pk = transfer.activity_id
            key = reversed_now.get(pk, pk) if transfer.application_id else pk
            moved.setdefault(key, []).append(transfer)
    return moved
