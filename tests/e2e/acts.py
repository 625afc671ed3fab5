"""What journeys do alike, through the names that a member reads."""

import re
from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.e2e.words import WORDS

DEMO_PASSWORD = "meydan-demo"


def log_in(
    page: Page, language: str, email: str, password: str = DEMO_PASSWORD, at: str = ""
) -> None:
    """Log in and wait until the header shows the member's account.

    `at` is the address of the form, where the portal's first language is not English.
    """
    words = WORDS[language]
    page.goto(at or {"en": "/accounts/login/", "tr": "/tr/accounts/login/"}[language])
    form = page.get_by_role("main")
    form.get_by_label(words["email"]).fill(email)
    form.get_by_label(words["password"], exact=True).fill(password)
    form.get_by_role("button", name=words["log in"], exact=True).click()
    # Logging in leads to the member's own language, which may be the other one.
    page.get_by_role("button", name=re.compile("^(Account|Hesap)$")).wait_for()


def join(page: Page, name: str) -> None:
    """Sign up a new member through the form and stay logged in."""
    page.goto("/accounts/signup/")
    form = page.get_by_role("main")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Email", exact=True).fill(f"{name.lower().replace(' ', '-')}@example.org")
    form.get_by_label("Password", exact=True).fill(f"kivi-{token_hex(6)}")
    form.get_by_role("button", name="Sign up", exact=True).click()
    page.get_by_role("button", name="Account", exact=True).wait_for()


def share_idea(page: Page, title: str) -> None:
    page.goto("/ideas/new/")
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("textbox", name="Description").fill("So that everybody can use it.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def post_comment(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Comment").first.fill(text)
    page.get_by_role("button", name="Post comment").first.click()
    expect(page.get_by_text(text)).to_be_visible()


def points_of(page: Page) -> int:
    """The balance that the header shows."""
    link = page.get_by_role("banner").get_by_role("link", name=re.compile(r"^[\d,]+ points?$"))
    return int(re.sub(r"\D", "", link.inner_text()))
