"""Points given by hand, spent on a phone, one reward handed over and another taken back."""

import re
from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.e2e.desk import open_part

MEMBER, MANAGER = "member@example.com", "manager@example.com"
STICKERS = "Sticker set of five shores"


def test_a_reward_is_redeemed_on_a_phone_and_given_and_another_returned(open_as):
    desk, phone = open_as(MANAGER), open_as(MEMBER, screen="phone")
    mark = token_hex(3)
    thanks = f"Thank you for the photos, {mark}"
    give_points(desk, 100, note=thanks)
    phone.goto("/points/")
    expect(phone.get_by_role("main").get_by_text(thanks, exact=True)).to_be_visible()

    redeem(phone)
    redeem(phone)
    hand_over(desk, note=f"In the post since noon, {mark}")
    give_back(desk, reason=f"The last set was torn, {mark}")

    phone.reload()
    mine = phone.get_by_role("article", name=STICKERS)
    expect(mine.filter(has_text="Given")).to_contain_text(f"In the post since noon, {mark}")
    expect(mine.filter(has_text="Returned")).to_contain_text(f"The last set was torn, {mark}")


def give_points(desk: Page, amount: int, *, note: str) -> None:
    open_part(desk, "Programme", "Adjustments")
    desk.get_by_role("link", name="Give or take points").click()
    desk.get_by_label("Member").fill(MEMBER)
    desk.get_by_label("Amount").fill(str(amount))
    desk.get_by_label("Note in English").fill(note)
    desk.get_by_label("Note in Turkish").fill(note)
    desk.get_by_role("button", name="Move the points").click()
    expect(desk.get_by_text("moved, and the member is told why")).to_be_visible()


def redeem(page: Page) -> None:
    page.goto("/rewards/")
    page.get_by_role("link", name=STICKERS).first.click()
    page.get_by_role("link", name="Redeem", exact=True).click()
    expect(page.get_by_role("heading", name="Redeem this reward?")).to_be_visible()
    page.get_by_role("button", name="Redeem for 40 points").click()
    expect(page.get_by_text(f"{STICKERS} is yours. Enjoy it!")).to_be_visible()


def hand_over(desk: Page, *, note: str) -> None:
    """The latest of the member's that wait; those that wait longest come first."""
    row = waiting(desk)
    row.get_by_label("Note").fill(note)
    row.get_by_role("button", name="Mark as given").click()
    expect(desk.get_by_text("Handed over, and the member is told.")).to_be_visible()


def give_back(desk: Page, *, reason: str) -> None:
    waiting(desk).get_by_role("link", name="Return").click()
    desk.get_by_label("Reason").fill(reason)
    desk.get_by_role("button", name="Return the redemption").click()
    expect(desk.get_by_text("the points are back, and the member knows why")).to_be_visible()


def waiting(desk: Page):
    open_part(desk, "Rewards", "Redemptions")
    rows = desk.get_by_role("row").filter(has_text=STICKERS)
    return rows.filter(has=desk.get_by_role("button", name=re.compile("Işıl Deniz"))).last
