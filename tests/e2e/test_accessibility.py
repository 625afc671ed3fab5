"""Every address, looked at as a machine sees it: axe, the console, the network, the width.

One test a role and language opens each page once; it reports everything that it found at the end.
"""

import os
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.e2e.acts import log_in

IS_WHOLE = os.environ.get("JOURNEYS") == "whole"
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
    "/rewards/",
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
    "/ideas/": "/ideas/",
    "/knowledge/": "/knowledge/",
    "/surveys/": "/surveys/",
    "/events/": "/events/",
    "/challenges/": "/challenges/",
    "/contests/": "/contests/",
    "/leaderboard/?period=all": "/members/",
    "/badges/": "/badges/",
    "/rewards/": "/rewards/",
}
LOOKS = {"light": {"width": 1280, "height": 900}, "dark": {"width": 360, "height": 740}}
EVERYTHING = {"resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}

# Colours fade from one theme to the other; they are judged when they have arrived. So nothing takes
# any time here. A constructed sheet, as the page's own policy lets no other style in.
AT_ONCE = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`*, *::before, *::after {
        transition-duration: 0s !important; transition-delay: 0s !important;
        animation-duration: 0s !important; animation-delay: 0s !important;
    }`);
    document.adoptedStyleSheets.push(sheet);
}"""
SETTLED = "() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))"
VIOLATIONS = """async (options) => (await axe.run(options)).violations.map(
    (rule) => [rule.id, rule.nodes.map((node) => [node.html, node.failureSummary])],
)"""
LINKS = """() => [...document.querySelectorAll("body a[href]")]
    .filter((link) => link.host === location.host)
    .map((link) => [link.closest("main") ? "main" : "frame", link.pathname + link.search])"""


@dataclass
class Audit:
    """What was found on the pages of one visit, address by address."""

    page: Page
    found: list[str] = field(default_factory=list)
    address: str = ""
    expected_status: int = 200
    worn: str = ""

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

    def look(self, address: str, *, whole: str) -> None:
        """Open an address; look at it wide and light, and narrow and dark.

        The look called `whole` is judged by every rule, the other by what a theme changes:
        contrast. The first look is the one in which the page before was left.
        """
        self.address = address
        self.expected_status = 404 if "no-such" in address else 200
        looks = sorted(LOOKS, key=lambda look: look != self.worn)
        self.wear(looks[0])
        self.page.goto(address)
        self.page.evaluate(AT_ONCE)
        self.page.evaluate(self.axe.axe_script)
        for look in looks:
            self.wear(look)
            self.check(look, EVERYTHING if look == whole else CONTRAST)

    def wear(self, look: str) -> None:
        """Change theme and size of the page in place."""
        if look != self.worn:
            self.page.emulate_media(color_scheme=look)
            self.page.set_viewport_size(LOOKS[look])
            self.worn = look

    def check(self, look: str, options: dict) -> None:
        self.page.evaluate(SETTLED)
        for rule, nodes in self.page.evaluate(VIOLATIONS, options):
            for html, summary in nodes:
                self.note(f"[{look}] {rule}: {html[:160]}  {' '.join(summary.split())[:300]}")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > LOOKS[look]["width"]:
            self.note(f"scrolls sideways: {wide} px at {LOOKS[look]['width']}")

    def links(self, part: str) -> list[str]:
        """Addresses of this site in the page's content, `main`, or around it, `frame`."""
        found = [path for place, path in self.page.evaluate(LINKS) if place == part]
        return list(dict.fromkeys(found))

    def leads_to(self, prefix: str) -> list[str]:
        """From a list the pages of its first rows; from the home page all places around it."""
        path = self.address.removeprefix(prefix)
        if path == "/":
            around = self.links("frame")
            here = [one.removeprefix(prefix) for one in around if one.startswith(f"{prefix}/")]
            return [prefix + one for one in here if is_a_place(one)]
        start = prefix + DETAILS[path] if path in DETAILS else None
        return first_links(self.links("main"), start, self.address) if start else []


def is_a_place(path: str) -> bool:
    """Not the other language, a file or what belongs to the CMS."""
    return path.endswith("/") and not path.startswith(("/tr/", "/en/", "/cms/", "/i18n/"))


def first_links(paths: list[str], start: str, listing: str) -> list[str]:
    """The address of the first row, of two where the journeys are taken as a whole.

    Of the knowledge those of the first articles, films and categories.
    """
    fitting = [
        path
        for path in paths
        if path.startswith(start) and path != listing and "?" not in path and ".ics" not in path
    ]
    fitting = [path for path in fitting if not path.endswith(("/new/", "/search/"))]
    if "knowledge" not in start:
        return fitting[: 2 if IS_WHOLE else 1]
    shallow = [path for path in fitting if path.count("/") == start.count("/") + 1]
    deep = [path for path in fitting if path.count("/") > start.count("/") + 1]
    return shallow[:1] + deep[:2] + deep[-2:]


@pytest.mark.parametrize(
    ("role", "language"),
    [
        ("visitor", "en"),
        # Of what visitors see too, here only the lists that lead on, and where they lead.
        ("member", "tr"),
        pytest.param("visitor", "tr", marks=pytest.mark.whole),
        pytest.param("member", "en", marks=pytest.mark.whole),
    ],
)
def test_addresses_have_no_violation(open_context, role, language):
    page = open_context(language=language, reduced_motion="reduce").new_page()
    prefix = "" if language == "en" else "/tr"
    addresses = PUBLIC
    if role == "member":
        log_in(page, language, "member@example.com")
        shared = PUBLIC if IS_WHOLE else ["/", *DETAILS]
        addresses = PRIVATE + [path for path in shared if path not in ENTRANCE]
    audit = Audit(page)

    left, seen = [prefix + path for path in addresses], set()
    while left:
        address = left.pop(0)
        seen.add(address)
        audit.look(address, whole="dark" if language == "tr" else "light")
        left += [path for path in audit.leads_to(prefix) if path not in {*seen, *left}]

    assert audit.found == [], "\n".join(audit.found)
