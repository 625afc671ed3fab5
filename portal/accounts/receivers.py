"""allauth's signals, translated into activities."""

from allauth.account.signals import email_confirmed

from portal.accounts.services.members import confirm_email


def connect() -> None:
    email_confirmed.connect(on_email_confirmed, dispatch_uid="accounts.email_confirmed")


def on_email_confirmed(sender, request, email_address, **kwargs) -> None:
    confirm_email(member=email_address.user)
