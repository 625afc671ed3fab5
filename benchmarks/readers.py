"""Members who open pages while something is broken, and what they see."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from served import session_of
from stage import make_members

READERS = 4
PATHS = ("/ideas/", "/leaderboard/", "/points/")
# A part that is back is used again within so many seconds.
BACK_WITHIN = 10.0


@dataclass
class Reading:
    """What readers saw in one state."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else 0.0


class Readers:
    """Members who open one page after the other until they are stopped."""

    def __init__(self, port: int) -> None:
        self.port, self.stopping, self.now = port, threading.Event(), Reading()
        people = make_members(READERS, stem=f"reader-{time.monotonic_ns()}")
        cookies = [session_of(one) for one in people]
        self.threads = [
            threading.Thread(target=self._read, args=[cookie], daemon=True) for cookie in cookies
        ]
        for thread in self.threads:
            thread.start()

    def measure(self, seconds: float) -> Reading:
        """What they see from now on, for so long."""
        self.now = seen = Reading()
        time.sleep(seconds)
        self.now = Reading()
        return seen

    def stop(self) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def _read(self, cookie: str) -> None:
        number = 0
        while not self.stopping.is_set():
            seen, begun = self.now, time.perf_counter()
            status = asked(self.port, PATHS[number % len(PATHS)], cookie)
            seen.seconds.append(time.perf_counter() - begun)
            seen.statuses[status] = seen.statuses.get(status, 0) + 1
            number += 1
            time.sleep(0.05 if status == 200 else 0.2)


def asked(port: int, path: str, cookie: str = "") -> int:
    """The status of an answer; 0 where there was none."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("GET", path, headers={"Cookie": f"sessionid={cookie}"} if cookie else {})
        answer = link.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        link.close()


def seconds_until(is_so: Callable[[], bool], limit: float = 60.0) -> float:
    begun = time.perf_counter()
    while not is_so() and time.perf_counter() - begun < limit:
        time.sleep(0.1)
    return time.perf_counter() - begun
