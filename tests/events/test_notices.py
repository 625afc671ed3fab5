from datetime import timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone, translation

from events.models import Occasion
from events.services.contests import (
    close_contest,
    enter_contest,
    refuse_entry,
    vote_for_entry,
)
from events.services.links import entry_links
from events.services.registrations import register_for_event
from events.services.reminders import remind_registered
from portal.activity.registry import resolve_objects
from portal.notifications.mails import compose
from portal.notifications.toasts import described
from tests.events.test_contests import approved, end, judge, open_voting  # noqa: F401
from tests.factories.events import (
    make_challenge_page,
    make_contest,
    make_contest_page,
    make_event_page,
    picture,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("event_places")


def texts(member):
    return {notice.kind: text for notice, text in described(member.notices.order_by("sequence"))}


def both_languages(**fields):
    english = make_event_page("Night walk", **fields)
    make_event_page(
        "Gece yürüyüşü",
        language="tr",
        translation_key=english.translation_key,
        starts_at=english.starts_at,
        ends_at=english.ends_at,
    )
    return Occasion.objects.get(key=english.translation_key)


def test_registration_is_confirmed_by_mail_with_the_calendar_file(member):
    page = make_event_page()
    register_for_event(occasion=Occasion.objects.get(), member=member)

    sent = compose(member.notices.get())

    (file,) = sent.attachments
    (event,) = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert sent.subject == "You are registered for Night walk"
    assert (file.name, str(event["SUMMARY"])) == ("night-walk.ics", "Night walk")
    assert page.url in sent.text
    assert "Harbour" in sent.html
    assert "List-Unsubscribe" not in sent.headers


def test_reminder_is_written_in_the_member_s_language(commits):
    occasion = both_languages(starts_at=timezone.now() + timedelta(hours=20))
    reader = MemberFactory(language="tr")
    register_for_event(occasion=occasion, member=reader)
    remind_registered()

    sent = compose(reader.notices.get(kind="events.reminder"))

    assert "Gece yürüyüşü" in sent.subject
    assert "List-Unsubscribe" in sent.headers
    assert sent.attachments


def test_notices_of_what_is_gone_say_nothing(member):
    page = make_event_page()
    register_for_event(occasion=Occasion.objects.get(), member=member)
    notice = member.notices.get()
    page.unpublish()

    assert texts(member) == {}
    assert compose(notice) is None


def test_results_and_judgements_are_told(member, judge):  # noqa: F811
    contest = make_contest()
    approved(contest, member, judge)
    loser = MemberFactory()
    approved(contest, loser, judge)
    refused = enter_contest(
        contest=contest, member=MemberFactory(), title="Dark", picture=picture()
    )
    refuse_entry(entry=refused, staff=judge, reason="Too dark")
    open_voting(contest)
    vote_for_entry(entry=member.entries.get(), member=MemberFactory())
    end(contest)
    close_contest(contest=contest)

    assert texts(member)["events.contest_result"].title == "You have won Shore in fog"
    assert texts(member)["events.entry_judged"].title == "Your entry is in Shore in fog"
    assert texts(loser)["events.contest_result"].title == "Shore in fog is decided"
    told = texts(refused.member)["events.entry_judged"]
    assert told.body == "Too dark"


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_mail_of_this_feature_is_rendered(commits, judge, language):  # noqa: F811
    member = MemberFactory(language=language)
    occasion = both_languages(starts_at=timezone.now() + timedelta(hours=20))
    register_for_event(occasion=occasion, member=member)
    remind_registered()
    contest = make_contest()
    approved(contest, member, judge)
    end(contest)
    close_contest(contest=contest)

    kinds = ["events.registered", "events.reminder", "events.entry_judged", "events.contest_result"]
    mails = [compose(member.notices.get(kind=kind)) for kind in kinds]

    assert all(one.subject and one.text and "<html" in one.html for one in mails)
    assert mail.outbox is not None


def test_objects_of_activities_lead_to_their_pages(commits, judge):  # noqa: F811
    pages = [make_event_page(), make_challenge_page(), make_contest_page()]
    contest = make_contest("Second")
    entry = approved(contest, MemberFactory(), judge)
    nouns = ["event", "challenge", "contest"]
    objects = [f"{noun}:{page.object_key}" for noun, page in zip(nouns, pages, strict=True)]

    links = resolve_objects([*objects, f"entry:{entry.pk}", "event:nonsense", "entry:x"], None)

    assert {name: tuple(link) for name, link in links.items()} == {
        **{name: (page.title, page.url) for name, page in zip(objects, pages, strict=True)},
        f"entry:{entry.pk}": (entry.title, entry.get_absolute_url()),
    }
    assert entry_links([], None) == {}


def test_links_follow_the_language_in_force(commits):
    occasion = both_languages()

    with translation.override("tr"):
        link = resolve_objects([occasion.object], None)[occasion.object]

    assert link.title == "Gece yürüyüşü"


@pytest.mark.parametrize(
    ("language", "place", "prize"),
    [
        ("en", "Place 1 of 2 · 1 vote", "Your prize: A tent"),
        ("tr", "1. / 2 · 1 oy", "Ödülünüz: A tent"),
    ],
)
def test_mail_of_a_result_says_place_and_prize(commits, judge, language, place, prize):  # noqa: F811
    winner, loser = MemberFactory(language=language), MemberFactory(language=language)
    contest = make_contest(prize="A tent")
    for member in (winner, loser):
        approved(contest, member, judge)
    open_voting(contest)
    vote_for_entry(entry=winner.entries.get(), member=MemberFactory())
    end(contest)
    close_contest(contest=contest)

    won, lost = (
        compose(member.notices.get(kind="events.contest_result")) for member in (winner, loser)
    )

    assert [place in won.text, prize in won.text] == [True, True]
    assert [part in won.html for part in (place, winner.entries.get().title, "A tent")] == [
        True
    ] * 3
    assert [place in lost.text, "A tent" in lost.text, "A tent" in lost.html] == [False] * 3


def test_mail_of_a_result_without_its_entry_still_thanks(commits, judge):  # noqa: F811
    member = MemberFactory()
    contest = make_contest()
    approved(contest, member, judge)
    end(contest)
    close_contest(contest=contest)
    member.entries.all().delete()

    mail = compose(member.notices.get(kind="events.contest_result"))

    assert "Thank you for taking part." in mail.text
    assert "Place" not in mail.html
