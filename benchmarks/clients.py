"""How much a crowd of clients gets done, each a process with a connection of its own.

Awards go to many members; purchases come from many wallets, or all from one.
"""

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from threading import BrokenBarrierError
from typing import Any
from uuid import uuid4

from django.db import connections
from site_hammers import make_rich
from stage import make_members, publish_rules

from badges.models import Reward
from portal.accounts.models import Member
from portal.activity.services import record
from tests.factories.rewards import bought, make_reward

CLIENTS = (1, 16, 64)
ROUNDS, SECONDS = 3, 2.0
# As many rewards as clients, so that not their stock is what everybody waits for.
MEMBERS, REWARDS, PRICE = 500, 64, 5
VERB = "import.done"
WAIT = 60
_gate: Any = None


def client_rows() -> list[dict]:
    """What 1, 16 and 64 clients get done a second: medians of rounds that are taken in turns."""
    members = make_members(MEMBERS, stem="client")
    publish_rules(done=VERB)
    make_rich(members)
    rewards = [make_reward(price=PRICE) for _ in range(REWARDS)]
    cases = {
        "awards": partial(award, members),
        "purchases from many wallets": partial(purchase, members, rewards),
        "purchases from one wallet": partial(purchase, members[:1], rewards),
    }
    found: dict[tuple[str, int], list[float]] = {
        (what, clients): [] for what in cases for clients in CLIENTS
    }
    for _round in range(ROUNDS):
        for (what, clients), rates in found.items():
            rates.append(together(clients, cases[what], SECONDS))
    middle = {key: statistics.median(rates) for key, rates in found.items()}
    return [
        {
            "what": f"{what}, {clients} client{'s' if clients > 1 else ''}",
            "per second": rate,
            "share of one client": rate / middle[what, 1],
        }
        for (what, clients), rate in middle.items()
    ]


def award(members: list[Member]) -> int:
    record(member=random.choice(members), verb=VERB, source="clients", key=uuid4().hex)
    return 1


def purchase(members: list[Member], rewards: list[Reward]) -> int:
    bought(random.choice(rewards), random.choice(members))
    return 1


def together(clients: int, send: Callable[[], int], seconds: float) -> float:
    """What so many processes send a second, all at the same time."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(clients)
    with context.Pool(clients, initializer=_remember, initargs=(gate,)) as pool:
        asked = [(send, seconds, number) for number in range(clients)]
        return sum(pool.starmap(_send_with_the_others, asked, chunksize=1))


def rate(send: Callable[[], int], seconds: float) -> float:
    """What `send` sent a second."""
    began, sent = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        sent += send()
    return sent / (time.perf_counter() - began)


def _remember(gate: Any) -> None:
    global _gate
    _gate = gate


def _send_with_the_others(send: Callable[[], int], seconds: float, number: int) -> float:
    """Connect first, so that nobody is measured while others are still on their way."""
    random.seed(number + time.time_ns())
    connections.close_all()
    connections["default"].ensure_connection()
    try:
        _gate.wait(timeout=WAIT)
    except BrokenBarrierError as error:
        raise SystemExit(f"not all clients were there after {WAIT} seconds") from error
    return rate(send, seconds)
