"""Signals of allauth and of signing in: activities, the security log, what a session proved."""

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from portal.accounts.devices import remember_device
from portal.accounts.models import Member
from portal.accounts.presence import note_presence
from portal.accounts.second_factor import FACTORS, METHOD
from portal.accounts.services.members import confirm_email
from portal.ui.security_log import account_digest, log_event, log_refusal

# What allauth tells about a member, by the name that it has in the security log.
EVENTS: dict[str, Signal] = {
    "signed_up": account.user_signed_up,
    "logged_out": account.user_logged_out,
    "password_set": account.password_set,
    "password_changed": account.password_changed,
    "password_reset": account.password_reset,
    "email_changed": account.email_changed,
    "email_added": account.email_added,
    "email_removed": account.email_removed,
    "second_factor_added": mfa.authenticator_added,
    "second_factor_removed": mfa.authenticator_removed,
    "second_factor_renewed": mfa.authenticator_reset,
    "second_factor_used": mfa.authenticator_used,
}
REFUSALS: dict[str, Signal] = {
    "second_factor_failed": mfa.authentication_failed,
    "login_code_failed": account.login_code_rejected,
    "reset_code_failed": account.password_reset_code_rejected,
}


def connect() -> None:
    account.email_confirmed.connect(on_email_confirmed, dispatch_uid="accounts.email_confirmed")
    account.user_logged_in.connect(on_logged_in, dispatch_uid="accounts.logged_in")
    account.password_reset.connect(on_password_reset, dispatch_uid="accounts.device_known")
    account.user_signed_up.connect(on_signed_up, dispatch_uid="accounts.session_signed_up")
    mfa.authenticator_added.connect(on_factor_added, dispatch_uid="accounts.session_proven")
    user_login_failed.connect(on_login_failed, dispatch_uid="accounts.login_failed")
    for name, signal in EVENTS.items():
        signal.connect(_told(name, log_event), dispatch_uid=f"accounts.{name}", weak=False)
    for name, signal in REFUSALS.items():
        signal.connect(_told(name, log_refusal), dispatch_uid=f"accounts.{name}", weak=False)


def on_email_confirmed(
    sender: object, request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any
) -> None:
    log_event("email_confirmed", member=email_address.user_id)
    confirm_email(member=email_address.user)


def on_signed_up(sender: object, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    """Note how this session began, as allauth does for log-ins."""
    record_authentication(request, user, "signup")


def on_factor_added(
    sender: object,
    request: HttpRequest,
    user: Member,
    authenticator: Authenticator,
    **kwargs: Any,
) -> None:
    """Setting up one's first factor proves it to this session.

    A further one does not: who knows the password alone could otherwise add a key of their own.
    """
    factors = Authenticator.objects.filter(user=user, type__in=FACTORS)
    if authenticator.type in FACTORS and not factors.exclude(pk=authenticator.pk).exists():
        record_authentication(
            request, user, METHOD, id=authenticator.pk, type=str(authenticator.type)
        )


def on_logged_in(sender: object, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    """Which ways of proving it were used stands in the session."""
    methods = request.session.get("account_authentication_methods", [])
    used = sorted({method.get("method", "") for method in methods})
    log_event("logged_in", member=user.pk, methods=used)
    remember_device(request, user)
    note_presence(request, user)


def on_password_reset(sender: object, request: HttpRequest, user: Member, **kwargs: Any) -> None:
    """Who set a new password by mail is the owner: what others guess must not keep them out."""
    remember_device(request, user)


def on_login_failed(sender: object, credentials: dict[str, Any], **kwargs: Any) -> None:
    """A failure is told by a digest: nobody is looked up, so it takes as long for everybody."""
    name = credentials.get("email") or credentials.get("username") or ""
    log_refusal("log_in_failed", account=account_digest(str(name)))


def _told(name: str, log: Any) -> Any:
    def tell(sender: object, user: Member | None = None, **kwargs: Any) -> None:
        facts = {"member": user.pk if user else None}
        authenticator = kwargs.get("authenticator")
        if isinstance(authenticator, Authenticator):
            facts["kind"] = authenticator.type
        log(name, **facts)

    return tell
