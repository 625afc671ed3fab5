"""The demo community for the journeys: loaded once, copied for every process that drives a browser.

    python -m tests.e2e.demo FOLDER [--language tr] [--members N]

loads it into an empty folder. A second process that wants the same folder waits for the first.
"""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
# Written beside the demo when what the journeys left behind does not add up.
UNSOUND = "ledger-does-not-add-up"
# Redis databases of the journeys lie beyond those of the unit tests' processes.
FIRST_REDIS = 8


@dataclass(frozen=True)
class Demo:
    """A demo community: a folder, and where the suite runs on PostgreSQL a database of its own.

    `name` and `number` tell its databases on PostgreSQL and Redis apart from those of others.
    """

    folder: Path
    name: str = "e2e"
    number: int = 0
    language: str = "en"

    def env(self) -> dict[str, str]:
        """The embedded default in the folder, or the kind of database and Redis of the suite."""
        env = os.environ | {
            "VAR_DIR": str(self.folder),
            "RATE_LIMITS": "off",
            "DEFAULT_LANGUAGE": self.language,
            "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        }
        if url := os.environ.get("DATABASE_URL"):
            env["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{self._database()}"))
        if url := os.environ.get("REDIS_URL"):
            path = f"/{(FIRST_REDIS + self.number) % 16}"
            env["REDIS_URL"] = urlunsplit(urlsplit(url)._replace(path=path))
        return env

    def load(self, members: int | None = None) -> None:
        """Load it, unless that is done; whoever comes second waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = self.folder.with_suffix(".loaded")
        with self.folder.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if done.exists():
                return
            given = os.environ.get("MEYDAN_E2E_VAR")
            if given and self.language == "en":
                shutil.copytree(given, self.folder, dirs_exist_ok=True)
                (self.folder / "portal.lock").unlink(missing_ok=True)
            elif not os.environ.get("DATABASE_URL"):
                self._start_from_migrated_file()
            self._make_database()
            self.manage("prepare", *(["--members", str(members)] if members else []))
            done.touch()

    def copy(self, folder: Path, worker: str) -> "Demo":
        """The same community once more, for the server of one of the suite's processes."""
        ignored = shutil.ignore_patterns("portal.lock")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True, ignore=ignored)
        number = 2 + int(worker.removeprefix("gw"))
        copy = Demo(folder, f"{self.name}_{worker}", number, self.language)
        copy._make_database(template=self)
        return copy

    def check_ledger(self) -> None:
        """Run `verify_ledger`; what it finds fails the run, as trying again could hide it."""
        try:
            self.manage("verify_ledger")
        except RuntimeError as error:
            if folder := os.environ.get("MEYDAN_E2E_DEMO"):
                Path(folder).with_name(UNSOUND).write_text(str(error))
            raise

    def remove(self) -> None:
        """Drop the database of a copy; its folder goes with the test's other files."""
        if os.environ.get("DATABASE_URL"):
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._database())

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _database(self) -> str:
        return f"{urlsplit(os.environ['DATABASE_URL']).path[1:]}_{self.name}"

    def _make_database(self, template: "Demo | None" = None) -> None:
        if not os.environ.get("DATABASE_URL"):
            return
        self.remove()
        if template:
            names = self._database(), template._database()
            self._execute("CREATE DATABASE {} TEMPLATE {}", *names)
        else:
            self._execute("CREATE DATABASE {}", self._database())

    def _execute(self, statement: str, *names: str) -> None:
        import psycopg
        from psycopg import sql

        address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql"))
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _start_from_migrated_file(self) -> None:
        """Begin with the unit tests' migrated file: migrations take a third of the loading."""
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
        django.setup()
        from tests.databases import migrated_file

        shutil.copyfile(migrated_file(), self.folder / "portal.sqlite3")


@contextmanager
def loading(folder: Path, *options: str) -> Iterator[subprocess.Popen]:
    """Load in a process of its own, which ends at the latest with this."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.demo", str(folder), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        process.stdout.close()


def english(folder: Path) -> Demo:
    return Demo(folder)


def turkish(folder: Path) -> Demo:
    """The demo with the languages the other way round: Turkish at `/`."""
    return Demo(folder, "e2e_tr", 1, "tr")


def loaded(demo: Demo, *options: str) -> Demo:
    """Load and wait for it. Raises RuntimeError with what the process said."""
    with loading(demo.folder, "--language", demo.language, *options) as process:
        said = process.stdout.read()
        if process.wait():
            raise RuntimeError(f"The demo community could not be loaded:\n{said}")
    return demo


def main() -> None:
    parser = argparse.ArgumentParser(description="Load the demo community for the journeys.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=["en", "tr"], default="en")
    parser.add_argument("--members", type=int)
    wanted = parser.parse_args()
    make = {"en": english, "tr": turkish}[wanted.language]
    make(wanted.folder).load(wanted.members)


if __name__ == "__main__":
    main()
