"""A portal of its own for the journeys: a copy of the demo, served by a process of its own."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.demo import ROOT, Demo

# Seconds; a busy machine starts several servers at once.
PATIENCE = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"The portal did not start:\n{log.read_text()}")


@contextlib.contextmanager
def serve(demo: Demo) -> Iterator[str]:
    """Serve on a free port; leaving stops the server and waits for its end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = demo.folder / "serve.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=demo.env() | {"PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_ready(url, server, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextlib.contextmanager
def serve_copy(demo: Demo, folder: Path, worker: str) -> Iterator[str]:
    """Serve a copy of a loaded demo; what happened on it must leave a ledger that adds up."""
    copy = demo.copy(folder, worker)
    with serve(copy) as url:
        yield url
    copy.check_ledger()
    copy.remove()
