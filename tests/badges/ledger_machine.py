"""Everything that can happen to a ledger, in any order, beside a model that is plain Python.

Each step is compared with the model, and what it wrote is checked entry by entry; the whole ledger
is verified and judged again now and then and at the end of each run, so nothing that is wrong
outlives its run (`test_ledger_machine.py` plants faults to prove it).
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import TestCase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from badges.models import Account, Transfer
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import Book, forget_system_accounts
from badges.services.programs import publish
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.accounts.activities import EMAIL_VERIFIED
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import Draft, dispatch, record, record_batch, restore, reverse
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
from tests.factories.programs import text
from tests.factories.rewards import bought, make_reward

# The whole ledger is verified after so many steps, and at the end of each run.
VERIFIED_EVERY = 50
# A programme is in force for so many steps at least.
TERM = 12
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
KINDS = {
    "badges.lot_expired": (Transfer.Kind.EXPIRY, Account.Kind.EXPIRED),
    "badges.points_adjusted": (Transfer.Kind.ADJUSTMENT, Account.Kind.ADJUSTMENT),
}
ACCOUNTS = "SELECT id, kind, owner_type, owner_id, currency, balance, peak FROM badges_account"
WRITTEN = """
    SELECT e.id, e.account_id, e.amount, e.transfer_id, t.currency, a.currency
    FROM badges_entry e JOIN badges_transfer t ON t.id = e.transfer_id
    JOIN badges_account a ON a.id = e.account_id WHERE e.id > %s
"""
AWARDS = "SELECT owner_id, badge_code, object FROM badges_badgeaward"
moments = st.builds(
    lambda day, hour: MONDAY + timedelta(days=day, hours=hour),
    st.integers(0, 9),
    st.sampled_from([0, 9, 20, 22]),
)
members = st.integers(0, 1)
facts = {
    "who": members,
    "verb": st.sampled_from([DONE, DONE, VISITED]),
    "object": st.sampled_from(["", "a:1", "a:2", "b:1"]),
    "value": st.integers(-1, 3),
    "at": moments,
}
batches = st.lists(st.fixed_dictionaries(facts), min_size=3, max_size=12)
SOURCE = "drill"


def rows_of(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


class Ledger(RuleBasedStateMachine):
    """Two members, one of them without a verified address.

    `taken` counts the steps of all runs: facts, undoings, movements, programmes. Nothing is counted
    where nothing was done. `compared` counts how often the model was held against the database,
    which is once for facts that were brought in together.
    """

    taken = compared = 0

    @initialize(first=st.fixed_dictionaries(facts), second=st.fixed_dictionaries(facts))
    def open(self, first, second):
        self.steps = self.published_at = self.verified_at = self.last_entry = 0
        self.sums = Counter()
        self.outside = transaction.atomic()
        self.outside.__enter__()
        self.last_entry = rows_of("SELECT COALESCE(MAX(id), 0) FROM badges_entry")[0][0]
        self.people = [new_member("verified", verified=True), new_member("new", verified=False)]
        self.numbers = {member.pk: n for n, member in enumerate(self.people)}
        self.facts: list[tuple[int, Row, object]] = []
        self.economy = Economy({0: Owner(is_verified=True), 1: Owner(is_verified=False)})
        self.program = 1
        self.publish()
        self.record(**first)
        self.record(**second)

    def teardown(self):
        if not hasattr(self, "outside"):
            return
        try:
            self.verify()
            assert list(replay()) == []
        finally:
            forget_system_accounts()
            transaction.set_rollback(True)
            self.outside.__exit__(None, None, None)

    @precondition(lambda self: self.steps >= self.published_at + TERM)
    @rule()
    def publish(self):
        """Put the other programme in force."""
        self.program = 1 - self.program
        levels = [{"code": c, "name": text(c), "experience": n} for c, n in LEVELS]
        rules = {"rules": PROGRAMS[self.program], "badges": BADGES, "levels": levels}
        publish(document={**EMPTY_PROGRAM, **rules})
        self.economy.rules = PROGRAMS[self.program]
        self.published_at = self.steps
        self.check()

    @rule(**facts)
    def record(self, who, verb, object, value, at):
        said = {"verb": verb, "object": object, "value": value}
        said["key"] = f"k{len(self.facts):04}"
        with TestCase.captureOnCommitCallbacks(execute=True):
            activity = record(member=self.people[who], occurred_at=at, **said)
        row = Row(at=at, **said)
        self.facts.append((who, row, activity))
        self.economy.record(who, row)
        self.check()

    @rule(batch=batches)
    def bring_in(self, batch):
        """Facts of another system, judged together, in the order of their time."""
        first = len(self.facts)
        drafts, rows = [], []
        for number, fact in enumerate(batch, first):
            said = {name: fact[name] for name in ("verb", "object", "value")}
            said["key"] = f"k{number:04}"
            member = self.people[fact["who"]]
            drafts.append(Draft(member=member, occurred_at=fact["at"], **said))
            rows.append((fact["who"], Row(at=fact["at"], **said)))
        with TestCase.captureOnCommitCallbacks(execute=True):
            record_batch(drafts, source=SOURCE)
        found = Activity.objects.filter(source=SOURCE, key__in=[row.key for _who, row in rows])
        written = {activity.key: activity for activity in found}
        rows.sort(key=lambda pair: pair[1].place)
        self.facts += [(who, row, written[row.key]) for who, row in rows]
        self.economy.bring_in(rows)
        self.check(len(batch))

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def reverse_or_restore(self, data):
        self.flip(*data.draw(st.sampled_from(self.facts)))

    def flip(self, who, fact, activity):
        depth = max(row.depth for row in self.economy.owners[who].log if row.fact is fact)
        undo = restore if depth % 2 else reverse
        with TestCase.captureOnCommitCallbacks(execute=True):
            tip = undo(activity)
        if self.steps % 4 == 0:
            assert undo(activity).pk == tip.pk
            dispatch(tip)
        self.economy.flip(who, fact, tip.key, tip.occurred_at)
        self.check()

    @precondition(lambda self: self.holders())
    @rule(who=members, share=st.integers(1, 100), verb=st.sampled_from(sorted(KINDS)))
    def take(self, who, share, verb):
        """Let expire or adjust a part of what a wallet holds."""
        who, amount = self.part(who, share)
        member = self.people[who]
        kind, against = KINDS[verb]
        with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
            book = Book([member.pk], [POINTS])
            cause = record(member=member, verb=verb, key=f"taken-{self.steps}")
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

    @precondition(lambda self: self.holders())
    @rule(who=members, share=st.integers(1, 100))
    def redeem(self, who, share):
        """Buy a reward for a part of what a wallet holds."""
        who, amount = self.part(who, share)
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

    def holders(self):
        return [who for who, owner in self.economy.owners.items() if owner.wallet[POINTS]]

    def part(self, who, share):
        """A part of what a member's wallet holds, at least one; the other's where it is empty."""
        who = who if who in self.holders() else self.holders()[0]
        return who, max(1, self.economy.owners[who].wallet[POINTS] * share // 100)

    def check(self, steps=1):
        self.steps += steps
        Ledger.taken += steps
        Ledger.compared += 1
        accounts = rows_of(ACCOUNTS)
        self.check_entries(accounts)
        held, expected = self.held(accounts), self.expected()
        assert held == expected, f"kept {held}, by the model {expected}"
        if self.steps >= self.verified_at + VERIFIED_EVERY:
            self.verify()

    def verify(self):
        self.verified_at = self.steps
        problems = verify()
        assert problems == [], f"after {self.steps} steps: {problems}"

    def check_entries(self, accounts):
        """What this step wrote moves nothing out of nothing, and explains every balance."""
        uneven = Counter()
        for pk, account, amount, transfer, currency, lies_in in rows_of(WRITTEN, self.last_entry):
            assert currency == lies_in, f"transfer {transfer} touches {lies_in}"
            self.sums[account] += amount
            uneven[transfer] += amount
            self.last_entry = max(self.last_entry, pk)
        assert not any(uneven.values()), f"uneven transfers: {uneven}"
        wrong = [row for row in accounts if row[5] is not None and row[5] != self.sums[row[0]]]
        assert wrong == [], "balances are not the sums of their entries"

    def held(self, accounts):
        kept = {"wallet": {}, "held": {}, "debt": {}, "peak": {}, "badges": set()}
        for _pk, kind, owner_type, owner, currency, balance, peak in accounts:
            if owner_type != "member":
                continue
            key = self.numbers[owner], currency
            if balance:
                kept[kind][key] = abs(balance)
            if kind == "wallet" and peak:
                kept["peak"][key] = peak
        kept["badges"] = {(self.numbers[owner], *one) for owner, *one in rows_of(AWARDS)}
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


def new_member(handle, *, verified):
    """A member without a password, as hashing one takes longer than a step."""
    address = f"{handle}@example.com"
    member = Member.objects.create(
        handle=handle, name=handle, email=address, password="!", time_zone="Europe/Istanbul"
    )
    if verified:
        EmailAddress.objects.create(user=member, email=address, verified=True, primary=True)
    return member
