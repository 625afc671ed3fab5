"""The audit trail: everything that staff do stands there, once, in its order and for good."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime

from badges.models import BadgeAward, DraftStep, ProgramVersion, RewardStep
from badges.services.adjusting import adjust, approve_adjustment, decline_adjustment
from badges.services.fulfilling import mark_given, return_redemption
from badges.services.past import apply_to_past, undo_application
from badges.services.programs import discard_draft, keep_draft, open_desk, publish_draft
from badges.services.revoking import revoke_badge
from badges.services.rewards import add_codes, change_reward, create_reward
from badges.services.stretches import stretch_of
from badges.services.trail import Mark, trail
from portal.activity.services import record
from tests.badges.test_forecast_pages import change_draft
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text
from tests.factories.rewards import bought, make_pool, make_reward, rich_member
from tests.factories.staff import staff_with

PAGE = "/cms/programme/trail/"
RIGHTS = ("badges.manage_program", "badges.adjust_points", "badges.manage_reward")
pytestmark = pytest.mark.usefixtures("commits")


@pytest.fixture
def boss(db):
    return staff_with(*RIGHTS)


@pytest.fixture
def desk(client, boss):
    client.force_login(boss)
    return client


def lines(client, **query):
    return [(line["who"], line["text"]) for line in client.get(PAGE, query).context["lines"]]


def adjusted(by, member, amount=40, **more):
    said = {"currency": "points", "reason": "correction", "notes": {"en": "A slip of ours."}}
    return adjust(member=member, amount=amount, by=by, key=uuid4(), **{**said, **more})


def keep(by, **parts):
    current = open_desk()
    keep_draft(document={**current.document, **parts}, mark=current.mark, by=by)


def test_what_is_done_to_the_draft_and_published_names_who_did_it(desk, boss):
    publish_program(rules=[rule("old", "import.old", 5), rule("kept", "import.kept", 5)])
    keep(boss, rules=[rule("new", "import.new", 5), rule("kept", "import.kept", 5)])
    keep(boss, timezone="Europe/Istanbul")
    discard_draft(by=boss)
    keep(boss, badges=[badge("b", {"count": {"verb": "import.new"}, "at_least": 1})])
    publish_draft(by=boss, note="For spring")

    page = desk.get(PAGE).context["lines"]

    assert [(line["who"], line["text"], line["note"]) for line in page] == [
        (boss, "Version 2 published", "For spring"),
        (boss, "Draft changed", "Badges: b"),
        (boss, "Draft discarded", "Rules: new, old; Time zone: Europe/Istanbul"),
        (boss, "Draft changed", "Time zone: Europe/Istanbul"),
        (boss, "Draft changed", "Rules: new, old"),
        (None, "Version 1 published", ""),
    ]


def test_draft_that_is_kept_as_it_was_leaves_no_line(boss):
    publish_program(rules=[rule("old", "import.old", 5)])
    change_draft()
    discard_draft()
    discard_draft()

    assert list(DraftStep.objects.values_list("kind", "changes")) == [("discarded", {})]


def test_adjustments_stand_with_who_asked_and_who_decided(desk, boss):
    other, member = staff_with(*RIGHTS), MemberFactory()
    adjusted(boss, member)
    adjusted(boss, member, amount=-10)
    approve_adjustment(adjustment=adjusted(other, member, amount=900), by=boss)
    decline = adjusted(boss, member, amount=901)
    decline_adjustment(adjustment=decline, by=other, answer="Too much.")
    own = adjusted(other, member, amount=-902)
    decline_adjustment(adjustment=own, by=other, answer="")

    name = member.display_name
    assert lines(desk, part="adjustments") == [
        (other, f"Took back the request of -902 points for {name}"),
        (other, f"Asked to take 902 points from {name}"),
        (other, f"Declined +901 points for {name}"),
        (boss, f"Asked to give 901 points to {name}"),
        (boss, f"Agreed to +900 points for {name}"),
        (other, f"Asked to give 900 points to {name}"),
        (boss, f"Took 10 points from {name}"),
        (boss, f"Gave 40 points to {name}"),
    ]
    notes = {line["note"] for line in desk.get(PAGE).context["lines"]}
    assert {"Too much.", "A mistake put right · A slip of ours."} <= notes


def test_badges_taken_back_and_applications_name_who_did_it(desk, boss):
    member = MemberFactory()
    criterion = {"count": {"verb": "import.done"}, "at_least": 1}
    record(member=member, verb="import.done", object="post:1")
    publish_program(badges=[badge("star", criterion)], rules=[rule("done", "import.done", 7)])
    version, program = ProgramVersion.objects.get(), ProgramVersion.objects.current()[1]
    application = apply_to_past(
        version=version, program=program, stretch=stretch_of(program), by=boss, note="Late"
    )
    revoke_badge(award=BadgeAward.objects.get(), reason="Counted twice.", by=boss)
    undo_application(application=application, by=boss, reason="Too early")

    found = desk.get(PAGE).context["lines"][:3]

    assert [(line["who"], line["text"], line["note"]) for line in found] == [
        (boss, "What version 1 had paid for the past taken back", "7 points · Too early"),
        (boss, f"Took the badge “star” back from {member.display_name}", "Counted twice."),
        (boss, "Version 1 applied to the past", "7 points · Late"),
    ]
    assert [text for _who, text in lines(desk, part="badges")] == [found[1]["text"]]
    assert len(lines(desk, part="past")) == 2


def test_rewards_stand_where_the_team_handed_them_over_or_returned_them(desk, boss):
    member = rich_member()
    given, returned = (bought(make_reward(), member) for _n in range(2))
    bought(make_pool("CODE-1"), member)
    mark_given(redemption=given, staff=boss, note="At the desk")
    return_redemption(redemption=returned, staff=boss, reason="Sold out")

    found = desk.get(PAGE, {"part": "rewards"}).context["lines"]

    name = member.display_name
    assert [(line["who"], line["text"], line["note"]) for line in found] == [
        (boss, f"Returned “Enamel mug” of {name}", "Sold out"),
        (boss, f"Handed “Enamel mug” over to {name}", "At the desk"),
        (None, "Added 1 code to “Enamel mug”", ""),
    ]


def test_rewards_stand_with_what_was_and_what_became_of_them(desk, boss):
    publish_program(levels=[{"code": "gold", "name": text("Gold"), "experience": 100}])
    opens = datetime(2026, 3, 4, 9, tzinfo=UTC)
    words = {f"{name}_{code}": name for name in ("name", "description") for code in ("en", "tr")}
    told = {**words, "currency": "points", "price": 500, "fulfilment": "by_hand", "stock": 3}
    told |= {"level": "", "is_archived": False, "opens_at": None}
    reward = create_reward(by=boss, **told)
    change_reward(reward=reward, by=boss, **told)
    told |= {"name_en": "Mug", "price": 450, "stock": None, "description_tr": "Yeni."}
    told |= {"is_archived": True, "opens_at": opens, "fulfilment": "codes", "level": "gold"}
    change_reward(reward=reward, by=boss, **told)
    add_codes(reward=reward, text="A\nB", by=boss)
    add_codes(reward=reward, text="A\nB", by=boss)

    found = desk.get(PAGE, {"part": "rewards"}).context["lines"]

    changes = (
        "Name in English: name → Mug; Description in Turkish; Price: 500 → 450; Fulfilment:"
        " By hand: the team hands it over → From a pool of codes; Stock: 3 → –;"
        " Level needed: – → Gold; Opens at: – →"
        f" {date_format(localtime(opens), 'SHORT_DATETIME_FORMAT')}; Archived: No → Yes"
    )
    assert [(line["who"], line["text"], line["note"]) for line in found] == [
        (boss, "Added 2 codes to “Mug”", ""),
        (boss, "Changed “Mug”", changes),
        (boss, "Put “Mug” on offer", ""),
    ]


def test_filter_finds_what_one_person_did(desk, boss):
    other = staff_with(*RIGHTS)
    adjusted(boss, MemberFactory())
    adjusted(other, MemberFactory())

    assert [who for who, _text in lines(desk, q=f"@{other.handle}")] == [other]
    assert [who for who, _text in lines(desk, q=other.name)] == [other]
    assert lines(desk, q="nobody of this name") == []
    assert len(lines(desk, part="nonsense")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_one_and_for_three(
    desk, boss, count, django_assert_num_queries
):
    for number in range(count):
        keep(boss, rules=[rule("done", "import.done", 5 + number)])
        adjusted(boss, MemberFactory())
        make_pool(f"CODE-{number}")
    desk.get(PAGE)

    with django_assert_num_queries(20):
        assert len(desk.get(PAGE).context["lines"]) == 3 * count


def test_pages_follow_one_another_without_gaps_also_within_one_moment(boss):
    at = datetime(2026, 3, 4, tzinfo=UTC)
    DraftStep.objects.bulk_create([DraftStep(kind="kept", taken_at=at) for _n in range(5)])
    for _n in range(3):
        adjusted(boss, MemberFactory(), at=at)

    whole = [deed.mark for deed in trail().deeds]
    pages, after = [], ""
    while True:
        leaf = trail(after=after, limit=2)
        pages += [deed.mark for deed in leaf.deeds]
        after = leaf.after
        if not after:
            break

    assert len(whole) == 8
    assert pages == whole


@pytest.mark.parametrize(
    "text", ["", "nonsense", "2026-03-04~asked~1", "2026-03-04T00:00:00+00:00~gone~1", "x~asked~1"]
)
def test_mark_that_makes_no_sense_is_the_beginning(text):
    assert Mark.read(text) is None


def test_page_links_to_the_older_and_back_to_the_newest(desk, boss, monkeypatch):
    monkeypatch.setattr(trail, "__kwdefaults__", {**trail.__kwdefaults__, "limit": 1})
    first, second = adjusted(boss, MemberFactory()), adjusted(boss, MemberFactory())

    page = desk.get(PAGE, {"part": "adjustments"})
    older = desk.get(f"{PAGE}?{page.context['older']}")

    assert [line["text"].split()[-1] for line in page.context["lines"]] == [
        second.member.display_name.split()[-1]
    ]
    assert [line["text"].split()[-1] for line in older.context["lines"]] == [
        first.member.display_name.split()[-1]
    ]
    assert older.context["older"] == ""
    assert f'href="?{older.context["newest"]}">Newest<' in older.content.decode()


@pytest.mark.parametrize("kind", [DraftStep, RewardStep])
def test_no_line_about_the_draft_or_a_reward_can_be_changed_or_removed(boss, kind):
    keep(boss, rules=[rule("done", "import.done", 5)])
    make_pool("CODE-1")
    steps = kind.objects.filter(pk=kind.objects.latest("pk").pk)

    for change in (lambda: steps.update(taken_by=None), steps.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_form_and_buttons_keep_the_name_of_who_used_them(desk, boss):
    publish_program(rules=[rule("done", "import.done", 5)])
    mark = open_desk().mark
    desk.post("/cms/programme/history/1/use/", {"mark": mark})
    desk.post("/cms/programme/rules/done/remove/", {"mark": open_desk().mark})
    desk.post("/cms/programme/discard/", {"mark": open_desk().mark})

    steps = DraftStep.objects.order_by("pk").values_list("kind", "taken_by", "changes")
    assert list(steps) == [
        ("kept", boss.pk, {"rules": ["done"]}),
        ("discarded", boss.pk, {"rules": ["done"]}),
    ]
