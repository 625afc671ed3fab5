"""Fixtures of the browser journeys: a running demo portal and Debian's Chromium."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.acts import log_in
from tests.e2e.demo import english, loaded
from tests.e2e.portal import serve_copy

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000
SCREENS = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}


# The longest first, so that the processes that share the journeys end together.
ORDER = ["test_accessibility.py", "test_member.py", "test_languages.py"]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: ORDER.index(item.path.name) if item.path.name in ORDER else 9)


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"The journeys need Chromium as {CHROMIUM} (apt-get install chromium).")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def portal(browser: Browser, tmp_path_factory) -> str:
    """The address of a running portal with the demo community, without a closing slash.

    Each process of the suite serves a copy of its own of the one demo that all of them share.
    `MEYDAN_E2E_URL` names a portal that runs already, `MEYDAN_E2E_VAR` a folder with a loaded demo
    on SQLite to copy; `MEYDAN_E2E_DEMO` is where the demo is being loaded for this run.
    """
    if url := os.environ.get("MEYDAN_E2E_URL"):
        yield url.rstrip("/")
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    shared = os.environ.get("MEYDAN_E2E_DEMO") or (base.parent if worker else base) / "demo"
    demo = loaded(english(Path(shared)))
    with serve_copy(demo, tmp_path_factory.mktemp("portal"), worker or "gw0") as url:
        yield url


@pytest.fixture
def open_context(browser: Browser, portal: str):
    """Open browser contexts, each like a device of its own; they close when the test ends.

    `open_context("phone", language="tr")`: a screen of SCREENS, and options of Playwright's own.
    """
    opened = []

    def make(screen: str = "desktop", *, language: str = "en", **options):
        context = browser.new_context(
            base_url=portal,
            locale={"en": "en-GB", "tr": "tr-TR"}[language],
            timezone_id="Europe/Istanbul",
            **SCREENS[screen],
            **options,
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, dict]:
    """Who has logged in during this run, by address: what their browser keeps."""
    return {}


@pytest.fixture
def open_as(open_context, sessions):
    """Open a page of somebody of the demo who is logged in; only the first time they log in."""

    def make(email: str, **options):
        context = open_context(storage_state=sessions.get(email), **options)
        page = context.new_page()
        if email not in sessions:
            log_in(page, "en", email)
            sessions[email] = context.storage_state()
        return page

    return make
