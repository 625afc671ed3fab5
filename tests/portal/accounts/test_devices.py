"""Wrong passwords from elsewhere: guessing stays bounded, and the owner gets in."""

import re

import pytest
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings as configured
from django.core import mail, signing
from django.test import Client

from portal.accounts.devices import SALT
from tests.factories.members import PASSWORD, MemberFactory

LOGIN = "/accounts/login/"
EMAIL = "owner@example.org"
NEW = "another calm blue sea"


@pytest.fixture(autouse=True)
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = configured.WRONG_PASSWORDS


@pytest.fixture
def owner(first_pages, commits):
    return MemberFactory(email=EMAIL)


def try_in(client, password=PASSWORD, email=EMAIL):
    """Whether the password was let in; None where no more tries are taken."""
    answer = client.post(LOGIN, {"login": email, "password": password})
    if answer.status_code == 302:
        return True
    return None if "Too many" in answer.content.decode() else False


def elsewhere(number):
    return Client(REMOTE_ADDR=f"198.51.{number // 200}.{number % 200}")


def attack(tries, email=EMAIL):
    """One guess each from many networks; how many were heard."""
    guesses = [try_in(elsewhere(number), f"guess {number}", email) for number in range(tries)]
    return sum(guess is not None for guess in guesses)


def device_of_owner():
    """A browser that was logged in once, at home."""
    client = Client(REMOTE_ADDR="203.0.113.9")
    assert try_in(client)
    client.post("/accounts/logout/")
    return client


def test_guesses_from_one_network_end_after_five(owner):
    attacker = Client(REMOTE_ADDR="198.51.100.1")

    heard = [try_in(attacker, f"guess {number}") for number in range(7)]

    assert heard == [False] * 5 + [None] * 2
    assert try_in(attacker) is None


def test_guesses_from_many_networks_are_bounded_by_the_account(owner):
    (rate,) = parse_rates(configured.WRONG_PASSWORDS["login_failed_account"])

    assert attack(rate.amount + 8) == rate.amount
    assert rate.amount / (rate.duration / 3600) <= 30


def test_owner_on_a_known_device_gets_in_while_others_guess(owner):
    home = device_of_owner()
    attack(40)

    assert try_in(elsewhere(900)) is None
    assert try_in(home) is True


def test_owner_on_a_new_device_gets_in_by_mail(owner):
    attack(40)
    mail.outbox.clear()
    client = Client(REMOTE_ADDR="203.0.113.77")
    client.post("/accounts/password/reset/", {"email": EMAIL})
    path = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    attack(40)

    assert try_in(client, NEW) is True


def test_guesses_on_a_known_device_are_bounded_as_well(owner):
    home = device_of_owner()

    heard = [try_in(home, f"guess {number}") for number in range(7)]

    assert heard == [False] * 5 + [None] * 2


def test_device_of_one_member_is_unknown_to_another(owner):
    other = MemberFactory(email="other@example.org")
    home = device_of_owner()
    attack(40, other.email)

    assert try_in(home, email=other.email) is None


def test_device_that_two_members_share_knows_both(owner):
    other = MemberFactory(email="other@example.org")
    home = device_of_owner()
    assert try_in(home, email=other.email)
    home.post("/accounts/logout/")
    attack(40)
    attack(40, other.email)

    assert try_in(home) is True
    home.post("/accounts/logout/")
    assert try_in(home, email=other.email) is True


@pytest.mark.parametrize(
    "cookie",
    [
        "rubbish",
        signing.dumps({"device": "x", "accounts": []}, salt="something else"),
        signing.dumps(["x"], salt=SALT),
        signing.dumps({"device": "x"}, salt=SALT),
    ],
    ids=["rubbish", "signed for something else", "a list", "without accounts"],
)
def test_forged_device_is_a_stranger(owner, cookie):
    attack(40)
    client = Client(REMOTE_ADDR="203.0.113.9")
    client.cookies[configured.DEVICE_COOKIE_NAME] = cookie

    assert try_in(client) is None


def test_success_takes_back_no_more_than_its_own_try(owner):
    attacker = MemberFactory(email="attacker@example.org")
    client = Client(REMOTE_ADDR="198.51.100.1")
    heard = []
    for number in range(8):
        heard.append(try_in(client, f"guess {number}"))
        try_in(client, email=attacker.email)
        client.post("/accounts/logout/")

    assert sum(one is not None for one in heard) == 5


def test_cookie_names_nobody(owner):
    cookie = device_of_owner().cookies[configured.DEVICE_COOKIE_NAME]
    known = signing.loads(cookie.value, salt=SALT)

    assert EMAIL not in cookie.value
    assert set(known) == {"device", "accounts"}
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "owner" not in str(known)
