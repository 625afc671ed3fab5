"""What activities are about: names from anywhere, which prove nothing about whose it is."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from badges.models import Account, Hold
from badges.models.owners import MEMBER, Owned
from badges.services.adjusting import adjust
from badges.services.releasing import end_holds
from badges.services.verification import verify
from community.models import Comment, Idea
from community.services.answers import answer_idea
from community.services.comments import post_comment
from community.services.ideas import post_idea
from events.services.challenges import join_challenge
from events.services.contests import approve_entry, enter_contest
from events.services.registrations import register_for_event
from portal.accounts.models import Member
from portal.activity import registry
from portal.activity.models import Activity
from portal.activity.services import record
from portal.activity.services.recording import default_key
from tests.factories.events import make_challenge, make_contest, make_event, picture
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.rewards import bought, make_reward
from tests.factories.staff import member_with

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
ODD = ["x", "-1", "²", "1.0", "0x1", "9" * 19, "9" * 110, "1 OR 1=1", "'", "٣", "a:b", "%s", "ı"]
KEPT, WAITED = "import.kept", "import.waited"
PROJECT = ("accounts", "activity", "api", "badges", "community", "events", "knowledgebase")


@pytest.fixture
def victim(first_pages, tmp_path, settings):
    """A member with something of every kind that activities, addresses or forms can name."""
    settings.MEDIA_ROOT = tmp_path
    rules = [
        rule("kept", KEPT, 100, hold={"hours": 48}),
        rule("waited", WAITED, 50, hold={"hours": 480, "until": "community.idea_done"}),
        rule("free", "import.free", 500),
    ]
    publish_program(rules=rules)
    staff = member_with("badges.adjust_points", "events.judge_contest", "community.answer_idea")
    member = MemberFactory(handle="victim")
    idea = post_idea(author=member, title="Bike racks", body="By the gate.")
    post_comment(idea=idea, author=member, body="And lamps.")
    answer_idea(idea=idea, by=staff, status="planned", response="We will.")
    for verb in (KEPT, WAITED, "import.free"):
        record(member=member, verb=verb, object=f"idea:{idea.pk}")
    bought(make_reward(price=10), member)
    register_for_event(occasion=make_event("Walk", capacity=5), member=member)
    join_challenge(challenge=make_challenge(), member=member)
    contest = make_contest()
    entry = enter_contest(contest=contest, member=member, title="Shore", picture=picture())
    approve_entry(entry=entry, staff=staff)
    notes = {"en": "Sorry.", "tr": "Özür."}
    said = {"currency": "points", "reason": "goodwill", "notes": notes}
    adjust(member=member, amount=5, by=staff, key=uuid4(), **said)
    return member


def rows_of(member):
    """Everything of the member that the project's tables hold, by model."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label not in (*PROJECT, "notifications"):
            continue
        keys = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.related_model is Member
        ]
        mine = models.Q(*((name, member.pk) for name in keys), _connector="OR")
        if issubclass(model, Owned):
            mine |= models.Q(owner_type=MEMBER, owner_id=member.pk)
        if keys or issubclass(model, Owned):
            found[model] = list(model._base_manager.filter(mine).order_by("pk").values())
    return found


def names_of(rows):
    """By what an activity could name the victim's things, one of each model, and what they did."""
    keys = {
        model._meta.model_name: some[0][model._meta.pk.attname]
        for model, some in rows.items()
        if some
    }
    holds = [hold.name for hold in Hold.objects.all()]
    told = Activity.objects.exclude(object="").values_list("object", flat=True)
    return sorted({*(f"{noun}:{key}" for noun, key in keys.items()), *holds, *told})


def test_every_kind_of_object_bears_any_name(first_pages):
    nouns = sorted({*registry._resolvers, *registry._owners})
    objects = [f"{noun}:{odd}" for noun in nouns for odd in ODD]

    assert len(nouns) > 8
    for thing in objects:
        assert registry.resolve_objects([thing], AnonymousUser()) == {}
        assert registry.owners_of([thing]) == {}


def test_points_page_stands_whatever_an_object_is_called(client, first_pages):
    publish_program(rules=[rule(verb="import.done")])
    member = MemberFactory()
    for noun in sorted(registry._resolvers):
        record(member=member, verb="import.done", object=f"{noun}:x", source="shop", key=noun)
    client.force_login(member)

    assert client.get("/points/").status_code == 200


def test_no_activity_about_anothers_things_touches_them(victim):
    """Every verb that there is, about everything that the victim has, said of somebody else."""
    before, stranger = rows_of(victim), MemberFactory(handle="stranger")
    verbs = [*sorted(registry.speakers_of_verbs()), KEPT, "import.free"]
    names = names_of(before)

    with transaction.atomic():
        for n, (verb, thing) in enumerate((verb, thing) for verb in verbs for thing in names):
            record(member=stranger, verb=verb, object=thing, key=f"{n}")
    end_holds()

    assert len(names) > 15
    assert len([model for model, rows in before.items() if rows]) > 15
    after = rows_of(victim)
    assert {model: rows for model, rows in after.items() if rows != before[model]} == {}
    assert (Hold.objects.open().of(victim).count(), verify()) == (2, [])


@pytest.mark.parametrize("name", ["hold:x", "hold:", "hold", "holt:%s", "hold:%s0", "hold:-%s"])
def test_activity_that_names_no_hold_ends_none(victim, name):
    hold = Hold.objects.open().of(victim).first()

    record(member=victim, verb="badges.hold_ended", object=name.replace("%s", str(hold.pk)))

    assert Hold.objects.open().of(victim).count() == 2
    assert Account.objects.of(victim).get(kind="held", currency="points").balance == 150


def test_form_of_somebody_else_is_refused_in_words(client, first_pages):
    token, first, second = uuid4(), MemberFactory(), MemberFactory()
    words = {"title": "Bike racks", "body": "By the gate.", "token": token}
    idea = post_idea(author=first, **words)
    post_comment(idea=idea, author=first, body="One.", token=token)
    client.force_login(second)

    mine = client.post("/ideas/new/", words)
    said = client.post(f"/ideas/{idea.pk}/comment/", {"body": "Two.", "token": token})

    assert (mine.status_code, said.status_code) == (403, 403)
    assert (Idea.objects.count(), Comment.objects.count()) == (1, 1)


def test_key_of_anothers_adjustment_is_no_key_of_mine(first_pages):
    publish_program()
    key, one, two = (
        uuid4(),
        member_with("badges.adjust_points"),
        member_with("badges.adjust_points"),
    )
    notes = {"en": "Sorry.", "tr": "Özür."}
    said = {"currency": "points", "amount": 5, "reason": "goodwill", "notes": notes, "key": key}
    adjust(member=MemberFactory(), by=one, **said)

    with pytest.raises(PermissionDenied):
        adjust(member=MemberFactory(), by=two, **said)


def test_default_keys_of_two_members_are_never_the_same():
    one, two = Member(pk=1), Member(pk=11)
    keys = {
        default_key(member=who, verb="import.done", object=thing)
        for who in (one, two)
        for thing in ("", "1", "1|", "11|1")
    }
    assert len(keys) == 8
