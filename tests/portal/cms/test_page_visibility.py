"""Every type of page, hidden in every way, at every address: nothing of it is told or done."""

import ast
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import PageViewRestriction

from events.models import (
    Challenge,
    ChallengePage,
    Contest,
    ContestPage,
    EventPage,
    Occasion,
)
from events.services.challenges import join_challenge
from events.services.contests import enter_contest, vote_for_entry
from events.services.registrations import register_for_event
from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.reading import mark_read
from knowledgebase.services.surveys import answer_survey
from knowledgebase.services.visits import sign_visit
from knowledgebase.services.watching import report_watch
from portal.api.services.keys import create_key
from portal.cms.models import PortalPageQuerySet
from portal.cms.visibility import begin_reading, end_reading, is_visible
from portal.notifications.mails import compose
from tests.authorization_world import routes
from tests.portal.cms.hidden_pages import (
    KINDS,
    PASSWORD,
    WORD,
    build_hidden_site,
    forms_of,
    page_types,
    row_counts,
    upload,
)

ROLES = ("visitor", "member")
OPENED = timedelta(hours=1)
# Wagtail serves these by other rules than restrictions.
NOT_SERVED = ("draft", "unpublished", "expired")
# The types of page behind the keys of an address, by how it begins.
KEYED = {
    "events/": [EventPage],
    "challenges/": [ChallengePage],
    "contests/": [ContestPage],
    "knowledge/": [ArticlePage, VideoPage],
    "surveys/": [SurveyPage],
}


@pytest.fixture(scope="module")
def site(rows_of_module):
    return build_hidden_site()


@pytest.fixture(autouse=True)
def _reading():
    """Restrictions that a test reads outside of a request are forgotten with it."""
    yield
    end_reading()


@pytest.fixture(autouse=True)
def _blank_refusals(monkeypatch):
    """The page that says "not found" knows no pages, and takes most of the time."""
    whole = Template.render

    def render(self, context=None, request=None):
        return "" if self.origin.template_name == "404.html" else whole(self, context, request)

    monkeypatch.setattr(Template, "render", render)


def client_of(site, role):
    client = Client()
    if role in site.people:
        client.force_login(site.people[role])
    return client


def plain_addresses():
    """Every address outside the CMS without variable parts, and what lists or searches."""
    for route, _is_ours in routes():
        if not route.startswith("cms/") and "<" not in route and "^" not in route:
            yield f"/{route}"
    for path in ("search/", "search/suggest/", "knowledge/search/", "ideas/similar/"):
        yield f"/{path}?q={WORD}&title={WORD}"
    for show in ("coming", "place", "online", "mine", "past"):
        yield f"/events/?show={show}"
    for path in ("", "knowledge/", "surveys/", "events/", "challenges/", "contests/"):
        yield f"/tr/{path}"


def keyed_addresses(site, route):
    """A route with a key, once for each hidden page that it could be about."""
    for start, models in KEYED.items():
        if not route.startswith(start):
            continue
        wanted = site.entries() if "<int:pk>" in route else site.of_type(*models)
        for one in wanted:
            path = route.replace("<uuid:key>", one.page.object_key)
            pk = one.entry.pk if one.entry else 0
            yield one, "/" + path.replace("<int:pk>", str(pk))


def keyed_routes():
    return [r for r, _ in routes() if "<uuid:key>" in r and not r.startswith("cms/")]


def told(response, words):
    """Of some words those that an answer gives away."""
    text = b"".join(response).decode() if response.streaming else response.content.decode()
    return [what for word, what in words.items() if word in text]


def test_every_type_of_page_is_planted_and_reads_through_the_one_rule():
    assert {model._meta.label for model in page_types()} == set(forms_of(None))
    for model in page_types():
        assert issubclass(type(model.objects.all()), PortalPageQuerySet), model


def test_every_keyed_address_has_pages_behind_it():
    lost = [route for route in keyed_routes() if not route.startswith(tuple(KEYED))]

    assert lost == []


def addresses_of(site, role):
    """What a visitor or a member could ask for; pages by themselves are asked for by visitors."""
    yield from plain_addresses()
    for route in keyed_routes():
        asked = [address for one, address in keyed_addresses(site, route) if one.is_shut_for(role)]
        if Client().get(asked[0]).status_code != 405:
            yield from asked
    if role == "visitor":
        # A second home page has no address: it is no part of the site.
        yield from filter(None, (one.page.get_url() for one in site.secrets))
        passed = PageViewRestriction.objects.filter(restriction_type="password").first()
        for one in site.secrets:
            if one.kind in ("groups", "draft"):
                yield f"/_util/authenticate_with_password/{passed.pk}/{one.page.pk}/"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_no_address_tells_of_a_hidden_page(site, role):
    words, client, leaks = site.words_shut_for(role), client_of(site, role), []
    for address in list(addresses_of(site, role)):
        cache.clear()
        if found := told(client.get(quote(address, safe="/?=&%")), words):
            leaks.append((address, found))

    assert not leaks, "\n".join(map(str, leaks))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["member", "insider"])
def test_every_hidden_page_is_shut_for_whom_it_should(site, role):
    """Lists, records and Wagtail's own way to a page agree, page for page."""
    person = site.people[role]
    request = RequestFactory().get("/")
    request.user, request.session = person, {}
    begin_reading(request)
    for one in site.secrets:
        page, is_open = one.page, not one.is_shut_for(role)
        listed = type(page).objects.visible_to(person).filter(pk=page.pk).exists()
        restricted = page.get_view_restrictions()
        served = all(restriction.accept_request(request) for restriction in restricted)
        assert listed == is_visible(page.translation_key, person) == is_open, one
        assert one.kind in NOT_SERVED or served == is_open, one


@pytest.mark.django_db
def test_those_who_may_see_a_page_find_it(site):
    """The control of the walk: the words are there to be found."""
    client, seen = client_of(site, "insider"), set()
    mine = [one for one in site.secrets if one.kind in ("login", "stray twin")]
    mine = [one for one in mine if one.page.get_url()]
    for one in mine:
        if not one.entry:
            seen |= set(told(client.get(one.page.get_url()), {w.word: w.word for w in mine}))
    for address in ("/events/", "/challenges/", "/contests/", "/surveys/", f"/search/?q={WORD}"):
        assert told(client.get(address), {w.word: w.word for w in mine}), address

    assert seen == {one.word for one in mine}


@pytest.mark.django_db
def test_programs_read_nothing_of_hidden_pages(site):
    scopes = ["activities:read", "members:read"]
    _key, secret = create_key(name="shop", scopes=scopes)
    words = site.words_shut_for("visitor")
    for path in ("activities", "members", f"members/{site.people['member'].handle}"):
        answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})
        assert told(answer, words) == []


@pytest.mark.django_db
def test_no_mail_tells_of_a_page_that_was_hidden_since(site):
    words = site.words_shut_for("member")
    for notice in site.people["member"].notices.select_related("recipient"):
        mail = compose(notice)
        text = f"{mail.subject} {mail.text} {mail.html}" if mail else ""
        assert [what for word, what in words.items() if word in text] == []


def payload(site, role, secret, route):
    """What a member's form, or player, would send to a route."""
    page, member = secret.page, site.people.get(role)
    opened = ""
    if member:
        opened = sign_visit(member=member, page=page, at=timezone.now() - OPENED)
    if route.endswith("/watch/"):
        report = {"session": str(uuid4()), "intervals": [[0, 90]]}
        return {
            "data": json.dumps(report),
            "content_type": "application/json",
            "query_params": {"opened": opened},
        }
    form = {"helpful": "yes", "opened": opened, "pressed": "", "answer-q1": "3"}
    if route.endswith("/enter/"):
        form |= {"title": "Fog", "picture": upload()}
    return {"data": form}


def act_everywhere(site, role, kinds):
    client, answers = client_of(site, role), []
    for route in keyed_routes():
        for secret, address in keyed_addresses(site, route):
            if secret.kind in kinds:
                cache.clear()
                response = client.post(address, **payload(site, role, secret, route))
                answers.append((secret.kind, response.status_code))
    return answers


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nobody_acts_on_a_page_that_they_may_not_see(site, role):
    before = row_counts()
    kinds = {"visitor": ["login", "draft"], "member": ["groups", "below twin", "expired"]}

    answers = act_everywhere(site, role, kinds[role])

    refused = {404, 405} if role == "member" else {302, 403, 404, 405}
    assert row_counts() == before
    assert {status for _kind, status in answers} == refused


@pytest.mark.django_db
def test_those_who_may_see_a_page_act_on_it(site):
    """The control of the walk: the same forms do change something."""
    before = row_counts()

    answers = act_everywhere(site, "insider", ["login", "stray twin"])

    changed = {name for name, number in row_counts().items() if number > before[name]}
    assert changed >= {
        "events_registration",
        "events_entry",
        "knowledgebase_readingmark",
        "knowledgebase_surveyresponse",
        "knowledgebase_watchprogress",
        "knowledgebase_feedback",
    }
    assert {kind for kind, status in answers if status in (200, 302)} == {"login", "stray twin"}


def services(secret, member):
    """What each service would do for a member with a hidden page."""
    page, key = secret.page, secret.page.translation_key
    if secret.entry:
        yield lambda: vote_for_entry(entry=secret.entry, member=member)
    elif isinstance(page, EventPage):
        occasion = Occasion.objects.get(key=key)
        yield lambda: register_for_event(occasion=occasion, member=member)
    elif isinstance(page, ChallengePage):
        yield lambda: join_challenge(challenge=Challenge.objects.get(key=key), member=member)
    elif isinstance(page, ContestPage):
        contest = Contest.objects.get(key=key)
        yield lambda: enter_contest(contest=contest, member=member, title="A", picture=upload())
    elif isinstance(page, ArticlePage):
        opened = timezone.now() - OPENED
        yield lambda: mark_read(member=member, article=page, opened_at=opened)
        yield lambda: give_feedback(page=page, is_helpful=True, member=member)
    elif isinstance(page, VideoPage):
        watch = {"session": uuid4(), "intervals": [[0, 90]]}
        yield lambda: report_watch(member=member, video=page, **watch)
    elif isinstance(page, SurveyPage):
        yield lambda: answer_survey(member=member, survey=page, answers={"q1": 3})


@pytest.mark.django_db
def test_services_refuse_members_who_may_not_see_the_page(site):
    member, refused = site.people["member"], set()
    begin_reading(RequestFactory().get("/"))
    for secret in site.secrets:
        # What is not published says that it is closed, where it has words for that.
        if not secret.is_shut_for("member") or secret.kind == "unpublished":
            continue
        for act in services(secret, member):
            with pytest.raises(PermissionDenied):
                act()
            refused.add((type(secret.page).__name__, secret.kind))

    assert len(refused) == 6 * (len(KINDS) - 2)


@pytest.mark.django_db
def test_who_gave_the_password_sees_the_page_and_takes_part(site):
    secret = next(one for one in site.of_type(EventPage) if one.kind == "password")
    member, client = site.people["member"], client_of(site, "member")
    asked = client.get(secret.page.get_url())
    action = asked.context_data["action_url"]
    register = f"/events/{secret.page.object_key}/register/"
    assert client.post(register).status_code == 404

    client.post(action, {"password": PASSWORD, "return_url": "/events/"})

    assert secret.word in client.get(secret.page.get_url()).content.decode()
    assert secret.word in client.get("/events/").content.decode()
    assert client.post(register).status_code == 302
    notice = member.notices.get(kind="events.registered", payload__event=secret.page.object_key)
    mail = compose(notice)
    assert mail is not None
    assert secret.word in mail.subject
    assert secret.word not in client_of(site, "member").get("/events/").content.decode()


# Reading published pages past the rule: what staff manage, and what is about the tree alone.
PAST_THE_RULE = {
    "portal/cms/models/pages.py": 2,
    "portal/home/demo/gatherings.py": 1,
    "events/services/mirror.py": 1,
    "events/services/links.py": 1,
    "knowledgebase/wagtail_hooks.py": 2,
    "knowledgebase/models/surveys.py": 1,
    "knowledgebase/models/querysets.py": 1,
    "knowledgebase/models/listings.py": 2,
    "knowledgebase/templatetags/knowledge.py": 1,
}


def test_published_pages_are_read_through_the_rule_alone():
    """`live()` and `public()` know nothing of members; whoever adds one says here why it may."""
    found: dict[str, int] = {}
    root = Path(settings.BASE_DIR)
    for top in ("portal", "events", "knowledgebase", "community", "badges"):
        for path in sorted((root / top).rglob("*.py")):
            calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
            names = [n.func.attr for n in calls if isinstance(n.func, ast.Attribute)]
            if number := sum(name in ("live", "public") for name in names):
                found[str(path.relative_to(root))] = number

    assert found == PAST_THE_RULE
