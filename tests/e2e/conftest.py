"""Fixtures of the browser journeys: a running demo portal and Debian's Chromium."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.portal import demo_portal

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
    "--autoplay-policy=no-user-gesture-required",
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


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


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
    """The address of a running portal with the demo community, without a closing slash."""
    with demo_portal(tmp_path_factory.mktemp("var")) as url:
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
