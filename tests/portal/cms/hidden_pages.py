"""A site in which every type of page is kept from somebody in every way there is.

Each page's title carries a word of its own, so that an answer tells what it gave away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

from events.models import ChallengePage, ContestPage, Entry, EventPage
from events.services.mirror import open_challenge, open_contest, open_occasion
from knowledgebase.models import ArticlePage, SurveyPage, SurveyQuestion, VideoPage
from portal.accounts.services.members import set_role
from portal.cms.models import BasePage
from portal.home.bootstrap import bootstrap_site
from portal.home.models import HomePage
from portal.notifications.models import Notice, NoticeStream
from tests.factories import events, knowledge
from tests.factories.members import MemberFactory

WORD = "Zanzibar"
PASSWORD = "a quiet word"
# Ways of keeping a page from somebody, and who sees it nevertheless.
INSIDERS = ("insider",)
MEMBERS = ("member", "moderator", "insider")
KINDS = {
    "login": MEMBERS,
    "groups": INSIDERS,
    "password": (),
    "below": INSIDERS,
    "twin": INSIDERS,
    "below twin": INSIDERS,
    "stray twin": INSIDERS,
    "draft": (),
    "unpublished": (),
    "expired": (),
}


def page_types() -> list[type[Page]]:
    return [model for model in apps.get_models() if issubclass(model, BasePage)]


def _span(**days: int) -> dict[str, Any]:
    return {name: timezone.now() + timedelta(days=day) for name, day in days.items()}


def _challenge() -> dict[str, Any]:
    verbs = {"verbs": ["community.idea_posted"], "goal": 2, "unit": "ideas"}
    return verbs | _span(starts_at=-1, ends_at=7)


def _event() -> dict[str, Any]:
    return {"place": "Harbour"} | _span(starts_at=3, ends_at=4)


def _contest(*days: int) -> dict[str, Any]:
    names = ("entries_open_at", "voting_opens_at", "ends_at")
    return {"rules": "<p>One.</p>"} | _span(**dict(zip(names, days, strict=True)))


def forms_of(media: Any) -> dict[str, list[dict]]:
    """What a page of each type needs besides its title; more than one where actions differ."""
    body = [("paragraph", "<p>Words.</p>")]
    return {
        "home.HomePage": [{}],
        "cms.TextPage": [{"body": "<p>Words.</p>", "show_in_menus": True}],
        "knowledgebase.KnowledgeIndexPage": [{}],
        "knowledgebase.CategoryPage": [{}],
        "knowledgebase.ArticlePage": [{"body": body}],
        "knowledgebase.VideoPage": [{"media": media}],
        "knowledgebase.SurveyIndexPage": [{}],
        "knowledgebase.SurveyPage": [{}],
        "events.EventIndexPage": [{}],
        "events.EventPage": [_event()],
        "events.ChallengeIndexPage": [{}],
        "events.ChallengePage": [_challenge()],
        "events.ContestIndexPage": [{}],
        "events.ContestPage": [_contest(-1, 2, 3), _contest(-2, -1, 3)],
    }


@dataclass
class Secret:
    """One hidden page (or entry): the word that must not be read, and by whom it may be."""

    word: str
    kind: str
    page: Page
    entry: Entry | None = None

    def is_shut_for(self, role: str) -> bool:
        return role not in KINDS[self.kind]


@dataclass
class HiddenSite:
    people: dict[str, Any] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def words_shut_for(self, role: str) -> dict[str, str]:
        """The words that this role must not read, each with what it stands for."""
        return {
            secret.word: f"{type(secret.page).__name__} ({secret.kind})"
            for secret in self.secrets
            if secret.is_shut_for(role)
        }

    def of_type(self, *models: type[Page]) -> list[Secret]:
        return [one for one in self.secrets if isinstance(one.page, models) and not one.entry]

    def entries(self) -> list[Secret]:
        return [one for one in self.secrets if one.entry]


def build_hidden_site() -> HiddenSite:
    bootstrap_site()
    site = HiddenSite()
    for role in ("member", "moderator", "insider", "author"):
        site.people[role] = MemberFactory(handle=role)
    set_role(member=site.people["moderator"], role="moderator")
    group = Group.objects.create(name="testers")
    site.people["insider"].groups.add(group)
    builder = Builder(site, group, knowledge.media())
    for kind in KINDS:
        builder.hide(kind)
    for person in ("member", "moderator"):
        _remember(site, site.people[person])
    return site


class Builder:
    """Plants pages of every type, one kind of hiding after the other."""

    def __init__(self, site: HiddenSite, group: Group, media: Any) -> None:
        self.site, self.group = site, group
        self.forms = forms_of(media)
        self.english, self.turkish = (Locale.objects.get(language_code=c) for c in ("en", "tr"))
        self.open_tree = {model: model.objects.first() for model in page_types()}

    def hide(self, kind: str) -> None:
        if kind in ("below", "below twin"):
            for model in self._indexes():
                self._hide_branch(kind, model)
            return
        shut = self._shut_places(kind) if kind == "stray twin" else {}
        for model in page_types():
            for form in self.forms[model._meta.label]:
                self._hide_one(kind, model, form, shut)

    def _indexes(self) -> list[type[Page]]:
        return [model for model in page_types() if self._below(model) and model is not HomePage]

    def _below(self, model: type[Page]) -> list[type[Page]]:
        return [m for m in page_types() if m is not model and self._above(m) is model]

    def _hide_branch(self, kind: str, model: type[Page]) -> None:
        """A place with everything below it, shut at the top, or at the top of its translation."""
        tree = self._tree(kind, model)
        if kind == "below twin":
            tree = self._tree(kind, model, twins=tree)
        self._restrict(tree[model], kind)

    def _shut_places(self, kind: str) -> dict:
        """Turkish places that are shut, in which only the translations of open pages lie."""
        shut = {}
        for model in self._indexes():
            shut[model] = self._plant(kind, model, {}, self._turkish_parent(model))
            self._restrict(shut[model], kind)
        return shut

    def _hide_one(self, kind: str, model: type[Page], form: dict, shut: dict) -> None:
        above = self._above(model)
        if kind == "stray twin" and above not in shut:
            return
        page = self._plant(kind, model, form, self._parent(model, self.open_tree))
        if kind == "stray twin":
            self._plant(kind, model, form, shut[above], twin_of=page)
        elif kind == "twin":
            twin = self._plant(kind, model, form, self._turkish_parent(model), twin_of=page)
            self._restrict(twin, kind)
        elif kind in ("login", "groups", "password"):
            self._restrict(page, kind)

    def _tree(self, kind: str, top: type[Page], twins: dict | None = None) -> dict:
        """A page and one of each type below it, in English or as the Turkish of `twins`."""
        parent = self._turkish_parent(top) if twins else self._parent(top, self.open_tree)
        tree: dict[Any, Page] = {}
        waiting = [(top, parent)]
        while waiting:
            model, above = waiting.pop(0)
            for place, form in enumerate(self.forms[model._meta.label]):
                twin = twins[model, place] if twins else None
                page = self._plant(kind, model, form, above, twin_of=twin)
                tree[model] = tree[model, place] = page
            waiting += [(below, tree[model]) for below in self._below(model)]
        return tree

    def _above(self, model: type[Page]) -> type[Page]:
        named = getattr(model, "parent_page_types", None) or ["home.HomePage"]
        return apps.get_model(named[0]) if named[0] != "wagtailcore.Page" else Page

    def _parent(self, model: type[Page], tree: dict) -> Page:
        above = self._above(model)
        if above is Page:
            return Page.get_first_root_node()
        return above.objects.get(pk=tree[above].pk) if tree.get(above) else self._first(above)

    def _first(self, above: type[Page]) -> Page:
        """An open page of a type that `setup` does not make."""
        page = above(title="Open", slug=f"open-{next(self.site.numbers)}", locale=self.english)
        self._parent(above, self.open_tree).add_child(instance=page)
        self.open_tree[above] = page
        return page

    def _turkish_parent(self, model: type[Page]) -> Page:
        parent = self._parent(model, self.open_tree)
        if parent.depth == 1:
            return parent
        found = parent.get_translations().filter(locale=self.turkish).first()
        return found.specific if found else parent.copy_for_translation(self.turkish)

    def _plant(
        self,
        kind: str,
        model: type[Page],
        form: dict,
        parent: Page,
        *,
        twin_of: Page | None = None,
    ) -> Page:
        word = f"qx{next(self.site.numbers)}z"
        page = model(
            title=f"{WORD} {word}",
            summary=f"Of {word}",
            slug=f"hidden-{next(self.site.numbers)}",
            locale=self.turkish if twin_of else parent.locale,
            translation_key=twin_of.translation_key if twin_of else uuid4(),
            first_published_at=timezone.now(),
            live=kind != "draft",
            **form,
        )
        if isinstance(page, SurveyPage):
            page.questions = [SurveyQuestion(code="q1", kind="rating", text="How was it?")]
        type(parent).objects.get(pk=parent.pk).add_child(instance=page)
        self.site.secrets.append(Secret(word, kind, page))
        self._open(kind, page)
        return page

    def _open(self, kind: str, page: Page) -> None:
        """What publishing does, and what ends it again."""
        openers = {EventPage: open_occasion, ChallengePage: open_challenge}
        if opener := openers.get(type(page)):
            opener(page=page)
        if isinstance(page, ContestPage):
            self._enter(kind, page)
        if kind == "unpublished":
            page.unpublish()
        if kind == "expired":
            ended = timezone.now() - timedelta(minutes=5)
            Page.objects.filter(pk=page.pk).update(expire_at=ended)

    def _enter(self, kind: str, page: ContestPage) -> None:
        contest = open_contest(page=page)
        if contest.entries.exists():
            return
        word = f"qx{next(self.site.numbers)}z"
        entry = Entry.objects.create(
            contest=contest,
            member=self.site.people["author"],
            title=f"{WORD} {word}",
            state=Entry.State.APPROVED,
            picture=upload(),
            thumb=upload(),
        )
        self.site.secrets.append(Secret(word, kind, page, entry))

    def _restrict(self, page: Page, kind: str) -> None:
        form = kind if kind in ("login", "groups", "password") else "groups"
        row = PageViewRestriction.objects.create(
            page=page.page_ptr, restriction_type=form, password=PASSWORD
        )
        row.groups.add(self.group)


def _remember(site: HiddenSite, member: Any) -> None:
    """What a member did and was told about pages before they were hidden."""
    from portal.activity.services import dispatch_pending, record

    nouns = {EventPage: "event", ChallengePage: "challenge", ContestPage: "contest"}
    nouns |= {ArticlePage: "article", VideoPage: "video", SurveyPage: "survey"}
    sequence = 1_000
    for secret in site.secrets:
        noun = nouns.get(type(secret.page))
        if noun is None:
            continue
        thing = f"entry:{secret.entry.pk}" if secret.entry else f"{noun}:{secret.page.object_key}"
        record(member=member, verb="import.walked", object=thing, key=f"{member.pk}-{secret.word}")
        # A password does not keep from those who take part what they are told.
        if secret.kind == "password" or secret.entry:
            continue
        for kind in NOTICES.get(noun, ()):
            sequence += 1
            payload = {noun: secret.page.object_key, "has_won": True, "entry": 0}
            Notice.objects.create(recipient=member, kind=kind, payload=payload, sequence=sequence)
    NoticeStream.objects.update_or_create(member=member, defaults={"last_sequence": sequence})
    dispatch_pending()


NOTICES = {
    "event": ["events.registered", "events.reminder"],
    "challenge": ["events.challenge_finished"],
    "contest": ["events.contest_result"],
}


def row_counts() -> dict[str, int]:
    """How many rows there are of everything that the product keeps."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in ("events", "knowledgebase", "activity", "badges")
    ]
    asked = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


def upload() -> Any:
    return events.picture(size=(220, 220))
