"""Every mail, in both languages: words, one action, nothing missing."""

import re
from types import SimpleNamespace

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.test import RequestFactory
from django.utils import translation

from portal.notifications import mails
from portal.notifications.registry import Attachment, Moment, NoticeText
from portal.notifications.services import notify
from tests.factories.members import MemberFactory

MISSING = "%MISSING%"
LANGUAGES = ["en", "tr"]


@pytest.fixture(autouse=True)
def _missing_variables_show(settings):
    [engine] = settings.TEMPLATES
    options = {**engine["OPTIONS"], "string_if_invalid": MISSING}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]


def check(subject, text, html, *, language, url=""):
    assert subject.strip()
    assert "\n" not in subject
    for part in (subject, text, html):
        assert MISSING not in part
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1
    assert "<" not in text
    assert not re.search(r"&[a-z#0-9]+;", text)
    assert "\n\n\n\n" not in text
    if url:
        assert url in text
        assert f'class="action" href="{url}"' in html


def composed(language, register, **fields):
    member = MemberFactory(language=language, name="Işıl Ağaoğlu")
    folder = fields.pop("email", "notice")
    describe = fields.pop("describe", None) or (
        lambda notice: NoticeText(
            title='Your idea “Bike & racks” is now: "planned"', body="We build it.", url="/ideas/1/"
        )
    )
    register("sample.mailed", describe=describe, email=folder, **fields)
    notify(recipient=member, kind="sample.mailed")
    return mails.compose(member.notices.select_related("activity").get())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", ["notice", "welcome", "idea_status"])
def test_notice_mail(commits, register, language, folder):
    mail = composed(language, register, email=folder)

    check(
        mail.subject, mail.text, mail.html, language=language, url="http://127.0.0.1:8000/ideas/1/"
    )
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    unsubscribe = mail.headers["List-Unsubscribe"].strip("<>")
    assert unsubscribe in mail.text
    assert unsubscribe in mail.html
    assert ("/tr/" in unsubscribe) == (language == "tr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_award_mail(commits, register, language):
    moments = [Moment("New badge", "Nice answer", "Ten people liked it", "/badges/nice/")]

    def describe(notice):
        context = {"moments": moments, "reasons": ["Your answer was voted up"]}
        return NoticeText(title="New badge: Nice answer", url="/badges/nice/", context=context)

    mail = composed(language, register, email="award", describe=describe)

    check(mail.subject, mail.text, mail.html, language=language)
    assert "Nice answer" in mail.text
    assert "Your answer was voted up" in mail.html


def test_mail_about_the_account_cannot_be_switched_off(commits, register):
    mail = composed("en", register, is_optional=False)

    assert mail.headers == {}
    assert "unsubscribe" not in mail.html


def test_attachment_goes_with_the_mail(commits, register, mailoutbox):
    calendar = Attachment("walk.ics", b"BEGIN:VCALENDAR", "text/calendar")

    composed("en", register, attachments=lambda notice: [calendar])

    [message] = mailoutbox
    assert message.attachments == [("walk.ics", "BEGIN:VCALENDAR", "text/calendar")]
    assert message.alternatives[0].mimetype == "text/html"


ACCOUNT = {
    "account/email/email_confirmation": {"activate_url": "https://square.example/confirm/k/"},
    "account/email/email_confirmation_signup": {"activate_url": "https://square.example/c/k/"},
    "account/email/password_reset_key": {"password_reset_url": "https://square.example/reset/k/"},
    "account/email/password_reset_code": {"code": "ABC-123"},
    "account/email/login_code": {"code": "ABC-123"},
    "account/email/unknown_account": {"signup_url": "https://square.example/signup/"},
    "account/email/account_already_exists": {"password_reset_url": "https://square.example/r/"},
    "account/email/password_changed": {},
    "account/email/password_reset": {},
    "account/email/password_set": {},
    "account/email/email_confirm": {},
    "account/email/email_changed": {"from_email": "a@example.com", "to_email": "b@example.com"},
    "account/email/email_deleted": {"deleted_email": "a@example.com"},
    "mfa/email/totp_activated": {},
    "mfa/email/totp_deactivated": {},
    "mfa/email/webauthn_added": {},
    "mfa/email/webauthn_removed": {},
    "mfa/email/recovery_codes_generated": {},
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prefix", ACCOUNT)
def test_account_mail(language, prefix):
    request = RequestFactory().get("/")
    facts = {"ip": "192.0.2.1", "user_agent": "A browser", "timestamp": "2026-03-02 12:00"}
    context = {"user": SimpleNamespace(), "code": "", **facts, **ACCOUNT[prefix]}

    with translation.override(language), request_context(request):
        message = get_adapter().render_mail(prefix, "isil@example.com", context)

    url = next((value for name, value in ACCOUNT[prefix].items() if name.endswith("url")), "")
    check(
        message.subject, message.body, message.alternatives[0].content, language=language, url=url
    )
    for fact in ACCOUNT[prefix].values():
        assert fact in message.body
        assert fact in message.alternatives[0].content


def test_text_part_reads_well(commits, register):
    text = composed("en", register).text

    assert re.match(
        r"Your idea “Bike & racks” is now: \"planned\"\n\nHello Işıl,\n\nWe build it\.", text
    )
