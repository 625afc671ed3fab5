"""Traces: keyed digests of addresses and browsers, kept for days, exported and erased."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from portal.accounts.devices import SALT
from portal.accounts.models import Member, Trace
from portal.accounts.registry import erasers, exporters
from portal.accounts.services.traces import (
    digest_of,
    forget_old_traces,
    leave_traces,
    mailbox_of,
)
from tests.factories.members import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def log_in(client, member, address="203.0.113.7"):
    data = {"login": member.email, "password": PASSWORD}
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def kept(member):
    return dict(member.traces.values_list("kind", "digest"))


def test_logging_in_leaves_digests_and_nothing_that_can_be_read():
    member, client = MemberFactory(), Client()

    answer = log_in(client, member)

    cookie = answer.cookies[settings.DEVICE_COOKIE_NAME].value
    name = signing.loads(cookie, salt=SALT)["device"]
    assert kept(member) == {
        "address": digest_of("address", "203.0.113.7"),
        "device": digest_of("device", name),
    }
    row = str(list(member.traces.values()))
    assert "203.0.113" not in row
    assert name not in row


def test_one_browser_is_known_again_and_another_is_not():
    first, second, third = MemberFactory(), MemberFactory(), MemberFactory()
    browser = Client()
    log_in(browser, first)
    browser.post("/accounts/logout/")
    log_in(browser, second)
    log_in(Client(), third)

    assert kept(first)["device"] == kept(second)["device"] != kept(third)["device"]


def test_addresses_of_one_household_are_one():
    first, second = MemberFactory(), MemberFactory()
    log_in(Client(), first, "2001:db8:1:2::a")
    log_in(Client(), second, "2001:db8:1:2::b")

    assert kept(first)["address"] == kept(second)["address"]


def test_signing_up_leaves_traces():
    client = Client()
    data = {"name": "Ayşe", "email": "ayse@example.com", "password1": "a calm square at noon"}

    client.post("/accounts/signup/", data)

    assert set(kept(Member.objects.get(email="ayse@example.com"))) == {"address", "device"}


def test_the_same_thing_is_kept_once_and_looked_at_pages_leave_nothing(
    django_assert_num_queries,
):
    member = MemberFactory()
    leave_traces(member=member, seen={"device": "a"}, at=timezone.now() - timedelta(days=9))

    with django_assert_num_queries(1):
        leave_traces(member=member, seen={"device": "a", "address": ""})

    assert member.traces.count() == 1
    assert timezone.now() - member.traces.get().seen_at < timedelta(minutes=1)


def test_traces_go_after_thirty_days():
    member = MemberFactory()
    for days in (29, 31):
        at = timezone.now() - timedelta(days=days)
        leave_traces(member=member, seen={"device": str(days)}, at=at)

    assert (forget_old_traces(), forget_old_traces()) == (1, 0)
    assert kept(member) == {"device": digest_of("device", "29")}


def test_key_decides_the_digest(settings):
    before = digest_of("address", "203.0.113.7")
    settings.SECRET_KEY = "another key, as long as this"

    assert digest_of("address", "203.0.113.7") != before


def test_traces_stand_in_the_export_and_go_with_the_member():
    member = MemberFactory()
    leave_traces(member=member, seen={"device": "a"})

    assert [row["kind"] for row in exporters()["traces"](member)] == ["device"]
    for erase in erasers(with_public=False):
        erase(member)
    assert Trace.objects.count() == 0


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("So.Me+shop@GMAIL.com", "some@gmail.com"),
        ("so.me+a+b@example.com", "so.me@example.com"),
        ("plain@example.com", "plain@example.com"),
    ],
)
def test_mailbox_is_where_mail_ends_up(email, mailbox):
    assert mailbox_of(email) == mailbox
