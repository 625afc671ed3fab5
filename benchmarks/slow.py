"""G22: what others notice of clients that are slow on purpose, and what they cost in memory.

The embedded server meets 500 of them at once, of every kind; the layout of `deploy/`, nginx before
granian, 200. Others ask for a list of ideas all the time, before and meanwhile. The control is that
layout without nginx: as many bodies that stop as there are workers must keep everybody out.
"""

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from memory import Watched
from served import Process, free_port
from stage import make_members

from community.models import Idea
from portal.home.bootstrap import bootstrap_site
from tests.databases import database_url
from tests.deployment import MISSING, granian, nginx, wait_for
from tests.slow_clients import ATTACKS, HEAD, STATIC, p95, send_slowly, times_of

EMBEDDED, DEPLOYED = 500, 200
SECONDS = 30.0
PAGE = "/ideas/"
MORE_MEGABYTES = 200
# Beside measuring and attacking on the same cores a few milliseconds mean nothing.
NOTHING = 0.025


def slow_rows(scale: float) -> list[dict]:
    """The embedded server, the layout of `deploy/`, and the latter without its proxy."""
    seconds = max(4.0, SECONDS * scale)
    bootstrap_site()
    author = make_members(1, stem="slow-author")[0]
    Idea.objects.bulk_create(Idea(title=f"Idea {n}", author=author) for n in range(40))
    Process("collectstatic", "--noinput").running.wait()
    rows = [measured("embedded server", embedded, EMBEDDED, seconds)]
    if MISSING:
        print(f"deploy/ is left out: {MISSING} missing")
        return rows
    return [*rows, measured("deploy/", deployed, DEPLOYED, seconds), without_proxy()]


@contextmanager
def embedded() -> Iterator[tuple[int, list[int]]]:
    port = free_port()
    process = Process("serve", "--port", str(port), hosts="community.example.com")
    try:
        wait_for(port, 90)
        yield port, [process.running.pid]
    finally:
        process.kill()


@contextmanager
def deployed() -> Iterator[tuple[int, list[int]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "static").symlink_to(settings.STATIC_ROOT)
        where = ["--uds", f"{folder}/pages.sock"]
        with pages(*where) as process, nginx(folder) as port:
            wait_for(port, 90)
            yield port, [process.pid]


@contextmanager
def pages(*where: str) -> Iterator:
    names = {"DATABASE_URL": database_url(), "RATE_LIMITS": "off", "TRUSTED_PROXIES": "unix"}
    with granian("portal.wsgi:application", *where, ALLOWED_HOSTS="*", **names) as process:
        yield process


def measured(what: str, layout: Callable, clients: int, seconds: float) -> dict:
    """The others' slowest of twenty before and during the attack, and the memory that it took."""
    with layout() as (port, pids), Watched(pids[0]) as memory:
        warm_up(port)
        before = p95(asyncio.run(times_of(port, seconds / 2, PAGE)))
        memory.before = memory.most
        with attackers(port, clients, seconds):
            times = asyncio.run(times_of(port, seconds, PAGE))
    during, failed = p95(times), times.count(float("inf"))
    said = f"others' p95 {before * 1000:.0f} to {during * 1000:.0f} ms, {memory.grown:+.0f} MB"
    is_slow = during > 2 * before + NOTHING
    wrong = failed + is_slow + (memory.grown > MORE_MEGABYTES)
    title = f"G22 {what}, {clients} slow clients: {said}"
    return {"what": title, "count": len(times), "wrong": wrong, "seconds": seconds}


def warm_up(port: int) -> None:
    """Ask until every worker has loaded what it needs, which the first page of each waits for."""
    for _round in range(10):
        if asyncio.run(times_of(port, 2, PAGE))[-1] < 1:
            return


@contextmanager
def attackers(port: int, clients: int, seconds: float) -> Iterator[None]:
    """Slow clients of every kind, from a process of their own."""
    context = multiprocessing.get_context("fork")
    crowd = context.Process(target=attack, args=(port, clients, seconds + 30), daemon=True)
    crowd.start()
    time.sleep(2)
    try:
        yield
    finally:
        crowd.terminate()
        crowd.join()


def attack(port: int, clients: int, seconds: float) -> None:
    asyncio.run(_attack(port, clients, seconds))


async def _attack(port: int, clients: int, seconds: float) -> None:
    attacks = ATTACKS | {"answers that nobody reads": unread}
    kinds = [kind for _round in range(clients // len(ATTACKS) + 1) for kind in ATTACKS][:clients]
    end = time.monotonic() + seconds

    async def insist(number: int, kind: str) -> None:
        while time.monotonic() < end:
            await attacks[kind](port, number)
            await asyncio.sleep(0.2)

    await asyncio.gather(*(insist(number, kind) for number, kind in enumerate(kinds)))


async def unread(port: int, number: int) -> None:
    """Ask for a large file and read nothing of it."""
    await send_slowly(port, number, STATIC, b"", 0.5, reads=False)


def without_proxy() -> dict:
    """The control: a few bodies that stop, straight to the pages, keep everybody out."""
    port = free_port()
    with pages("--host", "127.0.0.1", "--port", str(port)):
        wait_for(port, 90)
        times = asyncio.run(_stopped(port))
    held = sum(one != float("inf") for one in times)
    what = "control: 24 bodies that stop, without nginx: requests of others that were answered"
    return {"what": what, "count": held, "wrong": int(held > 0)}


async def _stopped(port: int) -> list[float]:
    # A form: of another kind the portal would not read what it does not need.
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    stop = HEAD + form + b"Content-Length: 1000\r\n\r\nabc"
    crowd = [asyncio.create_task(send_slowly(port, n, stop, b"", 0.2)) for n in range(24)]
    await asyncio.sleep(4)
    try:
        return await times_of(port, 0.1, PAGE)
    finally:
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
