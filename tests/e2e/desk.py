"""What staff do in the CMS, through the names that they read."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main menu")


def open_part(desk: Page, group: str, part: str) -> None:
    """Follow the main menu to a part of one of its groups."""
    desk.goto("/cms/")
    menu(desk).get_by_role("button", name=group).click()
    menu(desk).get_by_role("link", name=part, exact=True).click()


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
    blocks = body.get_by_role("region", name=re.compile(rf"^{kind} "))
    before = blocks.count()
    body.get_by_role("button", name="Insert a block").last.click()
    body.get_by_role("option", name=kind, exact=True).click()
    expect(blocks).to_have_count(before + 1)
    write(page, blocks.last.get_by_role("textbox").last, text)


def write(page: Page, field: Locator, text: str) -> None:
    """Write into a field that may be a rich text: it takes words once it has the cursor."""
    field.click()
    expect(field).to_be_focused()
    page.keyboard.type(text)


def set_moment(desk: Page, name: str, moment: str) -> None:
    """Fill in a date and put its calendar away, which opens a moment later."""
    desk.get_by_role("textbox", name=name).fill(moment)
    desk.wait_for_timeout(500)
    desk.get_by_role("textbox", name="Title*").click()
    desk.wait_for_timeout(200)


def publish(page: Page) -> str:
    """Publish what is being edited and return its address on the site.

    The form saves drafts by itself half a second after each change; a new page that is published
    while its first draft is on the way would be made twice. So a new page is first a draft.
    """
    page.wait_for_timeout(1500)
    expect(page.get_by_text("Saving…")).to_be_hidden()
    if "/add/" in page.url:
        page.get_by_role("button", name="Save draft").last.click()
    expect(page).to_have_url(re.compile("/edit/"))
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    said = page.get_by_role("status").filter(has_text="published")
    # Where a draft was still on the way, the form takes that for another window's, and asks.
    asked = page.get_by_role("dialog", name="You saved a new version in another window")
    expect(said.or_(asked).first).to_be_visible()
    if asked.is_visible():
        asked.get_by_role("button", name="Publish").click()
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
