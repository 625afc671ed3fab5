"""The square opened in Turkish: everything of the contract the other way round, link by link."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.e2e.acts import log_in
from tests.e2e.demo import loaded, turkish
from tests.e2e.portal import serve
from tests.e2e.test_accessibility import PRIVATE, PUBLIC

# Enough for ideas, comments, votes and places on the leaderboard.
MEMBERS = "8"
# Pages of one kind that are followed from lists.
OF_A_KIND = 3
# The slugs of single pages follow their language.
PRIVACY = {"tr": "/gizlilik/", "en": "/privacy/"}
NO_LANGUAGE = ("/cms/", "/media/", "/documents/", "/static/", "/i18n/", "/brand.")

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def turkish_portal(tmp_path_factory) -> str:
    """The address of a portal that was set up and filled with `DEFAULT_LANGUAGE=tr`."""
    demo = loaded(turkish(tmp_path_factory.mktemp("turkish") / "demo"), "--members", MEMBERS)
    with serve(demo) as url:
        yield url
    demo.check_ledger()
    demo.remove()


class Walk:
    """Reads pages of one language over HTTP and notes what belongs to the other."""

    def __init__(self, request, language: str):
        self.request = request
        self.language, self.prefix = language, {"tr": "", "en": "/en"}[language]
        self.found: list[str] = []
        self.kinds = Counter()
        self.met = set()

    def through(self, paths: list[str]) -> None:
        """Read these and, from them, some pages of every kind."""
        left = [self.prefix + path for path in paths]
        self.met |= set(left)
        while left:
            left += [path for path in self.read(left.pop(0)) if self.is_new(path)]

    def is_new(self, path: str) -> bool:
        kind = path.removeprefix(self.prefix).split("/")[1]
        if path in self.met or self.kinds[kind] >= OF_A_KIND or path.endswith((".ics", "/new/")):
            return False
        self.met.add(path)
        self.kinds[kind] += 1
        return True

    def read(self, path: str) -> list[str]:
        """Check one page; return where its content leads."""
        answer = self.request.get(path)
        expected = 404 if "no-such" in path else 200
        if answer.status != expected:
            self.found.append(f"{path}: status {answer.status}")
        page = BeautifulSoup(answer.text(), "html.parser")
        if page.html is None or page.html["lang"] != self.language:
            self.found.append(f"{path}: not in {self.language}")
            return []
        own = [tag for tag in page.select("a[href], form[action]") if self.is_own(tag)]
        for tag in own:
            self.check(path, tag.get("href") or tag["action"])
        links = [tag["href"] for tag in own if tag.name == "a" and tag.find_parent("main")]
        return [urlsplit(href).path for href in links if href[0] == "/" and self.is_page(href)]

    def is_own(self, tag) -> bool:
        """Not the way to the other language, and not found in it, as a search finds both."""
        marked = tag if tag.get("lang") else tag.find_parent(lang=True)
        return tag.get("hreflang", self.language) == marked["lang"] == self.language

    def is_page(self, address: str) -> bool:
        return "?" not in address and not address.startswith(NO_LANGUAGE)

    def check(self, path: str, address: str) -> None:
        target = urlsplit(address)
        if target.netloc or not target.path.startswith("/") or not self.is_page(target.path):
            return
        language = {"en": "en", "tr": "wrong"}.get(target.path.split("/")[1], "tr")
        if language != self.language:
            self.found.append(f"{path}: leads to {address}")


def test_a_square_opened_in_turkish_keeps_to_the_language(browser, turkish_portal):
    found = []
    for language in ("tr", "en"):
        context = browser.new_context(base_url=turkish_portal, locale=language)
        walk = Walk(context.request, language)
        walk.through([path.replace("/privacy/", PRIVACY[language]) for path in PUBLIC])
        page = context.new_page()
        log_in(page, language, "member@example.com", at=f"{walk.prefix}/accounts/login/")
        assert page.url == f"{turkish_portal}/"
        walk.through(PRIVATE)
        context.close()
        found += walk.found

    assert found == [], "\n".join(found)
