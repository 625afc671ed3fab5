"""Members' words as they are kept: the source, what it renders to, and a line of it."""

from collections.abc import Collection

from django.conf import settings
from django.urls import NoReverseMatch
from django.utils.translation import override

from portal.accounts.models import Member
from portal.ui.markdown import (
    RENDERER_VERSION,
    clean_html,
    mentions_in,
    plain_text,
    render_markdown,
)
from portal.ui.text import excerpt

EXCERPT_LENGTH = 280
# Who names more than this in one text is not talking to any of them.
MOST_MENTIONS = 10


def rendered(body: str, *, is_html: bool = False) -> dict:
    """The columns that follow from a text: its clean HTML and the renderer's version."""
    html = clean_html(body) if is_html else render_markdown(body, profile_addresses)
    return {"body_html": html, "renderer": RENDERER_VERSION}


def rendered_idea(body: str, *, is_html: bool = False) -> dict:
    """The same for an idea, with the two lines that lists show."""
    columns = rendered(body, is_html=is_html)
    line = excerpt(plain_text(columns["body_html"]), EXCERPT_LENGTH)
    return {**columns, "excerpt": line}


def profile_addresses(handles: set[str]) -> dict[str, str]:
    """Where mentions lead, in the default language: stored text is read in both."""
    found = Member.objects.present().filter(handle__in=handles)
    try:
        with override(settings.LANGUAGE_CODE):
            return {member.handle: member.get_absolute_url() for member in found}
    except NoReverseMatch:
        return {}


def mentioned_members(body: str, *, besides: "Collection[Member | None]") -> list[Member]:
    """The members that a text names, without those in `besides`."""
    handles = sorted(mentions_in(body))[:MOST_MENTIONS]
    if not handles:
        return []
    found = Member.objects.present().filter(handle__in=handles)
    known = {member.pk for member in besides if member}
    return [member for member in found.order_by("pk") if member.pk not in known]
