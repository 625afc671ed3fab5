"""One search over everything that a member may see, grouped by what was found."""

import re
from dataclasses import dataclass, field

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Page

from community.services.listing import list_ideas
from events.models import ChallengePage, ContestPage, EventPage
from events.services.search import search_pages as search_events
from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from knowledgebase.services.search import search_pages as search_knowledge
from portal.accounts.models import Member
from portal.accounts.people import Viewer
from portal.search.analyser import analyse
from portal.ui.text import excerpt

QUERY_LENGTH = 200
GROUP_SIZE = 20


@dataclass(frozen=True)
class Hit:
    """One thing found: its title and a line, with what was searched for marked."""

    title: SafeString
    text: SafeString
    url: str
    icon: str
    language: str = ""


@dataclass(frozen=True)
class Group:
    """Hits of one kind."""

    code: str
    label: str
    hits: list[Hit] = field(default_factory=list)


def search(*, query: str, member: Viewer, limit: int = GROUP_SIZE) -> list[Group]:
    """Groups with hits, best first; nothing for an empty query."""
    query = query.replace("\0", " ").strip()[:QUERY_LENGTH]
    if not query:
        return []
    groups = [
        _ideas(query, member, limit),
        *_knowledge(query, member, limit),
        *_events(query, member, limit),
        _members(query, limit),
    ]
    return [group for group in groups if group.hits]


def _ideas(query: str, member: Viewer, limit: int) -> Group:
    found = list_ideas(member=member, query=query, size=limit).ideas
    hits = [
        _hit(query, idea.title, idea.excerpt, idea.get_absolute_url(), "bulb", idea.language)
        for idea in found
    ]
    return Group("ideas", _("Ideas"), hits)


def _knowledge(query: str, member: Viewer, limit: int) -> list[Group]:
    kinds = [
        ("articles", _("Articles"), ArticlePage, "book"),
        ("videos", _("Videos"), VideoPage, "player-play"),
        ("surveys", _("Surveys"), SurveyPage, "list-check"),
    ]
    models = [model for _code, _label, model, _icon in kinds]
    found = search_knowledge(query=query, member=member, limit=limit * len(kinds), kinds=models)
    groups = []
    for code, label, model, icon in kinds:
        pages = [page for page in found if isinstance(page, model)][:limit]
        groups.append(Group(code, label, [_page_hit(query, page, icon) for page in pages]))
    return groups


def _events(query: str, member: Viewer, limit: int) -> list[Group]:
    kinds = [
        ("events", _("Events"), EventPage, "calendar-event"),
        ("challenges", _("Challenges"), ChallengePage, "target-arrow"),
        ("contests", _("Contests"), ContestPage, "trophy"),
    ]
    groups = []
    for code, label, model, icon in kinds:
        pages = search_events(model, query=query, member=member, limit=limit)
        groups.append(Group(code, label, [_page_hit(query, page, icon) for page in pages]))
    return groups


def _page_hit(query: str, page: Page, icon: str) -> Hit:
    return _hit(query, page.title, page.summary, page.url, icon, page.locale.language_code)


def _members(query: str, limit: int) -> Group:
    wish = query.lower().removeprefix("@")
    found = Member.objects.listed().filter(handle__startswith=wish).order_by("handle")[:limit]
    hits = [
        _hit(query, member.display_name, f"@{member.handle}", member.get_absolute_url(), "user")
        for member in found
    ]
    return Group("members", _("Members"), hits)


def _hit(query: str, title: str, text: str, url: str, icon: str, language: str = "") -> Hit:
    return Hit(marked(title, query), marked(excerpt(text, 200), query), url, icon, language)


def marked(text: str, query: str) -> SafeString:
    """The text with the words that match the query marked, however they are written."""
    wanted = {form for word in re.findall(r"[\w']+", query) for form in analyse(word)}
    parts = re.split(r"([\w']+)", text)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html_join("", "<mark>{}</mark>", [(part,)])
                if _matches(part, wanted)
                else part,
            )
            for part in parts
        ),
    )


def _matches(part: str, wanted: set[str]) -> bool:
    return bool(re.match(r"[\w']", part)) and not wanted.isdisjoint(analyse(part))
