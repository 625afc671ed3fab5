"""What the home page shows of the whole community."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from badges.models import ProgramVersion
from badges.services.boards import Standing, top, week_of
from community.models import Idea
from events.services.agenda import coming_events
from knowledgebase.models import ArticlePage
from portal.accounts.models import Member
from portal.accounts.people import Viewer

KEPT_SECONDS = 60


@dataclass(frozen=True)
class NowCard:
    """One thing that is happening: what kind, its title, a line about it, its address."""

    feature: str
    icon: str
    kind: str
    title: str
    text: str
    url: str
    language: str = ""


def numbers() -> dict[str, int]:
    """How many members and ideas there are: true to the minute, so that no page counts."""

    def count() -> dict[str, int]:
        return {
            "members": Member.objects.present().count(),
            "ideas": Idea.objects.listed().count(),
        }

    return cache.get_or_set("home:numbers", count, KEPT_SECONDS) or count()


def faces(*, limit: int = 7) -> list[Member]:
    """Members with a picture who came last and appear in lists."""
    shown = Member.objects.listed().exclude(avatar="")
    return list(shown.order_by("-date_joined", "-pk")[:limit])


def happening_now(member: Viewer) -> list[NowCard]:
    """The most wanted new idea, the next event and the newest article."""
    cards = []
    if idea := Idea.objects.for_list(member).order_by("-trend", "-pk").first():
        byline = _("by %(author)s") % {"author": idea.byline}
        url = idea.get_absolute_url()
        cards.append(
            NowCard("community", "bulb", _("Idea"), idea.title, byline, url, idea.language)
        )
    cards += [
        NowCard("events", "calendar-event", _("Event"), page.title, page.summary, page.url)
        for page in coming_events(limit=1, member=member)
    ]
    articles = ArticlePage.objects.visible_to(member).select_related("locale")
    mine = articles.filter(locale__language_code=get_language())
    if article := mine.order_by("-first_published_at", "-pk").first():
        cards.append(
            NowCard("knowledge", "book", _("Article"), article.title, article.summary, article.url)
        )
    return cards


def week_top(*, limit: int = 5) -> list[Standing]:
    _pk, program = ProgramVersion.objects.current()
    period = week_of(timezone.now(), program)
    return top(period=period, limit=limit)
