"""What stands in the security log after each way in and each change of powers."""

import pytest
import structlog
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.models import Group
from django.dispatch import Signal

from portal.accounts.services.members import set_role
from portal.ui.limits import rate_limited
from portal.ui.security_log import account_digest
from tests.factories.members import PASSWORD, MemberFactory

# Signals that say nothing about who may come in.
SILENT = {"email_confirmation_sent", "authentication_step_completed", "_add_email"}
# Confirming by code is not offered.
SILENT |= {"email_verification_code_rejected", "user_logged_in"}


@pytest.fixture
def log():
    with structlog.testing.capture_logs() as entries:
        yield entries


def security(log) -> list[tuple]:
    """The security lines: event, level, and whatever else they say."""
    lines = [dict(line) for line in log if str(line["event"]).startswith("security.")]
    return [(line.pop("event")[9:], line.pop("log_level"), line) for line in lines]


def log_in(client, member, password=PASSWORD):
    return client.post("/accounts/login/", {"login": member.email, "password": password})


def test_log_in_and_log_out_are_told_with_their_member(client, member, log):
    log_in(client, member)
    client.post("/accounts/logout/")

    assert security(log) == [
        ("logged_in", "info", {"member": member.pk, "methods": ["password"]}),
        ("logged_out", "info", {"member": member.pk}),
    ]


def test_wrong_password_is_told_by_a_digest_of_the_address(client, member, log):
    log_in(client, member, "a wrong one altogether")

    told = ("log_in_failed", "warning", {"account": account_digest(member.email)})
    assert security(log) == [told]
    assert member.email not in str(log)


def test_unknown_address_is_told_like_a_known_one(client, db, log):
    client.post("/accounts/login/", {"login": "who@example.com", "password": "x" * 12})

    assert security(log) == [
        ("log_in_failed", "warning", {"account": account_digest("WHO@example.com ")})
    ]


def test_changed_password_is_told(member_client, log):
    new = "a calm green triangle"
    words = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    member_client.post("/accounts/password/change/", words)

    assert ("password_changed", "info", {"member": member_client.member.pk}) in security(log)


def test_second_factor_is_told_when_it_comes_and_when_it_fails(client, member, log):
    RecoveryCodes.activate(member)
    kind = Authenticator.Type.RECOVERY_CODES
    mfa.authenticator_added.send(
        sender=Authenticator,
        request=None,
        user=member,
        authenticator=Authenticator.objects.get(user=member, type=kind),
    )
    mfa.authentication_failed.send(sender=Authenticator, request=None, user=member)

    assert security(log) == [
        ("second_factor_added", "info", {"member": member.pk, "kind": kind}),
        ("second_factor_failed", "warning", {"member": member.pk}),
    ]


def test_changed_roles_are_told(member, log):
    Group.objects.get_or_create(name="editor")
    set_role(member=member, role="editor")

    assert security(log) == [("roles_changed", "info", {"member": member.pk, "roles": ["editor"]})]


def test_limit_that_is_reached_is_told_without_the_address(settings, rf, db, log):
    settings.RATE_LIMITS = True
    view = rate_limited("tests", "0/d")(lambda request: None)

    view(rf.post("/"))

    assert security(log) == [
        ("limit_reached", "warning", {"scope": "tests", "requester": "visitor"})
    ]


def test_key_that_is_unknown_is_told(client, db, log):
    client.get("/api/v1/members", headers={"Authorization": "Bearer mk_nothing"})

    assert security(log) == [("api_key_refused", "warning", {})]


def test_every_signal_about_signing_in_is_heard():
    known = {**vars(account), **vars(mfa)}
    signals = {name: one for name, one in known.items() if isinstance(one, Signal)}

    unheard = {name for name, one in signals.items() if not one.receivers}
    assert unheard - SILENT == set()


def test_members_of_the_security_log_are_numbers_alone(client, commits, log):
    member = MemberFactory(name="Nobody Elsewhere", handle="nobody-elsewhere")
    log_in(client, member)

    assert member.name not in str(log)
    assert member.handle not in str(log)
