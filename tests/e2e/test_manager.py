"""A brand manager runs the programme and answers ideas: without a developer."""

from csv import DictReader
from datetime import datetime, timedelta
from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.e2e.acts import log_in
from tests.e2e.desk import add_page, download, menu, open_cms, publish, write_title

MEMBER, MANAGER = "member@example.com", "manager@example.com"


def open_part(desk: Page, group: str, part: str) -> None:
    desk.goto("/cms/")
    menu(desk).get_by_role("button", name=group).click()
    menu(desk).get_by_role("link", name=part, exact=True).click()


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


def test_a_new_rule_with_a_limit_and_a_new_badge_are_published(open_context):
    mark = token_hex(3)
    rule, badge = f"Good words {mark}", f"Kind voice {mark}"
    desk = open_context().new_page()
    open_cms(desk, MANAGER)
    write_rule(desk, rule)
    write_badge(desk, badge)
    publish_program(desk)

    page = open_context().new_page()
    log_in(page, "en", MEMBER)
    share_idea(page, f"A bench by the pier {mark}")
    post_comment(page, f"First word {mark}")
    post_comment(page, f"Second word {mark}")
    page.goto("/points/")
    expect(page.get_by_role("article", name=rule)).to_have_count(1)
    expect(page.get_by_text("You have reached what it pays in this period.").first).to_be_visible()
    page.goto("/badges/")
    expect(
        page.get_by_role("article", name=badge).or_(page.get_by_role("link", name=badge)).first
    ).to_be_visible()


def write_rule(desk: Page, name: str) -> None:
    open_part(desk, "Programme", "Rules")
    desk.get_by_role("link", name="New rule").click()
    desk.get_by_role("checkbox", name="Wrote a comment").check()
    desk.get_by_label("Points", exact=True).first.fill("7")
    desk.get_by_label("Name in English").fill(name)
    desk.get_by_label("Name in Turkish").fill(f"{name} tr")
    desk.get_by_role("textbox", name="Code*").fill(name.lower().replace(" ", "-"))
    first = desk.get_by_role("group", name="Limit 1")
    first.get_by_label("At most").fill("1")
    first.get_by_label("Of what").select_option(label="times")
    first.get_by_label("In which time").select_option(label="a day")
    desk.get_by_role("button", name="Keep in the draft").click()
    expect(desk.get_by_role("main").get_by_text(name).first).to_be_visible()


def write_badge(desk: Page, name: str) -> None:
    open_part(desk, "Programme", "Badges")
    desk.get_by_role("link", name="New badge").click()
    desk.get_by_label("Name in English").fill(name)
    desk.get_by_label("Name in Turkish").fill(f"{name} tr")
    desk.get_by_role("textbox", name="Code*").fill(name.lower().replace(" ", "-"))
    first = desk.get_by_role("group", name="Criterion 1")
    first.get_by_label("Criterion").select_option(label="Do it so many times")
    first.get_by_label("How many, how much").fill("1")
    first.get_by_label("Activities", exact=True).select_option(label="Wrote a comment")
    desk.get_by_role("button", name="Keep in the draft").click()
    expect(desk.get_by_role("main").get_by_text(name).first).to_be_visible()


def publish_program(desk: Page) -> None:
    open_part(desk, "Programme", "Overview")
    desk.get_by_role("link", name="Publish", exact=True).click()
    desk.get_by_label("Note").fill("Comments are worth something.")
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("There is no draft.")).to_be_visible()


def test_an_answered_idea_tells_its_author(open_context):
    title = f"Shade at the square {token_hex(3)}"
    page = open_context().new_page()
    log_in(page, "en", MEMBER)
    share_idea(page, title)

    desk = open_context().new_page()
    open_cms(desk, MANAGER)
    menu(desk).get_by_role("link", name="Ideas", exact=True).click()
    expect(desk.get_by_role("heading", name="Ideas", level=1)).to_be_visible()
    while not desk.get_by_role("link", name=title).count():
        desk.get_by_role("link", name="Next page").click()
        expect(desk.get_by_role("link", name="Previous")).to_be_visible()
    desk.get_by_role("link", name=title).click()
    desk.get_by_label("Status").select_option(label="Planned")
    desk.get_by_label("Official response").fill("We plant three trees in spring.")
    desk.get_by_role("button", name="Publish answer").click()
    expect(desk.get_by_text("Your answer is published.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("We plant three trees in spring.")).to_be_visible()
    page.goto("/notifications/")
    expect(page.get_by_role("main").get_by_text(title).first).to_be_visible()


def set_moment(desk: Page, name: str, moment: str) -> None:
    """Fill in a date and put its calendar away, which opens a moment later."""
    desk.get_by_role("textbox", name=name).fill(moment)
    desk.wait_for_timeout(500)
    desk.get_by_role("textbox", name="Title*").click()
    desk.wait_for_timeout(200)


def test_an_event_is_published_and_its_registrations_exported(open_context, tmp_path):
    title = f"Dawn walk {token_hex(3)}"
    start = datetime.now() + timedelta(days=9)
    desk = open_context().new_page()
    open_cms(desk, MANAGER)
    add_page(desk, "Home", "Events", kind="Event")
    write_title(desk, title)
    set_moment(desk, "Starts at*", f"{start:%Y-%m-%d} 06:00")
    set_moment(desk, "Ends at*", f"{start:%Y-%m-%d} 08:00")
    desk.get_by_role("textbox", name="Place").fill("Harbour")
    address = publish(desk)

    page = open_context().new_page()
    log_in(page, "en", MEMBER)
    page.goto(address)
    page.get_by_role("button", name="Register", exact=True).first.click()
    expect(page.get_by_role("button", name="Cancel registration").first).to_be_visible()

    open_part(desk, "Take part", "Registrations")
    desk.get_by_role("link", name=title).click()
    with download(desk, "Download CSV", tmp_path).open(encoding="utf-8-sig") as file:
        rows = list(DictReader(file))
    assert [row["Email"] for row in rows] == [MEMBER]
