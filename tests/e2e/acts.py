"""What journeys do alike, through the names that a member reads."""

from playwright.sync_api import Page

PASSWORD = "meydan-demo"
WORDS = {
    "en": {"email": "Email", "password": "Password", "log in": "Log in"},
    "tr": {"email": "E-posta", "password": "Şifre", "log in": "Giriş yap"},
}


def log_in(page: Page, language: str, email: str, password: str = PASSWORD) -> None:
    """Log in and wait until the member's own page stands."""
    words = WORDS[language]
    page.goto("/accounts/login/" if language == "en" else "/tr/accounts/login/")
    form = page.get_by_role("main")
    form.get_by_label(words["email"]).fill(email)
    form.get_by_label(words["password"], exact=True).fill(password)
    form.get_by_role("button", name=words["log in"], exact=True).click()
    page.get_by_role("button", name={"en": "Account", "tr": "Hesap"}[language]).wait_for()
