import re

import pytest
from django.conf import settings
from django.urls import reverse

from community.models import Idea
from community.services.ideas import post_idea, withdraw_idea
from tests.factories.community import CategoryFactory, CommentFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.staff import manager, moderator

LIST = reverse("community:idea_list")
HTMX = {"HX-Request": "true"}


def rows(response):
    return re.findall(r'<h2 id="idea-\d+"><a href="[^"]+">([^<]+)</a>', response.text)


def test_list_shows_rows_named_by_title_with_a_vote_button(client, db):
    IdeaFactory(title="Bike racks", excerpt="By the gate.")

    response = client.get(LIST)

    pk = Idea.objects.get().pk
    assert rows(response) == ["Bike racks"]
    assert f'aria-labelledby="idea-{pk}"' in response.text
    assert 'aria-pressed="false"' in response.text
    assert response["Vary"].count("HX-Request") == 1


def test_list_answers_htmx_with_its_part(client, db):
    IdeaFactory.create_batch(21)

    whole = client.get(LIST)
    part = client.get(LIST, headers={**HTMX, "HX-Target": "list"})
    more = re.search(r'hx-get="([^"]+)" hx-target="#more"', whole.text)[1].replace("&amp;", "&")
    rest = client.get(more, headers={**HTMX, "HX-Target": "more"})
    back = client.get(LIST, headers={**HTMX, "HX-History-Restore-Request": "true"})

    assert [len(rows(one)) for one in (whole, part, rest, back)] == [20, 20, 1, 20]
    assert ["<html" in one.text for one in (whole, part, rest, back)] == [True, False, False, True]
    assert ['id="list"' in one.text for one in (part, rest)] == [True, False]
    assert sorted(rows(whole) + rows(rest)) == sorted(Idea.objects.values_list("title", flat=True))


def test_list_says_what_to_do_when_nothing_is_there(client, db):
    empty = client.get(LIST).text
    IdeaFactory()
    nothing = client.get(LIST, {"q": "zebra"}).text

    assert "No ideas yet" in empty
    assert "Nothing fits" in nothing


def test_filters_that_do_not_fit_are_left_out(client, db):
    IdeaFactory(title="Bike racks")

    response = client.get(LIST, {"status": "x", "sort": "y", "board": "!", "after": "z", "p": "9"})

    assert rows(response) == ["Bike racks"]


@pytest.mark.parametrize("count", [1, 20, 200])
def test_list_costs_the_same_at_every_size(
    client, member_client, django_assert_num_queries, count, db
):
    CategoryFactory()
    IdeaFactory.create_batch(count, author=MemberFactory())
    client.logout()
    client.get(LIST)
    with django_assert_num_queries(VISITOR_QUERIES):
        client.get(LIST)
    member_client.force_login(member_client.member)
    with django_assert_num_queries(MEMBER_QUERIES):
        member_client.get(LIST)


VISITOR_QUERIES = 2
MEMBER_QUERIES = 9


def test_roadmap_has_three_columns(client, db):
    for status in ("planned", "in_progress", "done", "open"):
        IdeaFactory(title=f"An idea {status}", status=status)

    text = client.get(reverse("community:roadmap")).text

    assert re.findall(r"An idea (\w+)", text) == ["planned", "in_progress", "done"]


def test_long_column_leads_to_the_list(client, db):
    IdeaFactory.create_batch(51, status="done", author=MemberFactory())

    assert "/ideas/?sort=top&amp;status=done" in client.get(reverse("community:roadmap")).text


def test_wrong_slug_redirects_for_good(client, db):
    idea = IdeaFactory(title="Kırmızı Işık")

    for path in (f"/ideas/{idea.pk}/", f"/ideas/{idea.pk}-x/"):
        response = client.get(path + "?thread=3")
        assert response.status_code == 301
        assert response.url == f"/ideas/{idea.pk}-kirmizi-isik/?thread=3"


def test_idea_page_shows_everything_in_its_language(client, member):
    idea = post_idea(author=member, title="Bike racks", body="By **the** gate", language="tr")
    CommentFactory(idea=idea, body_html="<p>Me too</p>")

    text = client.get(idea.get_absolute_url()).text

    assert '<h1 lang="tr">Bike racks</h1>' in text
    assert "<strong>the</strong>" in text
    assert "<p>Me too</p>" in text
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}{idea.get_absolute_url()}">' in text


@pytest.mark.parametrize("thread", ["x", "-1", "9" * 30, "٣", "0"])
def test_thread_that_does_not_fit_shows_the_first(client, db, thread):
    comment = CommentFactory(body_html="<p>Me too</p>")

    response = client.get(comment.idea.get_absolute_url(), {"thread": thread})

    assert "<p>Me too</p>" in response.text


def test_withdrawn_idea_is_there_for_its_author_and_moderators_alone(client, member):
    idea = post_idea(author=member, title="Bike racks")
    withdraw_idea(idea=idea, member=member)
    readers = {None: 404, MemberFactory(): 404, member: 200, moderator(): 200}

    for reader, status in readers.items():
        client.logout()
        if reader:
            client.force_login(reader)
        assert client.get(idea.get_absolute_url()).status_code == status


def test_vote_goes_back_and_forth_with_and_without_htmx(member_client):
    idea = IdeaFactory()
    url = reverse("community:idea_vote", args=[idea.pk])

    pressed = member_client.post(url, {"wide": "1"}, headers=HTMX)
    plain = member_client.post(url)

    assert 'aria-pressed="true"' in pressed.text
    assert "vote-wide" in pressed.text
    assert (plain.status_code, plain.url) == (302, idea.get_absolute_url())
    idea.refresh_from_db()
    assert idea.score == 0


def test_visitor_is_led_through_the_log_in_back_to_the_page(client, db):
    url = reverse("community:idea_vote", args=[IdeaFactory().pk])
    page = "http://testserver/ideas/?sort=top"

    plain = client.post(url, headers={"Referer": page})
    htmx = client.post(url, headers={**HTMX, "HX-Current-URL": page})
    bare = client.post(url)

    target = "/accounts/login/?next=/ideas/%3Fsort%3Dtop"
    assert (plain.url, htmx["HX-Redirect"]) == (target, target)
    assert bare.url == "/accounts/login/?next=/ideas/"


def test_vote_takes_only_post(member_client):
    assert member_client.get(reverse("community:idea_vote", args=[1])).status_code == 405


def test_hints_come_while_a_title_is_typed(member_client, member):
    post_idea(author=member, title="Faster tents")
    url = reverse("community:idea_similar")

    part = member_client.get(url, {"title": "faster tent"}, headers=HTMX).text
    page = member_client.get(url, {"title": "faster tent"}).text
    nothing = member_client.get(url, {"title": "zebra"}, headers=HTMX).text

    assert "Faster tents" in part
    assert "<html" not in part
    assert "Faster tents" in page
    assert nothing.strip() == ""


@pytest.mark.parametrize(("reader", "shown"), [(moderator, "Hide"), (manager, "Answer officially")])
def test_staff_find_their_actions_on_the_page(client, db, reader, shown):
    client.force_login(reader())

    assert shown in client.get(IdeaFactory().get_absolute_url()).text
