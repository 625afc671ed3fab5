import pytest

from events.models import Contest, Entry, EntryVote
from events.services.agenda import running_contests
from events.services.contests import close_contest, enter_contest, refuse_entry, vote_for_entry
from tests.events.test_contests import approved, end, judge, open_voting  # noqa: F401
from tests.factories.events import ContestIndexPage, index_page, make_contest_page, picture
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("event_places")

HTMX = {"HX-Request": "true"}


def text_of(response):
    return response.content.decode()


def contest_of(page):
    return Contest.objects.get(key=page.translation_key)


def test_entering_sends_form_and_picture_and_shows_the_state(member_client):
    page = make_contest_page(minimum_age=16)
    path = f"/contests/{page.object_key}/enter/"
    assert f'href="{path}"' in text_of(member_client.get(page.url))
    assert "at least 16 years" in text_of(member_client.get(path))

    sent = {"title": "Fog", "text": "Dawn", "picture": picture(), "is_old_enough": "on"}
    response = member_client.post(path, sent, follow=True)

    assert response.redirect_chain == [(page.url, 302)]
    assert "Change your entry" in text_of(response)
    assert Entry.objects.get().state == "waiting"


def test_form_says_what_is_wrong_beside_the_field(member_client):
    page = make_contest_page(minimum_age=16)
    path = f"/contests/{page.object_key}/enter/"

    bad = picture((100, 100))
    response = member_client.post(path, {"title": "Fog", "picture": bad, "is_old_enough": "on"})
    empty = member_client.post(path, {})

    assert "too small" in response.context["form"].errors["picture"][0]
    assert set(empty.context["form"].errors) == {"title", "picture", "is_old_enough"}
    assert Entry.objects.count() == 0


def test_waiting_entry_is_changed_without_sending_the_picture_again(member_client):
    page = make_contest_page()
    entry = enter_contest(
        contest=contest_of(page), member=member_client.member, title="Fog", picture=picture()
    )
    path = f"/contests/{page.object_key}/enter/"
    assert 'value="Fog"' in text_of(member_client.get(path))

    member_client.post(path, {"title": "Mist"})

    changed = Entry.objects.get()
    assert (changed.title, changed.picture.name) == ("Mist", entry.picture.name)


@pytest.mark.parametrize(
    ("phase", "words"),
    [("before", "not open yet"), ("voting", "are closed"), ("over", "are closed")],
)
def test_entering_outside_its_time_leads_back_with_words(member_client, phase, words):
    page = make_contest_page(phase=phase)

    response = member_client.get(f"/contests/{page.object_key}/enter/", follow=True)

    assert words in text_of(response)


def test_approved_entry_is_not_entered_again(member_client, judge):  # noqa: F811
    page = make_contest_page()
    approved(contest_of(page), member_client.member, judge)

    response = member_client.get(f"/contests/{page.object_key}/enter/", follow=True)

    assert "already in the contest" in text_of(response)


def test_waiting_entry_is_seen_by_its_author_alone(member_client, client, judge):  # noqa: F811
    page = make_contest_page()
    entry = enter_contest(
        contest=contest_of(page), member=member_client.member, title="Fog", picture=picture()
    )
    path = entry.get_absolute_url()

    assert member_client.get(path).status_code == 200
    client.force_login(judge)
    assert client.get(path).status_code == 200
    client.force_login(MemberFactory())
    assert client.get(path).status_code == 404
    client.logout()
    assert client.get(path).status_code == 404


def test_votes_are_cast_moved_and_hidden_until_the_end(member_client, judge):  # noqa: F811
    page = make_contest_page()
    contest = contest_of(page)
    one = approved(contest, MemberFactory(), judge, title="One")
    two = approved(contest, MemberFactory(), judge, title="Two")
    open_voting(contest)

    partial = text_of(member_client.post(f"{one.get_absolute_url()}vote/", headers=HTMX))
    assert 'aria-pressed="true"' in partial
    assert partial.strip().startswith('<div id="entry-vote"')
    member_client.post(f"{two.get_absolute_url()}vote/")
    assert EntryVote.objects.get().entry == two
    before = text_of(member_client.get(page.url))
    end(contest)
    close_contest(contest=contest)

    after = text_of(member_client.get(page.url))
    assert ("1 vote" in before, "1 vote" in after, "Winner" in after) == (False, True, True)
    assert "1 vote" in text_of(member_client.get(two.get_absolute_url()))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_vote_outside_its_time_is_refused_in_words(member_client, judge, headers):  # noqa: F811
    page = make_contest_page()
    entry = approved(contest_of(page), MemberFactory(), judge)

    path = f"{entry.get_absolute_url()}vote/"
    response = member_client.post(path, headers=headers, follow=True)

    assert "Voting is not open" in text_of(response)


def test_entry_is_withdrawn_by_its_author(member_client):
    page = make_contest_page()
    contest = contest_of(page)
    entry = enter_contest(
        contest=contest, member=member_client.member, title="Fog", picture=picture()
    )

    response = member_client.post(f"{entry.get_absolute_url()}withdraw/", follow=True)

    assert "You can enter again" in text_of(response)
    assert Entry.objects.count() == 0


def test_entry_stays_after_entries_have_closed(member_client, judge):  # noqa: F811
    page = make_contest_page()
    entry = approved(contest_of(page), member_client.member, judge)
    open_voting(contest_of(page))

    response = member_client.post(f"{entry.get_absolute_url()}withdraw/", follow=True)

    assert "Voting has begun" in text_of(response)


def test_refused_entry_shows_its_reason_to_its_author(member_client, judge):  # noqa: F811
    page = make_contest_page()
    entry = enter_contest(
        contest=contest_of(page), member=member_client.member, title="Fog", picture=picture()
    )
    refuse_entry(entry=entry, staff=judge, reason="Too dark to see")

    for path in (page.url, entry.get_absolute_url(), f"/contests/{page.object_key}/enter/"):
        assert "Too dark to see" in text_of(member_client.get(path))


def test_visitors_are_sent_to_the_log_in(client, commits, judge):  # noqa: F811
    page = make_contest_page()
    entry = approved(contest_of(page), MemberFactory(), judge)
    path = entry.get_absolute_url()

    for action in ("vote/", "withdraw/"):
        assert client.post(f"{path}{action}").url == f"/accounts/login/?next={path}"
    assert client.get(f"/contests/{page.object_key}/enter/").status_code == 302
    open_voting(contest_of(page))
    assert "?next=" in text_of(client.get(path))


def test_index_separates_running_from_decided(client, commits):
    index = index_page(ContestIndexPage)
    assert "No contest is running" in text_of(client.get(index.url))
    for phase in ("before", "entries", "voting", "over"):
        make_contest_page(phase, phase=phase)

    context = client.get(index.url).context

    assert sorted(page.title for page in context["contests"]) == ["before", "entries", "voting"]
    assert [page.title for page in context["past"]] == ["over"]
    assert sorted(page.title for page in running_contests(limit=5)) == ["entries", "voting"]


@pytest.mark.parametrize("rows", [1, 3])
def test_wall_and_index_cost_the_same_for_any_number(member_client, rows, judge, own_queries):  # noqa: F811
    page = make_contest_page()
    for _number in range(rows):
        entry = approved(contest_of(page), MemberFactory(), judge)
    for number in range(rows - 1):
        make_contest_page(f"Contest {number}")
    open_voting(contest_of(page))
    vote_for_entry(entry=entry, member=member_client.member)

    counts = [own_queries(url) for url in (page.url, index_page(ContestIndexPage).url)]

    assert counts == [7, 5]
