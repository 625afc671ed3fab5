"""What a crowd pushes at once in the economy: each hammer yields what came out wrong."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from crowd import Crowd, differs, unexpected
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from stage import make_members

from badges.models import Account, BadgeAward, BudgetUse, ProgramVersion, Transfer
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import Book, OverdraftError
from badges.services.expiring import expire
from badges.services.lots import clocks
from badges.services.programs import publish
from portal.activity.services import record, reverse

ROOM, PRICE = 95, 10
AWARD = {"currency": "points", "amount": PRICE}
PLAIN = {
    "drilled": "import.drilled",
    "voted": "community.vote_cast",
    "finished": "events.challenge_finished",
    "answered": "knowledgebase.survey_answered",
    "brought": "import.brought",
}
DAYS = {"after": 1, "warn": 1}


def publish_hammered(*more: dict) -> None:
    """Rules for the hammers: plain awards, a limit, a place, a badge, and points that expire."""
    rules = [{"code": code, "verb": verb, "award": AWARD} for code, verb in PLAIN.items()]
    limit = [{"amount": ROOM, "per": "day"}]
    rules.append({"code": "limited", "verb": "import.limited", "award": AWARD, "limit": limit})
    rules.append({"code": "placed", "verb": "import.placed", "award": AWARD, "once_per": "object"})
    points = {**EMPTY_PROGRAM["currencies"]["points"], "expires": DAYS}
    currencies = {**EMPTY_PROGRAM["currencies"], "points": points}
    criterion = {"count": {"verb": "import.drilled"}, "at_least": 1}
    name = {"en": "First", "tr": "İlk"}
    badges = [{"code": "first", "name": name, "criterion": criterion}]
    parts = {"rules": [*rules, *more], "badges": badges, "currencies": currencies}
    publish(document={**EMPTY_PROGRAM, **parts})


def same_fact(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One award, and nobody hears of an error."""
    member, key, at = members[number % len(members)], f"fact-{number}", timezone.now()
    errors = crowd.push([lambda: do(member, "import.drilled", key, at)] * crowd.size)
    yield from unexpected(errors)
    yield from differs("awards", transfers(key=key).count(), 1)


def same_reversal(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One reversal of one fact, whoever asks for it."""
    member = members[number % len(members)]
    fact = do(member, "import.drilled", f"undone-{number}", timezone.now())
    errors = crowd.push([lambda: reverse(fact)] * crowd.size)
    yield from unexpected(errors)
    yield from differs("reversals", transfers(reverses=fact).count(), 1)


def same_limit(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One member's facts of one day stay within the day's limit."""
    member = make_members(1, stem=f"limited-{number}")[0]
    at = timezone.now()
    runs = [
        lambda n=n: do(member, "import.limited", f"limited-{number}-{n}", at)
        for n in range(crowd.size)
    ]
    yield from unexpected(crowd.push(runs))
    paid = Transfer.objects.of(member).aggregate(total=Sum("amount"))["total"]
    yield from differs("points", paid, min(ROOM, PRICE * crowd.size))


def same_budget(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """All members together stay within a budget, a new one each round."""
    code, verb, at = f"budget-{number}", f"import.budget_{number}", timezone.now()
    publish_hammered({"code": code, "verb": verb, "award": AWARD, "budget": ROOM})
    runs = [lambda m=member: do(m, verb, f"{code}-{m.pk}", at) for member in members]
    yield from unexpected(crowd.push(runs))
    used = BudgetUse.objects.get(rule_code=code).used
    yield from differs("points", used, min(ROOM, PRICE * crowd.size))


def same_wallet(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A wallet is spent to the end and not below."""
    member = make_members(1, stem=f"rich-{number}")[0]
    move(member, ROOM)
    errors = crowd.push([lambda: move(member, -PRICE)] * crowd.size)
    yield from unexpected(errors, OverdraftError)
    left = Account.objects.of(member).get(kind="wallet", currency="points").balance
    yield from differs("points left", left, max(ROOM % PRICE, ROOM - PRICE * crowd.size))


def same_place(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One thing pays one member once, however many facts name it."""
    member, at, thing = make_members(1, stem=f"placed-{number}")[0], timezone.now(), f"a:{number}"
    keys = [f"placed-{number}-{n}" for n in range(crowd.size)]
    runs = [lambda k=key: do(member, "import.placed", k, at, object=thing) for key in keys]
    yield from unexpected(crowd.push(runs))
    yield from differs("awards", transfers(object=thing).count(), 1)


def same_badge(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A badge that every one of the facts makes due is given once."""
    member, at = make_members(1, stem=f"badged-{number}")[0], timezone.now()
    keys = [f"badged-{number}-{n}" for n in range(crowd.size)]
    runs = [lambda k=key: do(member, "import.drilled", k, at) for key in keys]
    yield from unexpected(crowd.push(runs))
    given = BadgeAward.objects.filter(owner_type="member", owner_id=member.pk).count()
    paid = Transfer.objects.of(member).count()
    yield from differs("badges, awards", (given, paid), (1, crowd.size))


def spent_or_expired(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Points that come of age while they are spent are spent or expire, never both."""
    member = make_members(1, stem=f"aged-{number}")[0]
    for n in range(10):
        do(member, "import.drilled", f"aged-{number}-{n}", timezone.now())
    _version, program = ProgramVersion.objects.current()
    (clock,) = clocks(program, timezone.now() + timedelta(days=2))
    runs = [lambda: expire(owner_id=member.pk, clock=clock), lambda: move(member, -PRICE)]
    yield from unexpected(crowd.push(runs * (crowd.size // 2)), OverdraftError)
    rows = Transfer.objects.of(member)
    spent = rows.filter(kind=Transfer.Kind.SPEND).aggregate(total=Sum("amount"))["total"] or 0
    gone = rows.filter(kind=Transfer.Kind.EXPIRY).aggregate(total=Sum("amount"))["total"] or 0
    left = Account.objects.of(member).get(kind="wallet", currency="points").balance
    yield from differs("spent, expired and left", -spent - gone + left, 10 * PRICE)


def same_wallet_filled(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One wallet that all awards of a moment go to loses none of them."""
    member, at = make_members(1, stem=f"hot-{number}")[0], timezone.now()
    keys = [f"hot-{number}-{n}" for n in range(crowd.size)]
    runs = [lambda k=key: do(member, "import.brought", k, at) for key in keys]
    yield from unexpected(crowd.push(runs))
    wallet = Account.objects.of(member).get(kind="wallet", currency="points")
    yield from differs("points", wallet.balance, PRICE * crowd.size)


HAMMERS = {
    "the same fact, recorded at once": same_fact,
    "the same fact, taken back at once": same_reversal,
    f"{ROOM} points a day for one member": same_limit,
    f"a budget of {ROOM} points": same_budget,
    "one place that pays once": same_place,
    "one badge that becomes due": same_badge,
    f"a wallet of {ROOM} points, spent at once": same_wallet,
    "one wallet, paid into at once": same_wallet_filled,
    "points that expire while they are spent": spent_or_expired,
}


def do(member, verb: str, key: str, at, **more):
    return record(member=member, verb=verb, source="drill", key=key, occurred_at=at, **more)


@transaction.atomic
def move(member, amount: int) -> None:
    """A movement without a judge: an adjustment, or where it is less than nothing a purchase."""
    verb = "badges.points_adjusted" if amount > 0 else "import.spent"
    kind = Transfer.Kind.ADJUSTMENT if amount > 0 else Transfer.Kind.SPEND
    against = Account.Kind.ADJUSTMENT if amount > 0 else Account.Kind.REDEEMED
    book = Book([member.pk], ["points"])
    cause = record(member=member, verb=verb, key=str(uuid4()))
    transfer = Transfer(
        owner_id=member.pk,
        currency="points",
        kind=kind,
        amount=amount,
        activity=cause,
        actor=member,
        counted_at=cause.occurred_at,
    )
    book.post(transfer, [(book.purse(member.pk, "points").wallet, amount)], against=against)
    book.write()


def transfers(**activity):
    return Transfer.objects.filter(**{f"activity__{name}": it for name, it in activity.items()})
