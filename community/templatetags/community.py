"""What templates show of the community: `{% load community %}`."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from community.models import Idea

register = template.Library()


@register.inclusion_tag("components/vote.html", takes_context=True)
def vote(context: dict, idea: Idea, *, wide: bool = False) -> dict:
    """The vote button with its count; the idea needs `voted` (`with_voted`)."""
    return {"idea": idea, "wide": wide, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/idea_row.html", takes_context=True)
def idea_row(context: dict, idea: Idea) -> dict:
    """One row of a list: needs `voted`, author and board."""
    return {"idea": idea, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/comment.html", takes_context=True)
def comment(context: dict, node: Any, *, level: int = 1) -> dict:
    """One comment with the answers below it."""
    names = ("csrf_token", "user", "perms", "idea")
    return {"node": node, "level": level, **{name: context.get(name) for name in names}}


@register.simple_tag
def profile_url(member: Any) -> str:
    """The address of a member's profile; empty for nobody, for who left, and without profiles."""
    if member is None or member.closed_at:
        return ""
    try:
        return reverse("home:member_detail", args=[member.handle])
    except NoReverseMatch:
        return ""


@register.filter
def may(member: Any, permission: str) -> bool:
    """`user|may:"community.answer_idea"`: permissions that ask for no object."""
    return bool(member) and member.has_perm(permission)


@register.simple_tag
def may_do(member: Any, permission: str, thing: Any) -> bool:
    """`{% may_do user "community.edit_idea" idea as can_edit %}`."""
    return bool(member) and member.has_perm(permission, thing)
