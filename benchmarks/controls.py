"""The same crowds without the guards: looking first and writing then must go wrong.

Each control takes a constraint down where there is one, and returns how often something was done
and how often it may be. A control that stays within what it may would mean that the proofs prove
nothing, so the drill fails then. On PostgreSQL alone: SQLite lets one write at a time.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from crowd import Crowd
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hammers import PRICE, ROOM, do, move
from stage import make_members

from badges.models import (
    Account,
    Adjustment,
    AdjustmentUse,
    BadgeAward,
    BudgetUse,
    Redemption,
    Reward,
    RewardUse,
)
from community.models import Idea, Vote
from events.models import Occasion, Registration
from portal.activity.models import Activity
from portal.api.models import Application, Call
from tests.factories.rewards import make_reward
from tests.factories.staff import staff_with

PAUSE = 0.05
Outcome = tuple[int, int]


def drop(model, name: str) -> None:
    """Take a constraint down for good: the database is dropped after the controls."""
    constraint = next(one for one in model._meta.constraints if one.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)


def look_then_write(crowd: Crowd, look: Callable[[], object], write: Callable[[], object]) -> int:
    """Everybody looks whether they may, waits a moment, and writes; how many did."""
    done = []

    def run() -> None:
        with transaction.atomic():
            if look():
                time.sleep(PAUSE)
                write()
                done.append(1)

    errors = crowd.push([run] * crowd.size)
    for error in errors[:3]:
        print(f"control raised {error!r}")
    return len(done)


def facts(crowd: Crowd) -> Outcome:
    drop(Activity, "activity_is_recorded_once")
    member = make_members(1, stem="fact")[0]
    known = Activity.objects.filter(source="drill", key="fact")
    return look_then_write(crowd, lambda: not known.exists(), lambda: _fact(member, "fact")), 1


def reversals(crowd: Crowd) -> Outcome:
    drop(Activity, "activity_is_reversed_once")
    member = make_members(1, stem="undone")[0]
    fact = do(member, "import.drilled", "undone", timezone.now())
    undone = Activity.objects.filter(reverses=fact)

    def undo() -> None:
        _fact(member, str(uuid4()), reverses=fact, origin=fact, depth=1)

    return look_then_write(crowd, lambda: not undone.exists(), undo), 1


def limit(crowd: Crowd) -> Outcome:
    member = make_members(1, stem="limited")[0]
    move(member, PRICE)
    wallet = Account.objects.of(member).filter(kind="wallet", currency="points")
    may = ROOM // PRICE
    most = (may + 1) * PRICE
    return look_then_write(
        crowd, lambda: wallet.get().balance < most, lambda: move(member, PRICE)
    ), may


def budget(crowd: Crowd) -> Outcome:
    row = BudgetUse.objects.create(rule_code="control", currency="points")
    uses = BudgetUse.objects.filter(pk=row.pk)
    return look_then_write(
        crowd, lambda: uses.get().used < ROOM, lambda: uses.update(used=F("used") + PRICE)
    ), ROOM // PRICE + 1


def wallet(crowd: Crowd) -> Outcome:
    drop(Account, "badges_no_overdraft")
    member = make_members(1, stem="spender")[0]
    move(member, ROOM)
    rows = Account.objects.of(member).filter(kind="wallet", currency="points")
    return look_then_write(
        crowd,
        lambda: rows.get().balance >= PRICE,
        lambda: rows.update(balance=F("balance") - PRICE),
    ), ROOM // PRICE


def badge(crowd: Crowd) -> Outcome:
    drop(BadgeAward, "badges_given_once")
    member = make_members(1, stem="badged")[0]
    fact = do(member, "import.brought", "badged", timezone.now())
    award = {"owner_id": member.pk, "badge_code": "control"}

    def give() -> None:
        BadgeAward.objects.create(**award, activity=fact, awarded_at=fact.occurred_at)

    return look_then_write(crowd, lambda: not BadgeAward.objects.filter(**award).exists(), give), 1


def stock(crowd: Crowd) -> Outcome:
    drop(Reward, "badges_reward_within_stock")
    rows = Reward.objects.filter(pk=make_reward(stock=1).pk)
    return look_then_write(
        crowd, lambda: rows.get().taken < 1, lambda: rows.update(taken=F("taken") + 1)
    ), 1


def times(crowd: Crowd) -> Outcome:
    reward, member = make_reward(limit_per_member=3), make_members(1, stem="often")[0]
    row = RewardUse.objects.create(reward=reward, owner_id=member.pk)
    rows = RewardUse.objects.filter(pk=row.pk)
    return look_then_write(
        crowd, lambda: rows.get().times < 3, lambda: rows.update(times=F("times") + 1)
    ), 3


def form(crowd: Crowd) -> Outcome:
    drop(Redemption, "badges_form_redeems_once")
    member, reward, key = make_members(1, stem="form")[0], make_reward(), uuid4()
    words = {"reward": reward, "member": member, "currency": "points", "price": PRICE}

    def buy() -> None:
        fact = _fact(member, str(uuid4()))
        Redemption.objects.create(**words, key=key, activity=fact, redeemed_at=timezone.now())

    return look_then_write(crowd, lambda: not Redemption.objects.filter(key=key).exists(), buy), 1


def adjustment(crowd: Crowd) -> Outcome:
    drop(Adjustment, "badges_form_adjusts_once")
    member, key = make_members(1, stem="adjusted")[0], uuid4()
    words = {"currency": "points", "amount": PRICE, "reason": "goodwill", "needs_second": True}
    words |= {"member": member, "asked_by": staff_with("badges.adjust_points")}

    def ask() -> None:
        Adjustment.objects.create(**words, key=key, asked_at=timezone.now())

    return look_then_write(crowd, lambda: not Adjustment.objects.filter(key=key).exists(), ask), 1


def cap(crowd: Crowd) -> Outcome:
    staff = staff_with("badges.adjust_points")
    words = {"staff": staff, "day": timezone.now().date(), "currency": "points"}
    row = AdjustmentUse.objects.create(**words)
    rows = AdjustmentUse.objects.filter(pk=row.pk)
    return look_then_write(
        crowd, lambda: rows.get().amount < ROOM, lambda: rows.update(amount=F("amount") + PRICE)
    ), ROOM // PRICE + 1


def vote(crowd: Crowd) -> Outcome:
    drop(Vote, "community_one_vote_a_member")
    author, member = make_members(2, stem="voter")
    idea = Idea.objects.create(title="Control", author=author)
    cast = Vote.objects.filter(idea=idea, member=member)
    return look_then_write(
        crowd, lambda: not cast.exists(), lambda: Vote.objects.create(idea=idea, member=member)
    ), 1


def seats(crowd: Crowd) -> Outcome:
    starts_at = timezone.now() + timedelta(days=3)
    span = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    occasion = Occasion.objects.create(key=uuid4(), time_zone="UTC", capacity=1, **span)
    queue = make_members(crowd.size, stem="seat")
    taken = Registration.objects.filter(occasion=occasion)

    def sit() -> None:
        Registration.objects.create(occasion=occasion, member=queue.pop())

    return look_then_write(crowd, lambda: taken.count() < 1, sit), 1


def call(crowd: Crowd) -> Outcome:
    drop(Call, "api_call_is_made_once")
    words = {"application": Application.objects.create(name="control"), "key": "call"}

    def claim() -> None:
        Call.objects.create(**words, fingerprint="f", claim=uuid4())

    return look_then_write(crowd, lambda: not Call.objects.filter(**words).exists(), claim), 1


CONTROLS = {
    "one fact": facts,
    "one reversal": reversals,
    "a limit": limit,
    "a budget": budget,
    "a wallet": wallet,
    "a badge": badge,
    "the last piece": stock,
    "a member's limit": times,
    "a form that redeems": form,
    "a form that adjusts": adjustment,
    "a desk's cap": cap,
    "a vote": vote,
    "a seat": seats,
    "a key of the interface": call,
}


def control_row(what: str, control: Callable[[Crowd], Outcome], crowd: Crowd) -> dict:
    done, may = control(crowd)
    said = f"control: {what}, look first ({done} of {may})"
    return {"what": said, "count": crowd.size, "wrong": int(done <= may)}


def _fact(member, key: str, **more) -> Activity:
    now = timezone.now()
    return Activity.objects.create(
        member=member,
        verb="import.drilled",
        source="drill",
        key=key,
        occurred_at=now,
        local_date=now.date(),
        **more,
    )
