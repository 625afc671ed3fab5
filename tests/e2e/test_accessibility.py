"""Every address, looked at as a machine sees it: axe, the console, the network, the width.

One test a role and language opens each page once; it reports everything that it found at the end.
"""

from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.e2e.acts import log_in

PUBLIC = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/ideas/",
    "/ideas/?sort=new",
    "/roadmap/",
    "/knowledge/",
    "/surveys/",
    "/events/",
    "/challenges/",
    "/contests/",
    "/leaderboard/",
    "/leaderboard/?period=all",
    "/badges/",
    "/search/",
    "/search/?q=tent",
    "/search/?q=xyzzy",
    "/privacy/",
    "/no-such-page/",
]
# What only visitors see: a member is led on from there.
ENTRANCE = {"/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"}
PRIVATE = [
    "/dashboard/",
    "/welcome/",
    "/first-week/",
    "/ideas/new/",
    "/points/",
    "/notifications/",
    "/settings/profile/",
    "/settings/notifications/",
    "/settings/privacy/",
    "/settings/export/",
    "/settings/close/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
]
# A list, and which of its rows' links lead to a page of its own kind.
DETAILS = {
    "/ideas/": ("/ideas/",),
    "/knowledge/": ("/knowledge/",),
    "/surveys/": ("/surveys/",),
    "/events/": ("/events/",),
    "/challenges/": ("/challenges/",),
    "/contests/": ("/contests/",),
    "/leaderboard/?period=all": ("/members/",),
    "/badges/": ("/badges/",),
}
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}
EVERYTHING = {"resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}

# Colours fade from one theme to the other, and what inherits a colour fades after it: they are
# judged when the last has arrived.
SETTLED = """async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    for (let calm = 0; calm < 2;) {
        await frame();
        await frame();
        const fading = document.getAnimations().filter(
            (one) => one.playState === "running" && one.effect.getTiming().iterations < 9,
        );
        calm = fading.length ? 0 : calm + 1;
        await Promise.allSettled(fading.map((one) => one.finished));
    }
}"""


@dataclass
class Audit:
    """What was found on the pages of one visit, address by address."""

    page: Page
    found: list[str] = field(default_factory=list)
    address: str = ""
    expected_status: int = 200

    def __post_init__(self):
        self.axe = Axe()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.note(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def note(self, text: str) -> None:
        self.found.append(f"{self.address}  {text}")

    def _console(self, message) -> None:
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            self.note(f"console {message.type}: {message.text}")

    def _failed(self, request) -> None:
        # The browser itself ends a film's download when it has enough of it.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"request failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 400 and not (is_page and response.status == self.expected_status):
            self.note(f"status {response.status}: {response.url}")

    def look(self, address: str, *, is_dark_first: bool) -> None:
        """Open an address; look at it wide and light, and narrow and dark.

        One of the two looks at everything, the other at what a theme changes: contrast.
        """
        self.address = address
        self.expected_status = 404 if "no-such" in address else 200
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(DESKTOP)
        self.page.goto(address)
        self.check("light", CONTRAST if is_dark_first else EVERYTHING)
        self.page.emulate_media(color_scheme="dark")
        self.page.set_viewport_size(NARROW)
        self.check("dark", EVERYTHING if is_dark_first else CONTRAST)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW["width"]:
            self.note(f"scrolls sideways: {wide} px at {NARROW['width']}")

    def check(self, look: str, options: dict) -> None:
        self.page.evaluate(SETTLED)
        for rule in self.axe.run(self.page, options=options).response["violations"]:
            for node in rule["nodes"]:
                why = " ".join(node["failureSummary"].split())[:300]
                self.note(f"[{look}] {rule['id']}: {node['html'][:160]}  {why}")

    def details(self, prefix: str) -> list[str]:
        """The first two pages of each list, and every kind of page under the knowledge base."""
        addresses = []
        for listing, starts in DETAILS.items():
            self.page.goto(prefix + listing)
            for start in starts:
                addresses += first_links(self.page, prefix + start, prefix + listing)
        return list(dict.fromkeys(addresses))


def first_links(page: Page, start: str, listing: str) -> list[str]:
    """Addresses of up to two rows; the first articles, films and categories of the knowledge."""
    links = page.get_by_role("main").get_by_role("link").all()
    paths = [(link.get_attribute("href") or "").split("#")[0] for link in links]
    fitting = [
        path
        for path in dict.fromkeys(paths)
        if path.startswith(start) and path != listing and "?" not in path and ".ics" not in path
    ]
    fitting = [path for path in fitting if not path.endswith(("/new/", "/search/"))]
    if "knowledge" not in start:
        return fitting[:2]
    shallow = [path for path in fitting if path.count("/") == start.count("/") + 1]
    deep = [path for path in fitting if path.count("/") > start.count("/") + 1]
    return shallow[:1] + deep[:2] + deep[-2:]


@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("role", ["visitor", "member"])
def test_addresses_have_no_violation(open_context, role, language):
    context = open_context(language=language, reduced_motion="reduce")
    page = context.new_page()
    prefix = "" if language == "en" else "/tr"
    if role == "member":
        log_in(page, language, "member@example.com")
        addresses = PRIVATE + [path for path in PUBLIC if path not in ENTRANCE]
    else:
        addresses = PUBLIC
    audit = Audit(page)

    for address in [prefix + path for path in addresses] + audit.details(prefix):
        audit.look(address, is_dark_first=language == "tr")

    assert audit.found == [], "\n".join(audit.found)
