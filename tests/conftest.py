import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone, translation

from badges.services.books import forget_system_accounts
from portal.activity import triggers
from tests.databases import close_other_sessions, drop_copy, put_back, read_first_rows, use_copy

# A suite makes many objects that live for one test; to look for garbage among them as often as
# Python does by itself takes a tenth of its time. On PostgreSQL the connections of threads that
# have ended are closed only when garbage is collected.
if connection.vendor == "sqlite":
    gc.set_threshold(200_000, 50, 100)
FIRST_ROWS = {}
# A minute each: whoever takes one last lets the other processes wait for it.
LONGEST = ("test_ledger_machine.py", "test_authorization.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """The order in which processes take modules, so that they end together.

    What needs no database goes first, as the migrated file may still be in the making; then the
    longest modules, then the others by the number of their tests.
    """
    if not hasattr(config, "workerinput"):
        return
    modules = {}
    for item in items:
        modules.setdefault(item.path, []).append(item)
    in_order = sorted(
        modules.values(),
        key=lambda tests: (
            any(map(needs_database, tests)),
            tests[0].path.name not in LONGEST,
            -len(tests),
        ),
    )
    items[:] = [item for tests in in_order for item in tests]


def needs_database(item: pytest.Item) -> bool:
    known = {"db", "transactional_db", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or known & set(item.fixturenames))


@pytest.fixture(autouse=True)
def _clean_thread():
    """Nothing that a test left in its thread or in the cache reaches the next one."""
    clean_thread()


def clean_thread() -> None:
    cache.clear()
    forget_system_accounts()
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


@pytest.fixture
def commits(db):
    with committing():
        yield connection


@contextmanager
def committing() -> Iterator[None]:
    """Run on-commit callbacks when the product's outermost savepoint is released.

    Tests run inside a transaction, so nothing ever commits; the product's own outermost `atomic`
    is a savepoint there, and outside of it callbacks run at once. Their errors come through.
    """
    outside = len(connection.savepoint_ids)
    release, remember = connection.savepoint_commit, connection.on_commit

    def released(sid):
        release(sid)
        while len(connection.savepoint_ids) == outside and connection.run_on_commit:
            _sids, callback, _robust = connection.run_on_commit.pop(0)
            callback()

    def remembered(callback, robust=False):
        if len(connection.savepoint_ids) > outside:
            remember(callback, robust)
        else:
            callback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "savepoint_commit", released)
        patch.setattr(connection, "on_commit", remembered)
        yield


@pytest.fixture(scope="module")
def rows_of_module(django_db_setup, django_db_blocker):
    """A transaction around the tests of a module.

    What fixtures of the module's scope write is there for each of its tests, which take back only
    their own. Not for modules with transactional tests.
    """
    with django_db_blocker.unblock():
        clean_thread()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def first_pages(rows_of_module):
    """The pages and roles that every portal begins with, made once for a module."""
    from portal.home.bootstrap import bootstrap_site

    with committing():
        bootstrap_site()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, tmp_path_factory):
    """On SQLite a copy of a file that was migrated once; PostgreSQL migrates for each worker."""
    if connection.vendor != "sqlite":
        request.getfixturevalue("django_db_setup")
        with django_db_blocker.unblock():
            FIRST_ROWS.update(read_first_rows())
        yield
        with django_db_blocker.unblock():
            close_other_sessions()
        return
    request.getfixturevalue("django_db_modify_db_settings")
    target = tmp_path_factory.mktemp("database") / "test.sqlite3"
    with django_db_blocker.unblock():
        former = use_copy(target)
        FIRST_ROWS.update(read_first_rows())
    yield
    with django_db_blocker.unblock():
        drop_copy(target, former)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Let the flush after transactional tests through: the triggers stand aside for it.

    What migrations brought in is there again afterwards, as any test may be the next.
    """
    from django.core.management.commands.flush import Command

    flush = Command.handle

    def handle(self, *args, **options):
        triggers.drop_triggers()
        try:
            flush(self, *args, **options | {"inhibit_post_migrate": True})
            put_back(FIRST_ROWS)
        finally:
            triggers.install_triggers()

    Command.handle = handle
    yield
    Command.handle = flush


@pytest.fixture
def member(commits):
    from tests.factories.members import MemberFactory

    return MemberFactory()


@pytest.fixture
def member_client(client, member):
    client.force_login(member)
    client.member = member
    return client
