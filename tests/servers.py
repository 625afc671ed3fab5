"""Redis and PostgreSQL servers of a test's own, to be stopped, frozen, killed and brought back."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

WAIT = 30
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if os.name == "posix" else []


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


def has_postgresql() -> bool:
    return bool(BINARIES) or shutil.which("initdb") is not None


class OwnRedis:
    """A Redis that keeps nothing, in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        said = ["--port", str(self.port), "--save", "", "--bind", "127.0.0.1", "--appendonly", "no"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(["redis-server", *said], stdout=quiet, stderr=quiet)
        client = redis.Redis.from_url(self.url)
        wait_until(client.ping)
        client.close()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class OwnPostgreSQL:
    """A PostgreSQL with its data in a folder; as root its processes belong to `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "data", free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        folder.chmod(0o755)
        self.folder.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self.folder), "-A", "trust", "-U", "postgres", "--no-sync")
        self.start()

    def start(self) -> None:
        said = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        said += " -c shared_buffers=32MB -c max_connections=60 -c max_wal_size=64MB"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder), "-o", said, "-l", log, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """End it: `immediate` is what a crash is like."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", mode, "-w", "stop", check=False)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def is_running(self) -> bool:
        return not self._run("pg_ctl", "-D", str(self.folder), "status", check=False).returncode

    def _signal(self, number: signal.Signals) -> None:
        main = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in [main, *map(int, children)]:
            os.kill(process, number)

    def _run(self, program: str, *said: str, check: bool = True) -> subprocess.CompletedProcess:
        path = BINARIES[-1] / program if BINARIES else shutil.which(program)
        command = [str(path), *said]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # What it starts keeps the output open, so it must not be a pipe.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
            if check and done.returncode:
                output.seek(0)
                raise RuntimeError(output.read().decode(errors="replace"))
        return done


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    server = OwnRedis()
    try:
        yield server
    finally:
        server.thaw()
        server.kill()


@contextmanager
def own_postgresql(folder: Path | None = None) -> Iterator[OwnPostgreSQL]:
    """A server that ends with the block; its data goes unless it was given a folder."""
    made = folder or Path(tempfile.mkdtemp(prefix="meydan-postgresql-"))
    server = OwnPostgreSQL(made)
    try:
        yield server
    finally:
        if server.is_running():
            server.thaw()
            server.stop()
        if folder is None:
            shutil.rmtree(made, ignore_errors=True)


def wait_until(ask, seconds: float = WAIT) -> float:
    """Ask until it answers truly, and return after how many seconds it did."""
    begun = time.monotonic()
    while True:
        try:
            if ask():
                return time.monotonic() - begun
        except (OSError, redis.RedisError, psycopg.Error):
            pass
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"nothing after {seconds} seconds")
        time.sleep(0.05)
