"""allauth's signals, translated into activities."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.http import HttpRequest

from portal.accounts.services.members import confirm_email


def connect() -> None:
    email_confirmed.connect(on_email_confirmed, dispatch_uid="accounts.email_confirmed")


def on_email_confirmed(
    sender: object, request: HttpRequest | None, email_address: EmailAddress, **kwargs: Any
) -> None:
    confirm_email(member=email_address.user)
