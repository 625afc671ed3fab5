"""Whether an address has an account is told to its owner, by mail, and to nobody else."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts.models import Member
from portal.ui.pace import EVEN_VIEWS, EvenPaceMiddleware
from tests.factories.members import MemberFactory

KNOWN, UNKNOWN = "known@example.org", "knowz@example.org"
PASSWORD = "a calm blue sea"
NOISE = re.compile(r'(name="csrfmiddlewaretoken" value="|name="csrf-token" content=")[^"]+"')


@pytest.fixture(autouse=True)
def production_flow(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def owner(first_pages, commits):
    return MemberFactory(email=KNOWN)


def sign_up(client, email):
    data = {"name": "Ada Ak", "email": email, "password1": PASSWORD, "newsletter_email": "on"}
    return client.post("/accounts/signup/", data)


def sign_up_badly(client, email):
    return client.post("/accounts/signup/", {"name": "Ada", "email": email, "password1": "12"})


def log_in(client, email):
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD})


def reset(client, email):
    return client.post("/accounts/password/reset/", {"email": email})


def change_address(client, email):
    third = Member.objects.filter(handle="third").first() or MemberFactory(handle="third")
    EmailAddress.objects.filter(user=third, primary=False).delete()
    client.force_login(third)
    return client.post("/accounts/email/", {"email": email, "action_add": ""})


FLOWS = {
    "account_signup": (sign_up, sign_up_badly),
    "account_login": (log_in,),
    "account_reset_password": (reset,),
    "account_email": (change_address,),
}


def told(flow, email):
    """All that the one who asks can see: status, headers, cookies, body, and the page after."""
    client = Client()
    answer = flow(client, email)
    after = client.get(answer["Location"]) if answer.status_code == 302 else answer
    cookies = {
        name: (cookie["max-age"], cookie["path"], len(cookie.value))
        for name, cookie in client.cookies.items()
    }
    headers = {
        name: sorted(value.split("; "))
        for name, value in answer.headers.items()
        if name not in ("Content-Length", "Expires")
    }
    body = NOISE.sub("", after.content.decode()).replace(email, "<address>")
    return answer.status_code, headers, cookies, after.status_code, body.splitlines()


@pytest.mark.parametrize("flow", [one for flows in FLOWS.values() for one in flows])
def test_known_and_unknown_addresses_get_one_answer(owner, flow):
    known = told(flow, KNOWN)
    mail.outbox.clear()
    unknown = told(flow, UNKNOWN)

    assert known[:4] == unknown[:4]
    assert [pair for pair in zip(known[4], unknown[4], strict=True) if pair[0] != pair[1]] == []


def test_every_form_that_asks_for_an_address_is_tried(owner, client):
    asking = set()
    member = Client()
    member.force_login(owner)
    names = ("login", "signup", "reset_password", "email", "inactive", "change_password")
    for name in [f"account_{name}" for name in names]:
        for one in (client, member):
            page = one.get(reverse(name), follow=True)
            if 'type="email"' in page.content.decode():
                asking.add(page.resolver_match.view_name)

    assert asking == set(FLOWS) == EVEN_VIEWS


def test_owner_is_told_by_mail_in_words(owner, client):
    sign_up(client, KNOWN)

    (message,) = mail.outbox
    assert message.to == [KNOWN]
    assert "tried to sign up" in message.body
    assert configured.PUBLIC_URL in message.body
    assert message.alternatives
    assert Member.objects.count() == 1


def test_owner_is_told_in_turkish_where_the_form_was(owner, client):
    client.post("/tr/accounts/signup/", {"name": "Ada", "email": KNOWN, "password1": PASSWORD})

    (message,) = mail.outbox
    assert "tried to sign up" not in message.body
    assert "Zaten bir hesabınız var" in message.body


def test_stranger_is_asked_to_confirm_and_then_comes_in(owner, client):
    answer = sign_up(client, UNKNOWN)
    words = "".join(message.body for message in mail.outbox)
    path = re.search(r"/accounts/confirm-email/[^/\s]+/", words)[0]
    before = client.get("/settings/profile/").status_code
    client.post(path)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert before == 302
    assert client.get("/settings/profile/").status_code == 200


def test_nothing_stays_of_a_member_who_was_made_for_the_time(owner, client):
    sign_up(client, KNOWN)

    assert list(Member.objects.values_list("email", flat=True)) == [KNOWN]
    assert owner.consents.count() == 0
    assert not owner.activities.filter(verb="accounts.member_joined").exclude(member=owner)


def test_embedded_default_lets_a_stranger_in_at_once(owner, client, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"

    answer = sign_up(client, UNKNOWN)

    assert answer["Location"] == "/welcome/"
    assert client.get("/settings/profile/").status_code == 200


@pytest.mark.parametrize("work", [0.001, 0.03])
def test_answers_about_addresses_take_whole_steps(settings, work):
    settings.EVEN_ANSWERS_SECONDS = 0.05
    request = RequestFactory().post("/accounts/login/")

    class Match:
        view_name = "account_login"

    def answer(asked):
        asked.resolver_match = Match
        time.sleep(work)
        return HttpResponse()

    begun = time.monotonic()
    EvenPaceMiddleware(answer)(request)
    first = time.monotonic() - begun
    Match.view_name = "home"
    begun = time.monotonic()
    EvenPaceMiddleware(answer)(request)

    assert first >= 0.05
    assert time.monotonic() - begun < 0.05
