"""G9: a thousand sockets on one process, and what a flood, an abuser and a mass of partings do.

Sixteen sockets for each member; each member wrote an idea, and somebody votes for all of them
through HTTP. A vote pays its author, so a notice has to reach that author's sockets.
"""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field

from memory import megabytes_of
from served import Browser, Process, free_port, session_of, wait_for
from stage import make_members, publish_rules
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from community.models import Idea
from portal.accounts.models import Member
from portal.notifications.models import NoticeStream

SOCKETS, OF_ONE = 1000, 16
BROADCAST_WITHIN, PRESENT_WITHIN, CUT_WITHIN = 1.0, 10.0, 1.5
# What a thousand sockets may hold, in megabytes, and what may stay when they have gone.
HELD, LEFT = 200, 100
ROUNDS = 5


@dataclass(eq=False)
class Page:
    """One open page: the last number that it heard, and when."""

    member: int
    socket: ClientConnection
    last: int = -1
    heard: float = 0.0
    task: asyncio.Task | None = None
    events: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        try:
            async for text in self.socket:
                said = json.loads(text)
                self.last = max(self.last, said.get("seq", -1))
                self.heard = time.perf_counter()
                self.events.set()
        except ConnectionClosed:
            pass


def socket_rows(scale: float, seed: int) -> list[dict]:
    """Open, broadcast, flood, abuse, part; rows of the table."""
    publish_rules(received="community.vote_received")
    count = max(32, int(SOCKETS * scale))
    members = make_members(count // OF_ONE, stem="listener")
    voters = [make_members(1, stem=f"speaker-{n}")[0] for n in range(ROUNDS + 1)]
    ideas = [Idea(title=f"Idea {n}", author=one) for n, one in enumerate(members)]
    ideas = [idea.pk for idea in Idea.objects.bulk_create(ideas)]
    cookies = {one.pk: session_of(one) for one in members}
    port = free_port()
    process = Process("serve", "--port", str(port))
    try:
        wait_for(port)
        speakers = [Browser(one, port) for one in voters]
        crowd = Crowd(port, cookies, count)
        return asyncio.run(crowd.rows(speakers, ideas, members, process.running.pid))
    finally:
        process.kill()


class Crowd:
    def __init__(self, port: int, cookies: dict[int, str], count: int) -> None:
        self.port, self.cookies, self.count = port, cookies, count
        self.pages: list[Page] = []

    async def rows(
        self, speakers: list[Browser], ideas: list[int], members: list[Member], pid: int
    ) -> list[dict]:
        before = megabytes_of(pid)
        opened = await self.open_all()
        held = megabytes_of(pid) - before
        rows = [opened | {"wrong": opened["wrong"] + (held > HELD)}]
        rows[0]["what"] += f", {held:+.0f} MB"
        rows.append(await self.broadcasts(speakers[1:], ideas))
        rows += [await self.abused(b"x" * (16 * 1024 + 1), 1009, "a frame above 16 kB")]
        rows += [await self.abused(b"{}", 4429, "200 messages a second")]
        rows.append(await self.flooded(speakers[0], ideas))
        rows.append(await self.parted(pid, before))
        return rows

    async def open_all(self) -> dict:
        start, gate = time.perf_counter(), asyncio.Semaphore(25)

        async def one(member: int) -> None:
            async with gate:
                self.pages.append(await self.open(member))

        owners = [member for member in self.cookies for _ in range(OF_ONE)][: self.count]
        results = await asyncio.gather(*map(one, owners), return_exceptions=True)
        failed = [result for result in results if result is not None]
        print("sockets that did not open:", failed[:3])
        seconds = time.perf_counter() - start
        return {
            "what": "G9 sockets open on one process",
            "count": len(self.pages),
            "wrong": len(failed),
            "seconds": seconds,
        }

    async def open(self, member: int) -> Page:
        address = f"127.0.0.1:{self.port}"
        socket = await connect(
            f"ws://{address}/ws/",
            origin=f"http://{address}",
            additional_headers={"Cookie": f"sessionid={self.cookies[member]}"},
            compression=None,
            open_timeout=60,
        )
        page = Page(member, socket)
        page.task = asyncio.create_task(page.listen())
        return page

    async def broadcasts(self, speakers: list[Browser], ideas: list[int]) -> dict:
        """Votes for everybody's idea: from each answer until all sixteen of its author know."""
        late: list[float] = []
        by_owner: dict[int, list[Page]] = {}
        for page in self.pages:
            by_owner.setdefault(page.member, []).append(page)
        for speaker in speakers:
            for owner, idea in zip(self.cookies, ideas, strict=True):
                await asyncio.sleep(0)
                wanted = max(page.last for page in by_owner[owner]) + 1
                await asyncio.to_thread(speaker.post, f"/ideas/{idea}/vote/")
                answered = time.perf_counter()
                await self._know(by_owner[owner], wanted, 5)
                late += [
                    page.heard - answered if page.last >= wanted else float("inf")
                    for page in by_owner[owner]
                ]
        slow = statistics.quantiles(late, n=20)[-1]
        what = f"G9 wake-ups: p95 {max(0, slow) * 1000:.0f} ms after the answer, at most 1 s"
        return {"what": what, "count": len(late), "wrong": int(slow > BROADCAST_WITHIN)}

    async def _know(self, pages: list[Page], wanted: int, seconds: float) -> None:
        end = time.perf_counter() + seconds
        for page in pages:
            while page.last < wanted and time.perf_counter() < end:
                page.events.clear()
                try:
                    await asyncio.wait_for(
                        page.events.wait(), max(0.001, end - time.perf_counter())
                    )
                except TimeoutError:
                    break

    async def abused(self, frame: bytes, code: int, what: str) -> dict:
        """One page says too much: it is cut, and nobody else."""
        member = next(iter(self.cookies))
        page, start = await self.open(member), time.perf_counter()
        try:
            while time.perf_counter() - start < CUT_WITHIN:
                await page.socket.send(frame)
                await asyncio.sleep(0.005)
        except ConnectionClosed:
            pass
        seconds = time.perf_counter() - start
        await page.socket.close()
        closed = page.socket.close_code
        others = sum(one.task is not None and one.task.done() for one in self.pages)
        wrong = int(closed != code) + others + int(seconds > CUT_WITHIN)
        return {
            "what": f"G9 {what}: cut with {code}",
            "count": 1,
            "wrong": wrong,
            "seconds": seconds,
        }

    async def flooded(self, speaker: Browser, ideas: list[int]) -> dict:
        """Votes given, taken back and given as fast as they go; then everybody knows the last."""
        start, sent, failed = time.perf_counter(), 0, 0
        while time.perf_counter() - start < 5:
            votes = [asyncio.to_thread(speaker.post, f"/ideas/{idea}/vote/") for idea in ideas[:16]]
            said = await asyncio.gather(*votes, return_exceptions=True)
            sent += len(said)
            failed += sum(one != 302 for one in said)
        done = time.perf_counter()
        last = await asyncio.to_thread(last_numbers, list(self.cookies))
        for page in self.pages:
            await self._know([page], last.get(page.member, 0), PRESENT_WITHIN)
        missing = sum(page.last < last.get(page.member, 0) for page in self.pages)
        seconds = time.perf_counter() - done
        print(f"votes of the flood that were not answered: {failed}")
        wrong = missing + failed + int(seconds > PRESENT_WITHIN)
        what = f"G9 after {sent} votes in a flood everybody knows the last number, within 10 s"
        return {"what": what, "count": len(self.pages), "wrong": wrong, "seconds": seconds}

    async def parted(self, pid: int, before: float) -> dict:
        """All connections break at once; who comes back is told the last number first."""
        for page in self.pages:
            page.socket.transport.abort()
        await asyncio.gather(*(page.task for page in self.pages if page.task))
        last = await asyncio.to_thread(last_numbers, list(self.cookies))
        start = time.perf_counter()
        back = [await self.open(member) for member in list(self.cookies)[:32]]
        for page in back:
            await self._know([page], last.get(page.member, 0), PRESENT_WITHIN)
        wrong = sum(page.last != last.get(page.member, 0) for page in back)
        seconds = time.perf_counter() - start
        left = megabytes_of(pid) - before
        for page in back:
            await page.socket.close()
        what = f"G9 all part at once and come back to the last number, {left:+.0f} MB are left"
        wrong += int(left > LEFT)
        return {"what": what, "count": len(back), "wrong": wrong, "seconds": seconds}


def last_numbers(members: list[int]) -> dict[int, int]:
    from django.db import connections

    try:
        return {one: NoticeStream.objects.last_sequence_of(one) for one in members}
    finally:
        connections.close_all()
