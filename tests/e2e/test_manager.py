"""A brand manager runs programme, events, challenges and contests: without a developer."""

import re
from csv import DictReader
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from time import time

from playwright.sync_api import Page, expect

from tests.e2e.acts import join, points_of, post_comment, share_idea
from tests.e2e.demo import ROOT
from tests.e2e.desk import (
    add_page,
    download,
    menu,
    open_part,
    publish,
    set_moment,
    write,
    write_title,
)

MEMBER, MANAGER = "member@example.com", "manager@example.com"
PICTURE = next((ROOT / "portal/home/demo/media/pictures").glob("*.webp"))
# What the demo's programme pays for finishing a challenge and for winning a contest.
FINISH, PRIZE = 50, 300


def test_a_new_rule_with_a_limit_and_a_new_badge_are_published(open_as):
    mark = token_hex(3)
    rule, badge = f"Good words {mark}", f"Kind voice {mark}"
    desk = open_as(MANAGER)
    write_rule(desk, rule)
    write_badge(desk, badge)
    publish_program(desk)

    page = open_as(MEMBER)
    share_idea(page, f"A bench by the pier {mark}")
    post_comment(page, f"First word {mark}")
    post_comment(page, f"Second word {mark}")
    page.goto("/points/")
    expect(page.get_by_role("article", name=rule)).to_have_count(1)
    why_not = page.get_by_role("complementary").get_by_role("listitem")
    limited = why_not.filter(has_text="You have reached what it pays in this period.")
    expect(limited.filter(has_text=rule)).to_be_visible()
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
    cost = desk.get_by_role("status").filter(has_text="would have paid")
    expect(cost).to_have_text(re.compile(r"this rule would have paid [\d,]+ points"))
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


def test_an_answered_idea_tells_its_author(open_as):
    title = f"Shade at the square {token_hex(3)}"
    page = open_as(MEMBER)
    share_idea(page, title)

    desk = open_as(MANAGER)
    desk.goto("/cms/")
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


def test_an_event_is_published_and_its_registrations_exported(open_as, tmp_path):
    title = f"Dawn walk {token_hex(3)}"
    start = datetime.now() + timedelta(days=9)
    desk = open_as(MANAGER)
    add_page(desk, "Home", "Events", kind="Event")
    write_title(desk, title)
    set_moment(desk, "Starts at*", f"{start:%Y-%m-%d} 06:00")
    set_moment(desk, "Ends at*", f"{start:%Y-%m-%d} 08:00")
    desk.get_by_role("textbox", name="Place").fill("Harbour")
    address = publish(desk)

    page = open_as(MEMBER)
    page.goto(address)
    page.get_by_role("button", name="Register", exact=True).first.click()
    expect(page.get_by_role("button", name="Cancel registration").first).to_be_visible()

    open_part(desk, "Take part", "Registrations")
    desk.get_by_role("link", name=title).click()
    with download(desk, "Download CSV", tmp_path).open(encoding="utf-8-sig") as file:
        rows = list(DictReader(file))
    assert [row["Email"] for row in rows] == [MEMBER]


def on_day(days: int) -> str:
    return f"{datetime.now() + timedelta(days=days):%Y-%m-%d} 12:00"


def test_a_new_challenge_is_joined_finished_and_paid(open_as, open_context):
    mark = token_hex(3)
    title = f"Two kind words {mark}"
    address = publish_challenge(open_as(MANAGER), title)

    page = open_context("phone").new_page()
    join(page, f"Chal {mark}")
    page.goto(address)
    page.get_by_role("button", name="Join challenge").click()
    expect(page.get_by_role("button", name="Leave challenge")).to_be_visible()
    share_idea(page, f"A lamp at the steps {mark}")
    post_comment(page, f"First word {mark}")
    page.reload()
    before = points_of(page)
    post_comment(page, f"Second word {mark}")
    said = page.get_by_role("main").get_by_role("status")
    expect(said.filter(has_text="You finished a challenge").first).to_be_visible()

    page.goto(address)
    expect(page.get_by_text("Finished. Well done!")).to_be_visible()
    assert points_of(page) >= before + FINISH
    page.goto("/points/")
    line = page.get_by_role("article", name="You finished a challenge").filter(has_text=title)
    expect(line.filter(has_text=f"+{FINISH}").first).to_be_visible()


def publish_challenge(desk: Page, title: str) -> str:
    add_page(desk, "Home", "Challenges", kind="Challenge")
    write_title(desk, title)
    desk.get_by_role("checkbox", name="Wrote a comment").check()
    desk.get_by_role("spinbutton", name="Goal*").fill("2")
    desk.get_by_role("textbox", name="Unit*").fill("comments")
    set_moment(desk, "Starts at*", on_day(-1))
    set_moment(desk, "Ends at*", on_day(9))
    return publish(desk)


def test_a_contest_runs_from_entry_to_winner(open_as, open_context):
    mark = token_hex(3)
    contest, entry = f"Colours of the pier {mark}", f"Rope and rust {mark}"
    desk = open_as(MANAGER)
    address = publish_contest(desk, contest)
    author, voter = open_context().new_page(), open_context("phone").new_page()
    join(author, f"Author {mark}")
    join(voter, f"Voter {mark}")

    enter(author, address, entry, PICTURE)
    voter.goto(address)
    expect(voter.get_by_role("article", name=entry)).to_have_count(0)
    approve(desk, entry)
    move_dates(desk, contest, entries=-3, voting=-2, end=2)
    vote(voter, address, entry)
    author.goto(address)
    before = points_of(author)
    keep_out_of_the_clocks_way(desk)
    move_dates(desk, contest, entries=-3, voting=-2, end=-1)
    count_votes(desk, contest)

    voter.goto(address)
    won = voter.get_by_role("article", name=entry)
    expect(won).to_contain_text("Winner")
    expect(won).to_contain_text("1 vote")
    author.goto("/points/")
    line = author.get_by_role("article", name="You won a contest").filter(has_text=contest)
    expect(line.filter(has_text=f"+{PRIZE}").first).to_be_visible()
    assert points_of(author) >= before + PRIZE


def publish_contest(desk: Page, title: str) -> str:
    add_page(desk, "Home", "Contests", kind="Contest")
    write_title(desk, title)
    rules = desk.get_by_role("region", name="Rules*")
    write(desk, rules.get_by_role("textbox").first, "One picture of your own.")
    set_dates(desk, entries=-1, voting=3, end=6)
    return publish(desk)


def set_dates(desk: Page, *, entries: int, voting: int, end: int) -> None:
    """Days from today, so that no time zone matters."""
    set_moment(desk, "Entries open at*", on_day(entries))
    set_moment(desk, "Voting opens at*", on_day(voting))
    set_moment(desk, "Ends at*", on_day(end))


def move_dates(desk: Page, title: str, **days: int) -> None:
    open_part(desk, "Take part", "Contests")
    desk.get_by_role("main").get_by_role("link", name=title, exact=True).click()
    expect(desk.get_by_role("textbox", name="Title*")).to_have_value(title)
    set_dates(desk, **days)
    publish(desk)


def enter(page: Page, address: str, title: str, picture: Path) -> None:
    page.goto(address)
    page.get_by_role("link", name="Enter contest").click()
    form = page.get_by_role("main")
    form.get_by_label("Title", exact=True).fill(title)
    form.get_by_label("Picture").set_input_files(picture)
    form.get_by_role("button", name="Send entry").click()
    expect(page.get_by_text("We look at it and tell you.").first).to_be_visible()


def approve(desk: Page, title: str) -> None:
    open_part(desk, "Take part", "Contest entries")
    desk.get_by_role("region", name=title).get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("The entry is in the contest.")).to_be_visible()


def vote(page: Page, address: str, title: str) -> None:
    page.goto(address)
    page.get_by_role("article", name=title).get_by_role("link", name=title).click()
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_role("button", name="Vote", exact=True, pressed=True)).to_be_visible()


def keep_out_of_the_clocks_way(page: Page) -> None:
    """Every five minutes the worker counts the votes of what has ended; the manager is to do it."""
    left = 300 - time() % 300
    if left < 40:
        page.wait_for_timeout((left + 10) * 1000)


def count_votes(desk: Page, title: str) -> None:
    open_part(desk, "Take part", "Contest results")
    row = desk.get_by_role("row").filter(has_text=title)
    row.get_by_role("button", name="Count votes and close").click()
    expect(desk.get_by_text("The contest is decided")).to_be_visible()
    expect(row).to_contain_text("Decided")
