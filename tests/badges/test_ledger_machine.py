"""Everything that can happen to a ledger, in any order, beside a model that is plain Python.

`LEDGER_STEPS` sets how many steps are taken: five thousand with every run of the suite, always the
same ones, and a hundred thousand others in `make drill`. There a counter-example is kept by
Hypothesis and tried first the next time.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from badges.models import Account, BadgeAward, Transfer
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import Book, forget_system_accounts
from badges.services.programs import publish
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.accounts.activities import EMAIL_VERIFIED
from portal.activity.services import dispatch, record, restore, reverse
from tests.badges.ledger_model import (
    BADGES,
    DONE,
    LEVELS,
    POINTS,
    PROGRAMS,
    VISITED,
    Economy,
    Owner,
    Row,
)
from tests.factories.members import MemberFactory
from tests.factories.programs import text
from tests.factories.rewards import bought, make_reward

USUAL = 5_000
STEPS = int(os.environ.get("LEDGER_STEPS", USUAL))
RUN = 50
# Balances and badges are compared with the model at each step; after so many, and at the end of
# each run, the whole ledger is verified and judged again.
VERIFIED_EVERY = 10
# A programme is in force for so many steps at least.
TERM = 12
# Making a counter-example small takes minutes, so it is asked for.
SHRINKS = os.environ.get("LEDGER_SHRINK") == "yes"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = {
    "badges.lot_expired": (Transfer.Kind.EXPIRY, Account.Kind.EXPIRED),
    "badges.points_adjusted": (Transfer.Kind.ADJUSTMENT, Account.Kind.ADJUSTMENT),
}
moments = st.builds(
    lambda day, hour: MONDAY + timedelta(days=day, hours=hour),
    st.integers(0, 9),
    st.sampled_from([0, 9, 20, 22]),
)
members = st.integers(0, 1)


class Ledger(RuleBasedStateMachine):
    """Two members, one of them without a verified address."""

    @initialize()
    def open(self):
        self.steps = self.published_at = 0
        self.outside = transaction.atomic()
        self.outside.__enter__()
        self.people = [MemberFactory(), MemberFactory(verified=False)]
        self.facts: list[tuple[int, Row, object]] = []
        owners = {0: Owner(is_verified=True), 1: Owner(is_verified=False)}
        self.economy = Economy(owners)
        self.publish(0)

    def teardown(self):
        if not hasattr(self, "outside"):
            return
        try:
            assert verify() == []
            assert list(replay()) == []
        finally:
            forget_system_accounts()
            transaction.set_rollback(True)
            self.outside.__exit__(None, None, None)

    @precondition(lambda self: self.steps >= self.published_at + TERM)
    @rule(number=st.sampled_from([0, 1]))
    def publish(self, number):
        levels = [{"code": c, "name": text(c), "experience": n} for c, n in LEVELS]
        rules = {"rules": PROGRAMS[number], "badges": BADGES, "levels": levels}
        publish(document={**EMPTY_PROGRAM, **rules})
        self.economy.rules = PROGRAMS[number]
        self.published_at = self.steps
        self.check()

    @rule(
        who=members,
        verb=st.sampled_from([DONE, DONE, VISITED]),
        object=st.sampled_from(["", "a:1", "a:2", "b:1"]),
        value=st.integers(-1, 3),
        at=moments,
    )
    def record(self, who, verb, object, value, at):
        said = {"verb": verb, "object": object, "value": value, "key": f"k{len(self.facts)}"}
        with TestCase.captureOnCommitCallbacks(execute=True):
            activity = record(member=self.people[who], occurred_at=at, **said)
        row = Row(at=at, **said)
        self.facts.append((who, row, activity))
        self.economy.record(who, row)
        self.check()

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def reverse_or_restore(self, data):
        who, fact, activity = data.draw(st.sampled_from(self.facts))
        depth = max(row.depth for row in self.economy.owners[who].log if row.fact is fact)
        undo = restore if depth % 2 else reverse
        with TestCase.captureOnCommitCallbacks(execute=True):
            tip = undo(activity)
            assert undo(activity).pk == tip.pk
        self.economy.flip(who, fact, tip.key, tip.occurred_at)
        dispatch(tip)
        self.check()

    @rule(who=members, share=st.integers(1, 100), verb=st.sampled_from(sorted(KINDS)))
    def take(self, who, share, verb):
        """Let expire or adjust a part of what the wallet holds."""
        owner, member = self.economy.owners[who], self.people[who]
        amount = owner.wallet[POINTS] * share // 100
        if not amount:
            return
        kind, against = KINDS[verb]
        with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
            book = Book([member.pk], [POINTS])
            cause = record(member=member, verb=verb, key=f"taken-{Transfer.objects.count()}")
            transfer = Transfer(
                owner_id=member.pk,
                currency=POINTS,
                kind=kind,
                amount=-amount,
                activity=cause,
                actor=member,
                counted_at=cause.occurred_at,
            )
            book.post(transfer, [(book.purse(member.pk, POINTS).wallet, -amount)], against=against)
            book.write()
        self.economy.take(who, POINTS, amount)
        self.check()

    @rule(who=members, share=st.integers(1, 100))
    def redeem(self, who, share):
        """Buy a reward for a part of what the wallet holds."""
        amount = self.economy.owners[who].wallet[POINTS] * share // 100
        if not amount:
            return
        with TestCase.captureOnCommitCallbacks(execute=True):
            bought(make_reward(price=amount, currency=POINTS), self.people[who])
        self.economy.take(who, POINTS, amount)
        self.check()

    @precondition(lambda self: not self.economy.owners[1].is_verified)
    @rule()
    def release(self):
        member = self.people[1]
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        with TestCase.captureOnCommitCallbacks(execute=True):
            record(member=member, verb=EMAIL_VERIFIED, object=f"member:{member.pk}")
        self.economy.verify_address(1)
        self.check()

    def check(self):
        self.steps += 1
        if self.steps % VERIFIED_EVERY == 0:
            assert verify() == []
        assert self.held() == self.expected()

    def held(self):
        kept = {"wallet": {}, "held": {}, "debt": {}, "peak": {}, "badges": set()}
        number = {member.pk: n for n, member in enumerate(self.people)}
        rows = Account.objects.filter(owner_type="member")
        for row in rows:
            if row.balance:
                kept[row.kind][number[row.owner_id], row.currency] = abs(row.balance)
            if row.kind == "wallet" and row.peak:
                kept["peak"][number[row.owner_id], row.currency] = row.peak
        awards = BadgeAward.objects.values_list("owner_id", "badge_code", "object")
        kept["badges"] = {(number[owner], code, object) for owner, code, object in awards}
        return kept

    def expected(self):
        owners = self.economy.owners.items()
        kept = {
            name: {
                (pk, currency): amount
                for pk, owner in owners
                for currency, amount in getattr(owner, name).items()
                if amount
            }
            for name in ("wallet", "held", "debt", "peak")
        }
        kept["badges"] = {(pk, *one) for pk, owner in owners for one in owner.badges}
        return kept


@pytest.mark.django_db
def test_no_sequence_of_steps_parts_the_ledger_from_the_model(settings_with_holding):
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=STEPS // RUN,
            stateful_step_count=RUN,
            deadline=None,
            derandomize=STEPS == USUAL,
            phases=[Phase.reuse, Phase.generate, *([Phase.shrink] if SHRINKS else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def settings_with_holding(settings):
    settings.HOLD_UNVERIFIED_POINTS = True
