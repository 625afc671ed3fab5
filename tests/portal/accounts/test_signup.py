from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.utils import translation

from portal.accounts.models import Consent, Member
from portal.cms.models import TextPage
from portal.home.models import HomePage
from tests.factories.members import PASSWORD

SIGNUP = "/accounts/signup/"
ANSWERS = {"name": "Işıl Çınar", "email": "isil@example.com", "password1": "a calm blue square"}


@pytest.fixture
def visitor(client, commits):
    return client


def sign_up(client, path=SIGNUP, **more):
    return client.post(path, {**ANSWERS, **more})


def test_signup_page_asks_for_name_address_password_and_ticks_nothing(visitor):
    form = visitor.get(SIGNUP).context["form"]

    shown = [str(field.label) for field in form.visible_fields()][:3]
    assert shown == ["Name", "Email", "Password"]
    assert [box.initial for box in form.consent_fields()] == [False, False, False]


@pytest.mark.parametrize(("prefix", "address"), [("", "/privacy/"), ("/tr", "/tr/gizlilik/")])
def test_signup_links_the_privacy_notice_in_the_readers_language(
    first_pages, visitor, prefix, address
):
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    english = TextPage(title="Privacy", slug="privacy", body="<p>…</p>")
    homes["en"].add_child(instance=english)
    turkish = english.copy_for_translation(homes["tr"].locale)
    turkish.slug = "gizlilik"
    turkish.save_revision().publish()

    assert f'href="{address}"' in visitor.get(prefix + SIGNUP).content.decode()


def test_signup_makes_a_member_who_is_logged_in_at_once(visitor):
    response = sign_up(visitor, time_zone="Europe/Berlin")

    member = Member.objects.get()
    assert response.headers["Location"] == "/welcome/"
    assert visitor.get("/welcome/").wsgi_request.user == member
    assert (member.handle, member.email, member.language, member.time_zone) == (
        "isil-cinar",
        "isil@example.com",
        "en",
        "Europe/Berlin",
    )
    assert list(member.activities.values_list("verb", "object")) == [
        ("accounts.member_joined", f"member:{member.pk}")
    ]
    assert not Consent.objects.exists()


def test_signup_in_turkish_makes_a_turkish_member_in_the_programmes_zone(visitor):
    response = sign_up(visitor, "/tr/accounts/signup/", time_zone="Mars/Olympus")

    member = Member.objects.get()
    assert response.headers["Location"] == "/tr/welcome/"
    assert (member.language, member.time_zone) == ("tr", "Europe/Istanbul")


def test_signup_keeps_each_consent_as_a_row_of_its_own(visitor):
    sign_up(visitor, "/tr/accounts/signup/", newsletter_email="on", surveys_email="on")

    rows = Consent.objects.order_by("purpose").values_list(
        "purpose", "channel", "text_version", "language", "source", "withdrawn_at"
    )
    assert list(rows) == [
        ("newsletter", "email", 1, "tr", "signup", None),
        ("surveys", "email", 1, "tr", "signup", None),
    ]


def test_signup_sends_one_verification_mail_whose_link_records_the_fact_once(visitor):
    sign_up(visitor)
    member = Member.objects.get()
    (message,) = [sent for sent in mail.outbox if "/confirm-email/" in sent.body]
    path = next(word for word in message.body.split() if "/confirm-email/" in word)
    path = path.removeprefix(settings.PUBLIC_URL)

    visitor.post(path)
    visitor.post(path)

    assert message.to == ["isil@example.com"]
    assert EmailAddress.objects.get().verified
    assert member.activities.filter(verb="accounts.email_verified").count() == 1


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "…!"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"email": "isil"}, "email"),
        ({"email": ""}, "email"),
        ({"password1": "short"}, "password1"),
        ({"password1": "password"}, "password1"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_signup_names_the_field_that_is_wrong_and_makes_nobody(visitor, answer, field):
    response = sign_up(visitor, **answer)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not Member.objects.exists()


def test_signup_errors_are_turkish_on_the_turkish_page(visitor):
    response = sign_up(visitor, "/tr/accounts/signup/", email="isil")

    with translation.override("tr"):
        assert response.context["form"].errors["email"] == ["Geçerli bir e-posta adresi girin."]


def test_signup_sent_twice_makes_one_member_and_logs_in(visitor, client_class):
    sign_up(visitor, newsletter_email="on")
    second = client_class()

    response = sign_up(second, newsletter_email="on")

    assert response.headers["Location"] == "/welcome/"
    assert second.get("/settings/profile/").status_code == 200
    assert (Member.objects.count(), Consent.objects.count()) == (1, 1)


def test_signup_of_a_member_of_old_who_knows_the_password_logs_in(visitor, member):
    Member.objects.update(date_joined=datetime(2026, 1, 1, tzinfo=UTC))

    response = sign_up(visitor, email=member.email, password1=PASSWORD)

    assert response.headers["Location"] == "/"
    assert Member.objects.count() == 1


def test_signup_with_a_taken_address_says_nothing_and_writes_to_its_owner(visitor, member):
    response = sign_up(visitor, email=member.email.upper())

    assert response.headers["Location"] == "/accounts/confirm-email/"
    assert Member.objects.count() == 1
    assert [message.to for message in mail.outbox] == [[member.email]]
    assert visitor.get("/settings/profile/").status_code == 302


def test_two_members_with_one_name_get_two_handles(visitor, client_class):
    sign_up(visitor)
    sign_up(client_class(), email="other@example.com")

    handles = Member.objects.order_by("pk").values_list("handle", flat=True)
    assert list(handles) == ["isil-cinar", "isil-cinar-2"]


def test_reset_answers_alike_for_known_and_unknown_addresses(visitor, member):
    answers = [
        visitor.post("/accounts/password/reset/", {"email": email})
        for email in (member.email, "nobody@example.com")
    ]

    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1


def test_login_leads_to_the_members_own_language(client, member):
    member.language = "tr"
    member.save()

    answers = {"login": member.email, "password": "a calm square"}
    response = client.post("/accounts/login/", answers)

    assert response.headers["Location"] == "/tr/"


def test_expired_form_is_answered_in_words(commits):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(SIGNUP, ANSWERS)

    assert response.status_code == 403
    assert "403_csrf.html" in [template.name for template in response.templates]
    assert not Member.objects.exists()


def test_too_many_tries_are_answered_with_429(visitor, settings, member):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}

    first = sign_up(visitor, email="broken")
    second = sign_up(visitor, email="broken")

    assert (first.status_code, second.status_code) == (200, 429)
    assert second["Content-Type"].startswith("text/html")
