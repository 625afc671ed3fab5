import re
from uuid import uuid4

import pytest

from badges.models import Adjustment
from badges.services.adjusting import adjust
from badges.services.books import balance
from tests.factories.members import MemberFactory
from tests.factories.rewards import rich_member
from tests.factories.staff import staff_with

LIST = "/cms/programme/adjustments/"
NEW = f"{LIST}new/"

pytestmark = pytest.mark.usefixtures("commits")


@pytest.fixture
def desk(client):
    client.member = staff_with("badges.adjust_points")
    client.force_login(client.member)
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def messages_of(response):
    return [str(message).strip() for message in response.context["messages"]]


def form_for(who, **fields):
    data = {"key": str(uuid4()), "member": f"@{who.handle}", "direction": "give"}
    data |= {"amount": 40, "currency": "points", "reason": "goodwill", "note_en": "Thank you."}
    return {**data, **fields}


def asked(member, amount=40, by=None, **more):
    said = {"currency": "points", "reason": "correction", "notes": {"en": "A slip of ours."}}
    by = by or staff_with("badges.adjust_points")
    return adjust(member=member, amount=amount, by=by, key=uuid4(), **{**said, **more})


def test_form_gives_points_and_the_member_reads_who_and_why(desk, client):
    member = MemberFactory()

    page = desk.post(NEW, form_for(member), follow=True)

    assert messages_of(page) == ["40 points moved, and the member is told why."]
    client.force_login(member)
    said = text_of(client.get("/points/"))
    assert "A gesture of goodwill" in said
    assert "Thank you." in said
    assert f"by {desk.member.display_name} of the team" in said


def test_the_same_form_sent_twice_gives_once(desk):
    member = MemberFactory()
    data = form_for(member)

    desk.post(NEW, data)
    desk.post(NEW, data)

    assert balance(member=member, currency="points") == 40


def test_form_says_what_was_left(desk):
    member = rich_member(15)

    page = desk.post(NEW, form_for(member, direction="take", reason="misuse"), follow=True)

    assert messages_of(page) == [
        "Only 15 points of 40 points were there to take; the rest was left."
    ]
    assert "only 15 points were there" in text_of(page)


def test_form_keeps_what_was_typed_beside_what_is_wrong(desk):
    page = desk.post(NEW, form_for(MemberFactory(language="tr")))

    assert "The member reads this language." in text_of(page)
    assert "Thank you." in page.content.decode()
    assert Adjustment.objects.count() == 0


def test_form_knows_members_by_handle_and_address_alone(desk):
    member = MemberFactory()

    found = desk.post(NEW, form_for(member, member=member.email.upper()))
    lost = desk.post(NEW, form_for(member, member="nobody-here"))

    assert found.status_code == 302
    assert "There is no such member." in text_of(lost)


def test_list_of_members_leads_to_the_form(client):
    client.force_login(staff_with("badges.adjust_points", "accounts.change_member"))
    member, desk = MemberFactory(), client

    members = desk.get("/cms/users/").content.decode()
    page = desk.get(f"{NEW}?member={member.handle}").content.decode()

    assert f"{NEW}?member={member.handle}" in members
    assert f'value="{member.handle}"' in page


def test_a_second_person_agrees_on_the_list(desk, settings):
    settings.ADJUSTMENT_ALONE = 10
    member = MemberFactory()
    row = asked(member)

    assert "1 adjustment waits for a second person" in text_of(desk.get("/cms/"))
    page = desk.post(f"{LIST}{row.pk}/approve/", follow=True)
    again = desk.post(f"{LIST}{row.pk}/approve/", follow=True)

    assert messages_of(page) == ["40 points moved, and the member is told why."]
    assert messages_of(again) == ["This was decided before."]
    assert balance(member=member, currency="points") == 40


def test_who_asked_can_only_take_it_back(desk, settings):
    settings.ADJUSTMENT_ALONE = 10
    row = asked(MemberFactory(), by=desk.member)

    said = text_of(desk.get(LIST))
    page = desk.post(f"{LIST}{row.pk}/approve/", follow=True)
    back = desk.post(f"{LIST}{row.pk}/decline/", {"answer": "A slip."}, follow=True)

    assert "It waits for somebody else of the team." in said
    assert "Take back the request" in said
    assert messages_of(page) == ["This takes somebody else: two people, neither of them gaining."]
    assert messages_of(back) == ["Declined: nothing was moved."]


def test_declining_asks_for_words_and_happens_once(desk, settings):
    settings.ADJUSTMENT_ALONE = 10
    row = asked(MemberFactory())

    empty = desk.post(f"{LIST}{row.pk}/decline/", {})
    shown = desk.get(f"{LIST}{row.pk}/decline/")
    desk.post(f"{LIST}{row.pk}/decline/", {"answer": "Not agreed."}, follow=True)
    late = desk.post(f"{LIST}{row.pk}/decline/", {"answer": "Again."}, follow=True)

    assert (empty.status_code, shown.status_code) == (200, 200)
    assert "declined:" in text_of(late)
    assert messages_of(late) == ["This was decided before."]


def test_list_is_filtered_by_state_and_member(desk, settings):
    settings.ADJUSTMENT_ALONE = 10
    asked(MemberFactory(name="Ada"), 5)
    asked(MemberFactory(name="Bora"))

    assert "Ada" not in text_of(desk.get(f"{LIST}?state=waiting"))
    assert "Bora" not in text_of(desk.get(f"{LIST}?state=made"))
    assert "Bora" not in text_of(desk.get(f"{LIST}?q=ada"))
    assert "Nobody was given" in text_of(desk.get(f"{LIST}?state=declined"))


def test_agreeing_to_take_what_is_gone_is_refused_in_words(desk, settings):
    settings.ADJUSTMENT_ALONE = 10
    row = asked(MemberFactory(), -40)

    page = desk.post(f"{LIST}{row.pk}/approve/", follow=True)

    assert messages_of(page) == ["There is nothing left in the wallet to take."]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_as_much_for_one_row_as_for_three(desk, django_assert_num_queries, rows):
    for _ in range(rows):
        asked(MemberFactory(), 5)
    desk.get(LIST)

    with django_assert_num_queries(QUERIES):
        desk.get(LIST)


QUERIES = 12


@pytest.mark.parametrize("rows", [1, 3])
def test_points_page_reads_notes_with_the_lines(client, django_assert_num_queries, rows):
    member = MemberFactory()
    for _ in range(rows):
        asked(member, 5)
    client.force_login(member)
    client.get("/points/")

    with django_assert_num_queries(POINTS_QUERIES):
        client.get("/points/")


POINTS_QUERIES = 13
