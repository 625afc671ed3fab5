"""Servers and workers killed under load: what was acknowledged is there, once, and adds up.

Clients vote through HTTP while `manage.py serve` and `manage.py run_jobs` are killed with SIGKILL
in turns and started again. A vote that was answered must be in the ledger; one that was not may be.
What a kill left between its commit and its award is the last worker's to send.
"""

import http.client
import threading
import time
from collections.abc import Iterator

from served import WAIT, Browser, Process, free_port, wait_for
from stage import make_members, publish_rules

from badges.models import Transfer
from badges.services.replaying import replay
from badges.services.verification import verify
from community.models import Idea, Vote
from portal.activity.models import Activity

CLIENTS = 8
IDEAS = 5_000
UP_FOR = 3.0
# Starting takes what Python takes to load the portal; kept far enough from a busy machine's.
HEALTHY_WITHIN = 30


class Voters:
    """Clients that vote until they are stopped, each for one idea after the other."""

    def __init__(self, port: int) -> None:
        self.stopping = threading.Event()
        author = make_members(1, stem="crash-author")[0]
        ideas = [Idea(title=f"Idea {n}", author=author) for n in range(IDEAS)]
        self.ideas = [idea.pk for idea in Idea.objects.bulk_create(ideas)]
        self.acknowledged: set[tuple[int, int]] = set()
        members = make_members(CLIENTS, stem="voter")
        self.threads = [
            threading.Thread(target=self._vote, args=[one.pk, Browser(one, port)], daemon=True)
            for one in members
        ]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(WAIT)

    def _vote(self, member: int, browser: Browser) -> None:
        for number in range(IDEAS):
            if self.stopping.is_set():
                return
            idea = self.ideas[number]
            try:
                if browser.post(f"/ideas/{idea}/vote/") == 302:
                    self.acknowledged.add((member, idea))
                else:
                    time.sleep(0.2)
            except (OSError, http.client.HTTPException):
                time.sleep(0.2)


def survived(kills: int) -> list[dict]:
    """Kill web and worker in turns; return rows of the table."""
    publish_rules(cast="community.vote_cast", received="community.vote_received")
    port, start = free_port(), time.perf_counter()
    web, worker = Process("serve", "--port", str(port)), Process("run_jobs")
    try:
        wait_for(port)
        voters = Voters(port)
        healthy = [_killed(worker if number % 2 else web, port) for number in range(kills)]
        time.sleep(UP_FOR)
        voters.stop()
        left = Activity.objects.undispatched().count()
        unsent = waited_for_worker()
    finally:
        web.kill()
        worker.kill()
    faults = [*faults_of(voters.acknowledged), *([f"{unsent} are left unsent"] * bool(unsent))]
    for fault in faults[:5]:
        print(f"crashes: {fault}")
    seconds, votes = time.perf_counter() - start, len(voters.acknowledged)
    return [_votes_row(kills, votes, len(faults), seconds), *_rows(left, unsent, healthy[::2])]


def _votes_row(kills: int, votes: int, wrong: int, seconds: float) -> dict:
    what = f"G4 {kills} kill -9 of web and worker in turns: votes acknowledged, lost or doubled"
    return {"what": what, "count": votes, "wrong": wrong + (not votes), "seconds": seconds}


def _rows(left: int, unsent: int, healthy: list[float]) -> list[dict]:
    """What the worker had to send, and how long the slowest start of the site took."""
    slow = f"G4 web healthy again, at most {HEALTHY_WITHIN} s"
    late, slowest = max(healthy) > HEALTHY_WITHIN, max(healthy)
    return [
        {"what": "G4 awards left unsent, sent by the worker", "count": left, "wrong": unsent},
        {"what": slow, "count": len(healthy), "wrong": int(late), "seconds": slowest},
    ]


def _killed(victim: Process, port: int) -> float:
    """Let it live for a while, kill it, start it, and measure until the site is healthy."""
    time.sleep(UP_FOR)
    victim.kill()
    again = time.perf_counter()
    victim.start()
    wait_for(port)
    return time.perf_counter() - again


def waited_for_worker() -> int:
    """Wait until the worker's clock has sent what was left; how many are left even so."""
    end = time.monotonic() + WAIT
    while (left := Activity.objects.undispatched().count()) and time.monotonic() < end:
        time.sleep(1)
    return left


def faults_of(acknowledged: set[tuple[int, int]]) -> Iterator[str]:
    votes = set(Vote.objects.values_list("member_id", "idea_id"))
    for member, idea in sorted(acknowledged - votes):
        yield f"the vote of {member} for {idea} was acknowledged and is lost"
    cast = Activity.objects.filter(verb="community.vote_cast")
    paid = Transfer.objects.filter(activity__verb="community.vote_cast")
    if not len(votes) == cast.count() == paid.count():
        yield f"{len(votes)} votes, {cast.count()} activities, {paid.count()} awards"
    yield from (f"{problem.invariant}: {problem.message}" for problem in verify())
    yield from map(str, replay())
