"""Sixty-four who do something at the same moment, and what is said of it afterwards."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


class Crowd:
    """Threads that start together, each with a connection that it keeps."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pool = ThreadPoolExecutor(size)

    def push(self, runs: Iterable[Callable[[], object]]) -> list[Exception]:
        """Run one call a thread, all at the same moment; return what they raised."""
        gate = threading.Barrier(self.size)

        def run(one: Callable[[], object]) -> Exception | None:
            gate.wait(timeout=60)
            try:
                one()
            except Exception as error:
                return error
            return None

        return [error for error in self.pool.map(run, runs) if error]

    def leave(self) -> None:
        gate = threading.Barrier(self.size)

        def close(_number: int) -> None:
            gate.wait(timeout=60)
            connections.close_all()

        list(self.pool.map(close, range(self.size)))
        self.pool.shutdown()


def unexpected(errors: list[Exception], *expected: type[Exception]) -> Iterable[str]:
    yield from (f"raised {error!r}" for error in errors if not isinstance(error, expected))


def differs(what: str, found, wanted) -> Iterable[str]:
    if found != wanted:
        yield f"{found} {what} instead of {wanted}"
