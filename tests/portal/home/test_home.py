import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page

from community.services.ideas import post_idea
from portal.accounts.models import FormerHandle
from portal.home.bootstrap import bootstrap_site
from portal.home.models import HomePage
from tests.factories.community import IdeaFactory
from tests.factories.members import MemberFactory


@pytest.fixture
def site(first_pages, commits):
    """A portal with its first pages and nothing else."""


def test_bootstrap_brings_in_pages_and_roles_once(site):
    before = (Page.objects.count(), Group.objects.count())

    bootstrap_site()

    assert (Page.objects.count(), Group.objects.count()) == before
    assert sorted(HomePage.objects.values_list("locale__language_code", flat=True)) == ["en", "tr"]


@pytest.mark.parametrize("address", ["/", "/tr/", "/knowledge/", "/tr/events/", "/search/"])
def test_empty_portal_answers_everywhere_and_says_what_it_is(client, site, address):
    response = client.get(address)

    assert response.status_code == 200
    assert '<meta name="description" content="">' not in response.content.decode()


def test_home_shows_the_newest_idea_and_an_invitation(client, site):
    page = HomePage.objects.get(locale__language_code="en")
    page.body = [("now", {"heading": "Happening now"})]
    page.save_revision().publish()
    post_idea(author=MemberFactory(), title="Bike racks")

    text = client.get("/").content.decode()

    assert "Bike racks" in text
    assert "Join the community" in text


def test_home_counts_members_and_the_ideas_that_are_listed(client, site):
    author = MemberFactory()
    MemberFactory(is_active=False)
    IdeaFactory(author=author)
    IdeaFactory(author=author, withdrawn_at=timezone.now())
    IdeaFactory(author=author, hidden_at=timezone.now())

    assert "<span>1 member, 1 ideas</span>" in client.get("/").content.decode()


def test_dashboard_names_one_next_step(member_client, site):
    text = member_client.get("/dashboard/").content.decode()

    assert "It is one of five steps of your first week." in text


def test_dashboard_asks_visitors_to_log_in(client, site):
    assert client.get("/dashboard/")["Location"] == "/accounts/login/?next=/dashboard/"


def test_former_handle_leads_to_the_member(client, site):
    member = MemberFactory()
    FormerHandle.objects.create(member=member, handle="once")

    answer = client.get("/members/once/")

    assert (answer.status_code, answer["Location"]) == (301, f"/members/{member.handle}/")


def test_unknown_member_is_missing(client, site):
    assert client.get("/members/nobody-here/").status_code == 404


@pytest.mark.parametrize("query", ["bisiklet", "BİSİKLET", "bisikletler"])
def test_search_finds_turkish_words_however_they_are_written(client, site, query):
    post_idea(author=MemberFactory(language="tr"), title="Bisiklet parkı")

    text = client.get("/search/", {"q": query}).content.decode()

    assert "<mark>Bisiklet</mark> parkı" in text


@pytest.mark.parametrize("query", ['"', "\0", " ", "'; drop table", "%" * 300])
def test_search_survives_anything(client, site, query):
    assert client.get("/search/", {"q": query}).status_code == 200


def test_suggestions_are_a_fragment(client, site):
    post_idea(author=MemberFactory(), title="Bike racks")

    text = client.get("/search/suggest/", {"q": "bike"}).content.decode()

    assert text.startswith("\n<h3>Ideas</h3>") or text.strip().startswith("<h3>Ideas</h3>")


def test_crawlers_are_told_what_is_private_and_where_the_map_is(client, site):
    robots = client.get("/robots.txt").content.decode()

    assert "Disallow: /cms/" in robots
    assert "Sitemap: " in robots
    assert "<loc>" in client.get("/sitemap.xml").content.decode()


def test_health_and_readiness(client, db):
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "cache": "ok",
        "files": "ok",
    }
