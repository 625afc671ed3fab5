import pytest

from portal.ui.checks import production_is_safe, requests_are_not_atomic, sqlite_is_careful

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}


def ids(errors):
    return [error.id for error in errors]


@pytest.fixture
def database(settings, monkeypatch):
    """Change the settings of the database, without touching its connection."""

    def change(**fields):
        for name, value in fields.items():
            monkeypatch.setitem(settings.DATABASES["default"], name, value)

    return change


@pytest.fixture
def production(settings, database):
    """A production's settings, all of them right."""
    database(ENGINE="django.db.backends.postgresql")
    settings.IS_PRODUCTION = True
    settings.DEBUG = False
    settings.REDIS_URL = "redis://redis/0"
    settings.RATE_LIMITS = True
    settings.SECRET_KEY = "s" * 50
    settings.CREDENTIAL_KEY = "c" * 50
    settings.ALLOWED_HOSTS = ["square.example"]
    settings.PUBLIC_URL = "https://square.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_right_production_settings_are_let_through(production):
    assert production_is_safe() == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("REDIS_URL", "", "REDIS_URL is not set"),
        ("RATE_LIMITS", False, "RATE_LIMITS is off"),
        ("SECRET_KEY", "short", "SECRET_KEY is shorter"),
        ("CREDENTIAL_KEY", "short", "CREDENTIAL_KEY is shorter"),
        ("ALLOWED_HOSTS", [], "ALLOWED_HOSTS is empty"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS is empty"),
        ("PUBLIC_URL", "http://square.example", "PUBLIC_URL is"),
        ("PUBLIC_URL", "", "PUBLIC_URL is"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "EMAIL_BACKEND is"),
    ],
)
def test_unsafe_production_setting_is_refused_in_words(production, name, value, words):
    setattr(production, name, value)

    [error] = production_is_safe()

    assert error.msg.startswith(words)
    assert error.hint


def test_sqlite_is_refused_in_production(production, database):
    database(**SQLITE)

    assert [error.msg for error in production_is_safe()] == ["The database is SQLite."]


def test_embedded_default_may_do_what_production_may_not(settings):
    settings.IS_PRODUCTION = False
    settings.ALLOWED_HOSTS = ["*"]

    assert production_is_safe() == []


def test_atomic_requests_are_refused_everywhere(database):
    database(ATOMIC_REQUESTS=True)

    assert ids(requests_are_not_atomic()) == ["portal.E001"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON"}, ["synchronous=FULL"]),
        ({"transaction_mode": "DEFERRED"}, ["transaction_mode IMMEDIATE"]),
    ],
)
def test_careless_sqlite_is_refused(database, change, missing):
    database(**{**SQLITE, "OPTIONS": {**SQLITE["OPTIONS"], **change}})

    found = sqlite_is_careful()

    assert len(found) == len(missing)
    assert all(name in error.msg for name, error in zip(missing, found, strict=True))
