"""What journeys do alike, through the names that a member reads."""

import re

from playwright.sync_api import Page

from tests.e2e.words import WORDS

DEMO_PASSWORD = "meydan-demo"


def log_in(page: Page, language: str, email: str, password: str = DEMO_PASSWORD) -> None:
    """Log in and wait until the header shows the member's account."""
    words = WORDS[language]
    page.goto("/accounts/login/" if language == "en" else "/tr/accounts/login/")
    form = page.get_by_role("main")
    form.get_by_label(words["email"]).fill(email)
    form.get_by_label(words["password"], exact=True).fill(password)
    form.get_by_role("button", name=words["log in"], exact=True).click()
    # Logging in leads to the member's own language, which may be the other one.
    page.get_by_role("button", name=re.compile("^(Account|Hesap)$")).wait_for()
