"""Servers and workers killed under load: what was acknowledged is there, once, and adds up.

Clients vote through HTTP while `manage.py serve` and `manage.py run_jobs` are killed with SIGKILL
and started again. A vote that was answered must be in the ledger; one that was not may be.
"""

import http.client
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.test import Client
from stage import make_members, publish_rules

from badges.models import Transfer
from badges.services.replaying import replay
from badges.services.verification import verify
from community.models import Idea, Vote
from portal.activity.models import Activity
from portal.activity.services import dispatch_pending

CLIENTS = 8
IDEAS = 5_000
WAIT = 90
UP_FOR = 3.0
MANAGE = Path(__file__).resolve().parents[1] / "manage.py"


class Process:
    """A command of manage.py on the drill's database."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = [sys.executable, str(MANAGE), *arguments]
        self.start()

    def start(self) -> None:
        environment = os.environ | {"DATABASE_URL": database_url(), "RATE_LIMITS": "off"}
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(self.arguments, env=environment, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()


class Voters:
    """Clients that vote until they are stopped, each for one idea after the other."""

    def __init__(self, port: int) -> None:
        self.port, self.stopping = port, threading.Event()
        author = make_members(1, stem="crash-author")[0]
        ideas = [Idea(title=f"Idea {n}", author=author) for n in range(IDEAS)]
        self.ideas = [idea.pk for idea in Idea.objects.bulk_create(ideas)]
        self.acknowledged: set[tuple[int, int]] = set()
        members = make_members(CLIENTS, stem="voter")
        self.threads = [
            threading.Thread(target=self._vote, args=[member.pk, _session(member)], daemon=True)
            for member in members
        ]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(WAIT)

    def _vote(self, member: int, session: str) -> None:
        token = secrets.token_hex(16)
        headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        for number in count():
            idea = self.ideas[number % IDEAS]
            if self.stopping.is_set() or number >= IDEAS:
                return
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                link.request("POST", f"/ideas/{idea}/vote/", headers=headers)
                if link.getresponse().status == 302:
                    self.acknowledged.add((member, idea))
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)
            finally:
                link.close()


def survived(kills: int) -> dict:
    """Kill web and worker in turns; return a row of the table."""
    publish_rules(cast="community.vote_cast", received="community.vote_received")
    port, start = _free_port(), time.perf_counter()
    web, worker = Process("serve", "--port", str(port)), Process("run_jobs")
    slowest = 0.0
    try:
        _wait_for(port)
        voters = Voters(port)
        for number in range(kills):
            time.sleep(UP_FOR)
            victim = worker if number % 4 == 3 else web
            victim.kill()
            again = time.perf_counter()
            victim.start()
            _wait_for(port)
            slowest = max(slowest, time.perf_counter() - again)
        time.sleep(UP_FOR)
        voters.stop()
    finally:
        web.kill()
        worker.kill()
    while dispatch_pending():
        pass
    faults = list(_faults(voters.acknowledged))
    for fault in faults[:5]:
        print(f"crashes: {fault}")
    return {
        "what": f"G4 {kills} kill -9, {len(voters.acknowledged):,} votes acknowledged",
        "wrong": len(faults) + (not voters.acknowledged),
        "seconds": time.perf_counter() - start,
        "slowest start": slowest,
    }


def _faults(acknowledged: set[tuple[int, int]]) -> Iterator[str]:
    votes = set(Vote.objects.values_list("member_id", "idea_id"))
    for member, idea in sorted(acknowledged - votes):
        yield f"the vote of {member} for {idea} was acknowledged and is lost"
    cast = Activity.objects.filter(verb="community.vote_cast")
    paid = Transfer.objects.filter(activity__verb="community.vote_cast")
    if not len(votes) == cast.count() == paid.count():
        yield f"{len(votes)} votes, {cast.count()} activities, {paid.count()} awards"
    yield from (f"{problem.invariant}: {problem.message}" for problem in verify())
    yield from map(str, replay())


def database_url() -> str:
    """The address of the database in use, for a process of its own."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


def _session(member) -> str:
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def _wait_for(port: int) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            link.close()
    connections.close_all()
    raise TimeoutError(f"nobody serves on port {port} after {WAIT} seconds")
