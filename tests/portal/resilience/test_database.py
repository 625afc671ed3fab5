"""The database is gone, frozen, locked, absent or broken: 503 in words, at once, and back soon."""

import contextlib
import sqlite3
import time

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.utils import load_backend
from django.test import Client

from portal.api.services.keys import create_key
from portal.home.views.outages import server_error
from portal.resilience.backends.postgresql import base
from portal.resilience.outages import Outage, outage_in
from tests.servers import has_postgresql, own_postgresql, wait_until

needs_servers = pytest.mark.skipif(not has_postgresql(), reason="PostgreSQL is not installed")
POSTGRESQL = "portal.resilience.backends.postgresql"
SQLITE = "portal.resilience.backends.sqlite3"


def wrapper(engine: str, **known):
    """A connection of its own, as Django would make it."""
    given = connections.settings["default"] | {"OPTIONS": {}, "PORT": "", "HOST": "", "USER": ""}
    return load_backend(engine).DatabaseWrapper(given | known | {"ENGINE": engine}, "default")


@pytest.fixture(scope="module")
def server():
    with own_postgresql() as one:
        yield one


@pytest.fixture
def _unblocked(django_db_blocker):
    """These wrappers lead to databases of the tests' own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def postgresql(server, _unblocked):
    known = {"HOST": "127.0.0.1", "PORT": server.port, "USER": "postgres", "NAME": "postgres"}
    one = wrapper(POSTGRESQL, **known, OPTIONS={"connect_timeout": 2}, CONN_HEALTH_CHECKS=True)
    one.server, one.inc_thread_sharing = server, lambda: None
    yield one
    server.thaw()
    one.close()
    if not server.is_running():
        server.start()
    wait_until(lambda: asks(one))
    one.close()


def asks(one) -> bool:
    try:
        with one.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        one.close()
        return False
    return True


def refused(one, sql: str = "SELECT 1") -> tuple[Outage | None, float]:
    """What asking came to, and after how many seconds."""
    begun = time.monotonic()
    with pytest.raises(OperationalError) as caught, one.cursor() as cursor:
        cursor.execute(sql)
    return outage_in(caught.value), time.monotonic() - begun


@needs_servers
def test_frozen_server_lets_go_within_five_seconds_and_then_at_once(postgresql):
    assert asks(postgresql)
    postgresql.server.freeze()

    first, second = refused(postgresql), refused(postgresql)
    others = []
    for _number in range(20):
        postgresql.close()
        others.append(refused(postgresql)[1])
    postgresql.server.thaw()
    postgresql.close()

    assert (first[0], second[0]) == (Outage.AWAY, Outage.AWAY)
    assert first[1] < 5
    assert sum(others) < 0.5
    assert wait_until(lambda: asks(postgresql)) < 5


@needs_servers
def test_statement_that_takes_long_is_waited_for(postgresql, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.2)
    with postgresql.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")

        assert cursor.fetchone() == ("",)


@needs_servers
def test_stopped_server_is_refused_at_once_and_found_again_at_once(postgresql):
    assert asks(postgresql)
    postgresql.server.stop()
    assert not postgresql.is_usable()

    outage, seconds = refused(postgresql)
    postgresql.close()
    again, _seconds = refused(postgresql)
    postgresql.server.start()
    postgresql.close()

    assert (outage, again) == (Outage.AWAY, Outage.AWAY)
    assert seconds < 1
    assert asks(postgresql)


@needs_servers
def test_connection_that_the_server_ended_is_replaced_before_it_is_used(postgresql):
    """What a restart leaves in each process; without the check its next page is an error."""
    assert asks(postgresql)
    postgresql.server.stop("fast")
    postgresql.server.start()

    postgresql.close_if_unusable_or_obsolete()

    assert asks(postgresql)


@needs_servers
def test_server_without_a_place_left_is_not_taken_for_a_silent_one(postgresql):
    known = f"host=127.0.0.1 port={postgresql.server.port} user=postgres dbname=postgres"
    with contextlib.ExitStack() as full:
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                full.enter_context(psycopg.connect(known))
        outage, seconds = refused(postgresql)

    assert (outage, seconds < 1) == (Outage.AWAY, True)
    assert wait_until(lambda: asks(postgresql)) < 2


@pytest.fixture
def file(tmp_path, _unblocked):
    """A small database of SQLite, and the wrapper of a server that serves it."""
    path = tmp_path / "portal.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE words (word TEXT)")
    made.close()
    one = wrapper(SQLITE, NAME=str(path), MUST_EXIST=str(path), OPTIONS={"timeout": 0.1})
    one.path = path
    yield one
    one.close()


def test_absent_file_is_away_and_none_is_begun_in_its_place(file, tmp_path):
    file.path.rename(tmp_path / "elsewhere")

    outage, _seconds = refused(file)

    assert outage == Outage.AWAY
    assert not file.path.exists()
    (tmp_path / "elsewhere").rename(file.path)
    assert asks(file)


def test_file_that_is_no_database_is_away(file):
    file.path.write_bytes(b"no database at all" * 400)

    with pytest.raises(Exception, match="not a database") as caught, file.cursor() as cursor:
        cursor.execute("SELECT * FROM words")
    assert outage_in(caught.value) == Outage.AWAY


def test_locked_file_is_away(file):
    holder = sqlite3.connect(file.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    assert refused(file, "INSERT INTO words VALUES ('a')")[0] == Outage.AWAY
    holder.close()


def test_file_that_may_only_be_read_takes_no_writing(file):
    with file.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")

    assert refused(file, "INSERT INTO words VALUES ('a')")[0] == Outage.NO_WRITING


def test_full_file_takes_no_writing(file):
    with file.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=2")

    sql = "INSERT INTO words VALUES (hex(zeroblob(90000)))"
    assert refused(file, sql)[0] == Outage.NO_WRITING


def test_fault_of_ours_is_no_outage(file):
    with pytest.raises(OperationalError) as caught, file.cursor() as cursor:
        cursor.execute("SELECT nothing FROM words")

    assert outage_in(caught.value) is None
    assert outage_in(ValueError("no")) is None
    assert outage_in(None) is None


@pytest.mark.parametrize(("number", "found"), [(28, Outage.NO_WRITING), (2, None)])
def test_full_disk_is_told_from_a_missing_file(number, found):
    error = RuntimeError("a picture was not written")
    error.__cause__ = OSError(number, "")

    assert outage_in(error) == found


@pytest.fixture
def away(monkeypatch, db):
    """Every statement fails as that of a database which is gone."""
    error = sqlite3.OperationalError("unable to open database file")
    monkeypatch.setattr(connection, "ensure_connection", lambda: failing(error))
    yield Client(raise_request_exception=False)
    monkeypatch.undo()


def failing(error):
    raise OperationalError(str(error)) from error


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "The portal cannot reach its memory at the moment"),
        ("/ideas/", "The portal cannot reach its memory at the moment"),
        ("/tr/ideas/", "Portal şu anda belleğine ulaşamıyor"),
        ("/cms/", "The portal cannot reach its memory at the moment"),
        ("/points/", "The portal cannot reach its memory at the moment"),
    ],
)
def test_page_without_database_says_so_in_its_language(away, caplog, address, words):
    away.cookies["sessionid"] = "a" * 32

    answer = away.get(address)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert words in answer.content.decode()
    caplog.clear()


@pytest.fixture
def key(db):
    return create_key(name="shop", scopes=["members:read"])[1]


def test_program_without_database_is_told_in_its_form(key, away, caplog):
    answer = away.get("/api/v1/members/ayse", headers={"Authorization": f"Bearer {key}"})

    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == "5"
    assert answer.json()["title"] == "One moment, please"
    assert answer.json()["detail"].startswith("The portal cannot reach its memory")
    caplog.clear()


def test_fragment_without_database_is_a_toast(away, caplog):
    away.cookies["sessionid"] = "a" * 32

    answer = away.post("/ideas/1/vote/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#toasts")
    assert answer.content.decode().startswith('<div class="toast toast-bad"')
    caplog.clear()


def test_what_was_typed_is_shown_again_and_secrets_are_not(away, caplog):
    away.cookies["sessionid"] = "a" * 32
    long = "A rack for forty bikes, <b>by the gate</b>."

    said = {"title": "Bikes", "body": long, "password": "meydan-demo-pass"}
    page = away.post("/ideas/new/?from=home", said).content.decode()

    assert 'action="/ideas/new/?from=home"' in page
    assert "A rack for forty bikes, &lt;b&gt;by the gate&lt;/b&gt;." in page
    assert '<input type="hidden" name="title" value="Bikes">' in page
    assert "meydan-demo-pass" not in page
    caplog.clear()


def test_form_of_another_site_is_not_offered_again(away, caplog):
    strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
    strict.cookies["sessionid"] = "a" * 32

    answer = strict.post("/ideas/new/", {"body": "Give all my points to somebody else."})

    assert answer.status_code == 503
    assert "somebody else" not in answer.content.decode()
    caplog.clear()


def test_process_lives_and_readiness_names_the_database(away):
    assert away.get("/healthz").status_code == 200
    answer = away.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["database"] == "down"
    assert answer.json()["status"] == "failing"


def test_fault_of_ours_stays_an_error_page(rf):
    try:
        raise ValueError("ours")
    except ValueError:
        assert server_error(rf.get("/")).status_code == 500


def test_databases_are_opened_by_our_backends():
    assert settings.DATABASES["default"]["ENGINE"] in (POSTGRESQL, SQLITE)
