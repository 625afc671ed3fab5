from datetime import timedelta

import pytest
from django.utils import timezone

from portal.notifications.models import Notice, Preference
from portal.notifications.services import notify
from tests.factories.members import MemberFactory


def fill(member, number):
    for _number in range(number):
        notify(recipient=member, kind="sample.thing", is_toast=False)


def test_empty_inbox_says_what_to_do_next(member_client):
    html = member_client.get("/notifications/").content.decode()

    assert "Nothing here yet" in html


@pytest.mark.parametrize("number", [1, 3])
def test_inbox_takes_the_same_queries_for_any_number(
    member_client, register, number, django_assert_num_queries
):
    register("sample.thing")
    fill(member_client.member, number)
    member_client.get("/notifications/")

    with django_assert_num_queries(8):
        response = member_client.get("/notifications/")

    assert response.content.decode().count("<article") == number


def test_inbox_is_grouped_by_day_and_marks_what_is_new(member_client, register):
    register("sample.thing")
    fill(member_client.member, 2)
    old = Notice.objects.order_by("sequence").first()
    Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))

    html = member_client.get("/notifications/").content.decode()

    assert html.count('class="month"') == 2
    assert html.count("is-new") == 2
    assert 'aria-label="Notifications, 2 new"' in html


def test_inbox_pages_by_number(member_client, register):
    register("sample.thing")
    fill(member_client.member, 32)

    first = member_client.get("/notifications/").content.decode()
    second = member_client.get("/notifications/?before=3").content.decode()

    assert first.count("<article") == 30
    assert "?before=3" in first
    assert second.count("<article") == 2
    assert "more than 9 new" in first


def test_opening_a_notice_marks_it_read_and_leads_on(member_client, register):
    register("sample.thing", url="/ideas/")
    fill(member_client.member, 2)

    response = member_client.get("/notifications/1/")

    assert response.headers["Location"] == "/ideas/"
    assert [n.read_at is None for n in Notice.objects.order_by("sequence")] == [False, True]


def test_other_members_notices_are_not_found(member_client, register):
    register("sample.thing")
    fill(MemberFactory(), 1)

    assert member_client.get("/notifications/1/").status_code == 404


def test_all_are_marked_read_at_once(member_client, register):
    register("sample.thing")
    other = MemberFactory()
    fill(member_client.member, 2)
    fill(other, 1)

    response = member_client.post("/notifications/read/")

    assert response.headers["Location"] == "/notifications/"
    assert list(Notice.objects.filter(read_at=None)) == list(other.notices.all())


def test_preferences_are_kept_for_each_category_and_channel(member_client, register):
    register("sample.thing", email="notice")
    page = member_client.get("/settings/notifications/")
    names = list(page.context["form"].fields)

    data = {name: "on" for name in names if name != "sample-email"}
    response = member_client.post("/settings/notifications/", data)

    assert response.status_code == 302
    assert Preference.objects.unwanted(member_client.member) == {("sample", "email")}
    assert (
        member_client.get("/settings/notifications/").context["form"]["sample-email"].initial
        is False
    )
    member_client.post("/settings/notifications/", {**data, "sample-email": "on"})
    assert Preference.objects.unwanted(member_client.member) == set()


@pytest.mark.parametrize(
    "path", ["/notifications/", "/notifications/1/", "/settings/notifications/"]
)
def test_visitor_is_asked_to_log_in(client, db, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_marking_needs_a_post(member_client):
    assert member_client.get("/notifications/read/").status_code == 405
