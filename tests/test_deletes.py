"""Nothing that something else needs is deleted, by whatever way; and no member ever is."""

import re

import pytest
from django.apps import apps
from django.db.models import PROTECT, RESTRICT, ProtectedError
from django.test import Client
from django.urls import URLResolver, get_resolver
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page

from portal.accounts.models import Member
from portal.accounts.wagtail_hooks import OneByOne
from portal.cms.models import PortalMedia
from portal.home.bootstrap import bootstrap_site
from tests.factories import knowledge
from tests.factories.community import CategoryFactory, IdeaFactory
from tests.factories.members import MemberFactory

METHODS = ("post", "delete", "put", "patch")
PLACE = re.compile(r"<(?:\w+:)?\w+>")
# Function views do not say what they delete; the others have a class that does.
BY_FUNCTIONS = {
    "cms/pages/<int:page_id>/delete/": Page,
    "cms/media/delete/<int:media_id>/": PortalMedia,
}


def _category():
    return IdeaFactory(category=CategoryFactory()).category


def _media():
    return knowledge.video().media


def _locale():
    return knowledge.translated(knowledge.article()).locale


# By what is deleted and the field that needs it: makes both and returns what is to be deleted.
IN_USE = {
    ("community.Category", "community.Idea.category"): _category,
    ("cms.PortalMedia", "knowledgebase.VideoPage.media"): _media,
}


def _walk(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def _deletions():
    """(address with a place for the key, model) of everything that the CMS can delete."""
    for route, callback in _walk(get_resolver().url_patterns):
        kind = getattr(callback, "view_class", None)
        options = getattr(callback, "view_initkwargs", {})
        model = options.get("model") or getattr(kind, "model", None) or BY_FUNCTIONS.get(route)
        if route.startswith("cms/") and "delete" in route and model:
            yield "/" + PLACE.sub("{}", route), model
    bulk_action_registry.get_bulk_actions_for_model("", "")
    for app, models in bulk_action_registry.actions.items():
        for name in [name for name, ways in models.items() if "delete" in ways]:
            yield f"/cms/bulk/{app}/{name}/delete/?id={{}}", apps.get_model(app, name)


def _holders():
    """(model, field) for every relation that keeps something deletable, hidden ones too."""
    return {
        (model._meta.label, str(relation.field))
        for model in {model for _address, model in _deletions()} - {Member}
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and getattr(relation, "on_delete", None) in (PROTECT, RESTRICT)
    }


@pytest.fixture(scope="module")
def place(rows_of_module):
    bootstrap_site()


@pytest.fixture
def boss(place, commits):
    client = Client(raise_request_exception=False)
    client.force_login(MemberFactory(is_superuser=True, is_staff=True))
    return client


def test_everything_that_something_may_need_is_tried():
    assert {pair for pair in _holders() if pair[0] != "wagtailcore.Locale"} == set(IN_USE)


@pytest.mark.parametrize("pair", [*IN_USE, ("wagtailcore.Locale", "pages")], ids=str)
def test_what_is_in_use_is_kept_and_the_page_says_by_what(boss, pair):
    needed = IN_USE.get(pair, _locale)()
    ways = [address for address, model in _deletions() if isinstance(needed, model)]

    asked = [boss.get(address.format(needed.pk)).status_code for address in ways]
    answers = {
        (address, method): boss.generic(method.upper(), address.format(needed.pk))
        for address in ways
        for method in METHODS
    }

    assert ways
    assert max(asked) < 500
    assert type(needed).objects.filter(pk=needed.pk).exists()
    wrong = {key: got.status_code for key, got in answers.items() if got.status_code >= 500}
    assert wrong == {}


def test_the_page_in_its_place_names_what_needs_it(boss):
    idea = IdeaFactory(category=CategoryFactory(), title="Bike racks")
    address = f"/cms/snippets/community/category/delete/{idea.category.pk}/"

    asked, tried = boss.get(address), boss.post(address)

    assert (asked.status_code, tried.status_code) == (200, 409)
    for answer in (asked, tried):
        assert "Bike racks" in answer.content.decode()
        assert "Yes, delete" not in answer.content.decode()


def test_what_nothing_needs_is_deleted_as_ever(boss):
    category = CategoryFactory()
    address = f"/cms/snippets/community/category/delete/{category.pk}/"

    assert "Yes, delete" in boss.get(address).content.decode()
    assert boss.post(address).status_code == 302
    assert not type(category).objects.filter(pk=category.pk).exists()


def test_no_address_and_no_method_deletes_a_member(boss):
    member = MemberFactory()
    places = [route for route, _view in _walk(get_resolver().url_patterns) if "users/" in route]
    addresses = ["/" + PLACE.sub(str(member.pk), route) for route in places]
    ways = bulk_action_registry.get_bulk_actions_for_model("accounts", "member")
    addresses += [f"/cms/bulk/accounts/member/{way.action_type}/?id={member.pk}" for way in ways]

    answers = [
        (method, address, boss.generic(method.upper(), address).status_code)
        for address in addresses
        for method in (*METHODS, "get")
    ]

    assert len(addresses) > 8
    assert [answer for answer in answers if answer[2] >= 500] == []
    assert Member.objects.filter(pk=member.pk).exists()


def test_nothing_is_done_to_many_members_at_once(boss):
    """A way that Wagtail adds one day is refused here until somebody has thought about it."""
    ways = list(bulk_action_registry.get_bulk_actions_for_model("accounts", "member"))
    member = MemberFactory()

    answer = boss.get(f"/cms/bulk/accounts/member/delete/?id={member.pk}", follow=True)

    assert [way for way in ways if not issubclass(way, OneByOne)] == []
    assert "To close an account, open it." in answer.content.decode()


def test_members_are_not_deleted_in_python_either(db):
    member = MemberFactory()

    with pytest.raises(ProtectedError):
        member.delete()
    with pytest.raises(ProtectedError):
        Member.objects.filter(pk=member.pk).delete()
