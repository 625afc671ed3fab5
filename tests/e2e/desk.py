"""What staff do in the CMS, through the names that they read."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import log_in


def open_cms(page: Page, email: str) -> None:
    log_in(page, "en", email)
    page.goto("/cms/")
    expect(menu(page)).to_be_visible()


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main menu")


def add_page(page: Page, *path: str, kind: str) -> None:
    """Walk down the tree of pages and open the form for a new page below the last one."""
    page.goto("/cms/")
    menu(page).get_by_role("button", name="Pages").click()
    tree = page.get_by_role("dialog", name="Page explorer")
    for title in path[:-1]:
        tree.get_by_role("link", name=f"View child pages of '{title}'").click()
    tree.get_by_role("link", name=path[-1], exact=True).click()
    expect(page.get_by_role("heading", name=f"Exploring: {path[-1]}")).to_be_visible()
    page.get_by_role("link", name="Add child page").first.click()
    chooser = page.get_by_role("heading", name=f"Create a page in {path[-1]}")
    form = page.get_by_role("heading", name=f"New: {kind}")
    expect(chooser.or_(form).first).to_be_visible()
    if chooser.is_visible():
        page.get_by_role("link", name=kind, exact=True).click()
    expect(form).to_be_visible()


def write_title(page: Page, title: str) -> None:
    """Type the title, from which the CMS makes the address while one types."""
    field = page.get_by_role("textbox", name="Title*")
    field.fill("")
    field.press_sequentially(title)
    field.press("Tab")


def add_block(page: Page, kind: str, text: str) -> None:
    """Add a block at the end of the body and write into it."""
    body = page.get_by_role("region", name=re.compile("Body|What it is about", re.IGNORECASE)).first
    body.get_by_role("button", name="Insert a block").last.click()
    body.get_by_role("option", name=kind, exact=True).click()
    field = body.get_by_role("textbox").last
    field.click()
    page.keyboard.type(text)


def publish(page: Page) -> str:
    """Publish what is being edited and return its address on the site."""
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    said = page.get_by_role("status").filter(has_text="published")
    expect(said).to_be_visible()
    return said.get_by_role("link", name="View live").get_attribute("href")


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=name, exact=True).click()
    target = folder / coming.value.suggested_filename
    coming.value.save_as(target)
    return target


def translate(page: Page, title: str, *, into: str) -> None:
    """Copy the page listed here into another language and open the copy's form."""
    page.get_by_role("button", name=f"More options for '{title}'").click()
    page.get_by_role("link", name="Translate").click()
    page.get_by_role("main").get_by_role("checkbox", name=into).check()
    page.get_by_role("main").get_by_role("button", name="Submit").click()
    expect(page.get_by_role("textbox", name="Title*")).to_be_visible()
