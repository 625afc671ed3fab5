from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch

from portal.accounts.models import Interest, Member
from portal.activity.registry import ObjectLink, numbers_of


def member_links(identifiers: Iterable[str], viewer: Any = None) -> dict[str, ObjectLink]:
    """Titles and addresses of members that are there, by id as text."""
    members = Member.objects.present().filter(pk__in=numbers_of(identifiers))
    return {str(member.pk): ObjectLink(member.display_name, _profile(member)) for member in members}


def interest_links(identifiers: Iterable[str], viewer: Any = None) -> dict[str, ObjectLink]:
    interests = Interest.objects.filter(code__in=list(identifiers))
    return {interest.code: ObjectLink(interest.name, "") for interest in interests}


def _profile(member: Member) -> str:
    try:
        return member.get_absolute_url()
    except NoReverseMatch:
        return ""
