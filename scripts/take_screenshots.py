"""Take the pictures of the main pages in docs/screenshots/ from a running demo.

    .venv/bin/python scripts/take_screenshots.py http://127.0.0.1:8000 [folder]

Ten pages on a phone and on a desktop; the portal must have been started with `make run`.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"]
SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}
PAGES = {
    "home": "/",
    "ideas": "/ideas/",
    "idea": "first:/ideas/ .idea-row h2 a",
    "article": "first:/knowledge/ main a[href*='/knowledge/']",
    "events": "/events/",
    "challenges": "/challenges/",
    "leaderboard": "/leaderboard/",
    "rewards": "/rewards/",
    "points": "/points/",
    "dashboard": "/dashboard/",
}
WIDTH_OF_JPEG = 82


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill("member@example.com")
    page.get_by_label("Password", exact=True).fill("meydan-demo")
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.wait_for_load_state()


def open_page(page: Page, site: str, address: str) -> None:
    if address.startswith("first:"):
        path, _, selector = address.removeprefix("first:").partition(" ")
        page.goto(site + path)
        address = page.locator(selector).first.get_attribute("href")
    page.goto(site + address)
    page.wait_for_load_state("networkidle")


def take(browser: Browser, site: str, folder: Path) -> None:
    for screen, (width, height) in SCREENS.items():
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        open_page(page, site, PAGES["home"])
        page.screenshot(path=folder / f"home-{screen}.jpg", quality=WIDTH_OF_JPEG, type="jpeg")
        log_in(page, site)
        for name, address in PAGES.items():
            if name != "home":
                open_page(page, site, address)
                path = folder / f"{name}-{screen}.jpg"
                page.screenshot(path=path, quality=WIDTH_OF_JPEG, type="jpeg")
        context.close()


def main() -> None:
    site = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "docs/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        take(browser, site, folder)
        browser.close()


if __name__ == "__main__":
    main()
