"""Makes an account with a role, or gives the role to one that exists."""

import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from portal.accounts.models import Member
from portal.accounts.services.members import create_member, set_role


class Command(BaseCommand):
    help = (
        "Makes an account with a role and prints its password when none was given. "
        "An account that exists keeps its name and gets the role, and the password if given."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, help=f"one of {', '.join(settings.ROLES)}")
        parser.add_argument("--password", help="made up and printed once when left out")

    def handle(self, *, email, role, password, **options):
        email = email.strip().lower()
        self._check(email, role, password)
        with transaction.atomic():
            member = Member.objects.filter(email=email).first()
            is_new = member is None
            made_up = secrets.token_urlsafe(12) if is_new and password is None else ""
            if is_new:
                member = self._create(email, password or made_up)
            elif password is not None:
                member.set_password(password)
                member.save(update_fields=["password"])
            set_role(member=member, role=role)
        self.stdout.write(f"{'Made' if is_new else 'Changed'} {email} (@{member.handle}): {role}.")
        if made_up:
            self.stdout.write(f"Password: {made_up}")

    def _check(self, email: str, role: str, password: str | None) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"EMAIL: {email!r} is not an e-mail address.") from error
        if role not in settings.ROLES:
            raise CommandError(f"--role: {role!r} is none of {', '.join(settings.ROLES)}.")
        if role != "member" and not Group.objects.filter(name=role).exists():
            raise CommandError(f"--role: {role!r} is not set up yet; run `manage.py setup`.")
        if password is not None and not password:
            raise CommandError("--password: it is empty; leave the option out to have one made.")

    def _create(self, email: str, password: str) -> Member:
        name = email.split("@")[0].replace(".", " ").replace("_", " ").title()
        member = create_member(name=name, email=email, password=password)
        EmailAddress.objects.create(user=member, email=email, primary=True, verified=True)
        return member
