"""A portal of its own for the journeys: the demo community, served by a process of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "meydan_e2e"
PATIENCE = 60


def make_database(url: str) -> str:
    """Empty the journeys' own PostgreSQL database beside the one of `url`; return its address."""
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = sql.Identifier(DATABASE)
    address = urlunsplit(parts._replace(scheme="postgresql"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    return urlunsplit(parts._replace(path=f"/{DATABASE}"))


def environment(folder: Path) -> dict[str, str]:
    """The embedded default in `folder`, or the database and Redis that the suite runs on."""
    env = os.environ | {
        "VAR_DIR": str(folder),
        "RATE_LIMITS": "off",
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
    }
    if url := os.environ.get("DATABASE_URL"):
        env["DATABASE_URL"] = make_database(url)
    return env


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(*arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"The portal did not start:\n{log.read_text()}")


@contextlib.contextmanager
def serve(folder: Path, env: dict[str, str]) -> Iterator[str]:
    """Serve on a free port; leaving stops the server and waits for its end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / "serve.log"
    env = env | {"PORT": str(port)}
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=env,
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
def demo_portal(folder: Path) -> Iterator[str]:
    """The address of a running portal with the demo, set up from nothing.

    `MEYDAN_E2E_URL` names one that runs already; `MEYDAN_E2E_VAR` a folder with a loaded demo on
    SQLite, of which a copy is served.
    """
    if url := os.environ.get("MEYDAN_E2E_URL"):
        yield url.rstrip("/")
        return
    if loaded := os.environ.get("MEYDAN_E2E_VAR"):
        shutil.copytree(loaded, folder, dirs_exist_ok=True)
        (folder / "portal.lock").unlink(missing_ok=True)
    env = environment(folder)
    manage("prepare", env=env)
    with serve(folder, env) as url:
        yield url
