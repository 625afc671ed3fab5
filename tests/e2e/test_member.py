"""A member's whole way, through the names that a member reads: every step pays and says why."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import log_in
from tests.e2e.words import WORDS

PASSWORD = "kivi-deniz-9431"
FIRST_POINTS = 60
# To the end of a film, as soon as the player knows how long it is.
SKIP = """film => new Promise(done => {
    const skip = () => { film.currentTime = film.duration - 2; done(); };
    if (film.readyState) skip(); else film.addEventListener("loadedmetadata", skip, { once: true });
})"""
FIRST_BADGE = 300
VOTES_OF_CHALLENGE = 8


class Journey:
    """One member at one screen, speaking one language."""

    def __init__(self, page: Page, language: str, screen: str):
        self.page = page
        self.language = language
        self.words = WORDS[language]
        self.prefix = {"en": "", "tr": "/tr"}[language]
        stamp = f"{time.time():.3f}".replace(".", "")
        self.name = f"{self.words['newcomer']} {screen} {stamp[-6:]}"
        self.email = f"journey-{stamp}@example.org"
        self.main = page.get_by_role("main")

    def go(self, path: str) -> None:
        self.page.goto(self.prefix + path)

    def link(self, key: str):
        return self.page.get_by_role("link", name=self.words[key], exact=True)

    def button(self, key: str):
        return self.main.get_by_role("button", name=self.words[key], exact=True)

    def field(self, key: str):
        return self.main.get_by_role("textbox", name=self.words[key], exact=True)

    def open_row(self, title: str) -> None:
        """Follow the title of a list's row."""
        row = self.main.get_by_role("article", name=title, exact=True)
        row.get_by_role("link", name=title, exact=True).click()
        expect(self.main.get_by_role("heading", name=title, level=1)).to_be_visible()

    def sees_award(self, reason: str, page: Page | None = None) -> None:
        """An award is shown as it happens, with its reason in words."""
        status = (page or self.page).get_by_role("main").get_by_role("status")
        expect(status.filter(has_text=self.words[reason]).first).to_be_visible()

    def balance(self) -> int:
        """The number in the points link of the header."""
        link = self.page.get_by_role("banner").get_by_role("link", name=self.words["points"])
        return int(re.sub(r"\D", "", link.inner_text()))


def sign_up(journey: Journey) -> None:
    journey.go("/")
    journey.page.get_by_role("banner").get_by_role(
        "link", name=journey.words["sign up"], exact=True
    ).click()
    journey.page.get_by_label(journey.words["name"], exact=True).fill(journey.name)
    journey.page.get_by_label(journey.words["email"], exact=True).fill(journey.email)
    journey.page.get_by_label(journey.words["password"], exact=True).fill(PASSWORD)
    journey.button("sign up").click()
    journey.sees_award("welcome reason")
    assert journey.balance() == 20


def answer_the_welcome(journey: Journey) -> None:
    journey.main.get_by_role("radio").first.check()
    journey.button("continue").click()
    heading = journey.main.get_by_role("heading", name=journey.words["first week"], level=1)
    expect(heading).to_be_visible()


def complete_the_profile(journey: Journey) -> None:
    journey.main.get_by_role("link", name=journey.words["complete profile"]).first.click()
    journey.field("about").fill(journey.words["bio"])
    journey.field("city").fill("Sinop")
    journey.main.get_by_role("checkbox").first.check()
    journey.button("save profile").click()
    journey.sees_award("profile reason")
    expect(journey.main.get_by_text(journey.words["new badge"])).to_be_visible()
    expect(journey.main.get_by_text(journey.words["first badge"])).to_be_visible()


def open_film(journey: Journey, title: str) -> None:
    journey.go("/search/?q=" + title.split()[0])
    journey.main.get_by_role("link", name=title, exact=True).click()
    expect(journey.main.get_by_role("heading", name=title, level=1)).to_be_visible()


def skip_through_a_film(journey: Journey) -> None:
    """Jumping to the end is no watching: it earns nothing."""
    before = journey.balance()
    open_film(journey, journey.words["other film"])
    film = journey.page.locator("video")
    film.press("Space")
    expect(film).to_have_js_property("paused", False)
    with journey.page.expect_response(re.compile("/watch/")):
        film.evaluate(SKIP)
        expect(film).to_have_js_property("ended", True)
    expect(journey.main.get_by_text(journey.words["film seen"])).to_have_count(0)
    journey.page.reload()
    expect(journey.main.get_by_text(journey.words["film seen"])).to_have_count(0)
    assert journey.balance() == before


def watch_a_film(journey: Journey) -> None:
    """Really watch it: fourteen seconds at the speed at which it was made."""
    open_film(journey, journey.words["film"])
    film = journey.page.locator("video")
    film.press("Space")
    expect(film).to_have_js_property("paused", False)
    expect(film).to_have_js_property("ended", True, timeout=45_000)
    journey.sees_award("film reason")
    expect(journey.main.get_by_text(journey.words["film seen"])).to_be_visible()


def answer_a_survey(journey: Journey) -> None:
    journey.go("/surveys/")
    journey.open_row(journey.words["survey"])
    journey.link("start survey").click()
    while True:
        for role in ("radio", "checkbox"):
            if journey.main.get_by_role(role).count():
                journey.main.get_by_role(role).nth(1).check()
        if journey.main.get_by_role("textbox").count():
            journey.main.get_by_role("textbox").fill(journey.words["answer"])
        if journey.button("submit answers").count():
            break
        journey.button("next").click()
    journey.button("submit answers").click()
    journey.sees_award("survey reason")
    expect(journey.main.get_by_text(journey.words["new level"])).to_be_visible()
    expect(journey.main.get_by_text(journey.words["level"], exact=True)).to_be_visible()


def share_an_idea(journey: Journey, other: Page) -> None:
    """Share an idea; the member's other device shows the award at once, without a reload."""
    journey.go("/ideas/")
    journey.link("share an idea").first.click()
    title = f"{journey.words['idea']} {journey.name}"
    journey.field("title").fill(title)
    description = journey.field("description")
    description.fill(journey.words["idea body"])
    journey.button("publish").click()
    journey.sees_award("idea reason")
    expect(journey.main.get_by_role("heading", name=title, level=1)).to_be_visible()
    journey.sees_award("idea reason", page=other)


def comment(journey: Journey) -> None:
    journey.go("/ideas/")
    title = journey.main.get_by_role("article").nth(3).get_by_role("heading").inner_text()
    journey.open_row(title)
    journey.field("comment").fill(journey.words["remark"])
    journey.button("post comment").click()
    journey.sees_award("comment reason")
    expect(journey.main.get_by_text(journey.words["remark"]).first).to_be_visible()


def vote(journey: Journey, times: int) -> None:
    """Vote for the next ideas of the list; each vote stands before the next is cast."""
    journey.go("/ideas/?sort=top")
    free = journey.main.get_by_role("button", name=journey.words["vote"], pressed=False)
    pressed = journey.main.get_by_role("button", name=journey.words["vote"], pressed=True)
    done = pressed.count()
    for number in range(done + 1, done + times + 1):
        free.first.click()
        expect(pressed).to_have_count(number)


def register_for_an_event(journey: Journey) -> None:
    journey.go("/events/")
    journey.open_row(journey.words["event"])
    journey.button("register").click()
    journey.sees_award("event reason")
    expect(journey.button("cancel registration")).to_be_visible()


def finish_a_challenge(journey: Journey) -> None:
    journey.go("/challenges/")
    journey.open_row(journey.words["challenge"])
    journey.button("join challenge").click()
    expect(journey.button("leave challenge")).to_be_visible()
    vote(journey, VOTES_OF_CHALLENGE - 1)
    journey.sees_award("challenge reason")
    journey.go("/challenges/")
    journey.open_row(journey.words["challenge"])
    expect(journey.main.get_by_text(journey.words["finished"])).to_be_visible()


def look_at_the_standing(journey: Journey) -> None:
    """Badge, level and own row on the board, and a reason on every line of the points."""
    journey.go("/leaderboard/")
    row = journey.main.get_by_role("listitem").filter(has_text=journey.name)
    expect(row.first).to_contain_text(journey.words["you"])
    journey.go("/dashboard/")
    expect(journey.main.get_by_text(journey.words["level"]).first).to_be_visible()
    journey.page.get_by_role("button", name=journey.words["account"], exact=True).click()
    journey.page.get_by_role("link", name=journey.words["profile"], exact=True).first.click()
    badge = journey.main.get_by_role("article", name=journey.words["first badge"], exact=True)
    expect(badge).to_be_visible()
    journey.go("/points/")
    for reason in ("challenge reason", "event reason", "vote reason", "idea reason"):
        expect(journey.main.get_by_text(journey.words[reason]).first).to_be_visible()


@pytest.mark.parametrize(
    ("screen", "language"),
    [
        ("phone", "tr"),
        ("desktop", "en"),
        pytest.param("phone", "en", marks=pytest.mark.whole),
        pytest.param("desktop", "tr", marks=pytest.mark.whole),
    ],
)
def test_member_sees_every_step_pay(open_context, screen, language):
    page = open_context(screen, language=language).new_page()
    journey = Journey(page, language, screen)

    start = time.monotonic()
    sign_up(journey)
    assert time.monotonic() - start < FIRST_POINTS
    answer_the_welcome(journey)
    complete_the_profile(journey)
    assert time.monotonic() - start < FIRST_BADGE
    skip_through_a_film(journey)
    watch_a_film(journey)
    answer_a_survey(journey)
    other = open_context("desktop", language=language).new_page()
    log_in(other, language, journey.email, PASSWORD)
    share_an_idea(journey, other)
    other.close()
    comment(journey)
    vote(journey, 1)
    journey.sees_award("vote reason")
    register_for_an_event(journey)
    finish_a_challenge(journey)
    look_at_the_standing(journey)
