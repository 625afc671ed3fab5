"""What is kept beside what it is counted from is counted again: a walk over every stored number."""

from datetime import date, timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Page

from badges.models import Account, BoardMark, Hold, PeriodTotal, ProgramVersion
from badges.services import marks
from badges.services.adjusting import adjust
from badges.services.past import apply_to_past
from badges.services.rebuilding import rebuild
from badges.services.releasing import end_holds
from badges.services.stretches import Stretch
from badges.services.verification import verify
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.votes import cast_vote
from events.models import Contest, Entry
from events.services.challenges import join_challenge
from events.services.contests import approve_entry, close_contest, enter_contest, vote_for_entry
from events.services.registrations import register_for_event
from knowledgebase.services.watching import report_watch
from portal.activity import recounts as recounts_module
from portal.activity import triggers
from portal.activity.models import Activity
from portal.activity.recounts import recounted_fields, recounts
from portal.activity.services import record, reverse
from tests.conftest import committing
from tests.factories import knowledge
from tests.factories.events import make_challenge, make_contest, make_event, picture
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text
from tests.factories.rewards import bought, code_of, make_pool, make_reward
from tests.factories.staff import member_with

NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=400)
APPS = {
    "accounts",
    "activity",
    "api",
    "badges",
    "community",
    "events",
    "jobs",
    "knowledgebase",
    "notifications",
    "search",
}
NUMBERS = (models.IntegerField, models.FloatField, models.BooleanField, models.DecimalField)
# Numbers that are counted from nothing else, with the reason why.
SAID = {
    "what somebody set": """
        events.Challenge.goal events.Challenge.is_open events.Contest.minimum_age
        events.Contest.is_open events.Occasion.capacity events.Occasion.is_open
        badges.Reward.price badges.Reward.stock badges.Reward.limit_per_member
        badges.Reward.is_archived knowledgebase.RelatedArticle.sort_order
        knowledgebase.FeaturedPage.sort_order knowledgebase.SurveyQuestion.sort_order
        knowledgebase.SurveyQuestion.is_required community.Category.position
        accounts.Interest.is_offered accounts.Member.is_superuser accounts.Member.is_listed
        accounts.Member.shows_about accounts.Member.shows_badges
        accounts.Member.shows_contributions accounts.Member.is_playing accounts.Member.is_staff
        accounts.Member.is_active notifications.Preference.is_wanted
    """,
    "what was said or done, once; a trigger or nobody changes it": """
        activity.Activity.value activity.Activity.depth activity.Activity.sequence
        badges.Adjustment.amount badges.Adjustment.needs_second badges.Adjustment.is_approved
        knowledgebase.Feedback.is_helpful knowledgebase.SurveyAnswer.number
        accounts.Consent.text_version badges.BudgetWarning.budget badges.BudgetWarning.threshold
        badges.ProgramVersion.number badges.ProgramVersion.revision
        badges.Credential.status_list badges.Credential.status_index
        notifications.Notice.sequence notifications.Notice.is_toast api.Call.status
        notifications.Delivery.attempts community.Idea.imported_votes
        badges.Transfer.owner_id badges.LimitUse.owner_id badges.Refusal.owner_id
        badges.PeriodTotal.owner_id badges.Account.owner_id
    """,
    "how something is drawn": """
        community.Idea.is_html community.Idea.renderer community.StatusChange.renderer
        community.Comment.renderer events.Entry.renderer events.Entry.picture_width
        events.Entry.picture_height events.Occasion.sequence
    """,
    "a forecast or an errand, made anew by the next run": """
        badges.ExpiryMonth.amount badges.ExpiryWarning.owner_id badges.ListingChange.owner_id
        badges.PeriodTotal.counted badges.BoardMark.total badges.Ring.points
    """,
}
REASONS = {field: reason for reason, fields in SAID.items() for field in fields.split()}


@pytest.fixture(scope="module")
def world(first_pages, tmp_path_factory):
    """A site on which every counter has counted something."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with folder, committing(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(marks, "MOVED", 0)
        member, staff = MemberFactory(), _staff()
        record(member=member, verb="import.long_ago", object="a:1", occurred_at=LONG_AGO)
        _publish()
        _earn(member)
        _take_part(member, staff)
        _spend(member, staff)
        marks.keep_marks()
        yield member


def _staff():
    return member_with("badges.adjust_points", "events.judge_contest")


def _publish():
    year = timezone.now().year
    season = {"code": "year", "name": text("Year")}
    season |= {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
    limit = [{"amount": 1000, "per": "day"}, {"times": 9, "per": "week"}]
    publish_program(
        rules=[
            rule("done", "import.done", 100, once_per="object", limit=limit, budget=5000),
            rule("board", "import.done", award={"currency": "experience", "amount": 10}),
            rule("kept", "import.kept", 30, hold={"hours": 48}),
            rule("past", "import.long_ago", 7),
        ],
        badges=[badge("first", {"count": {"verb": "import.done"}, "at_least": 1})],
        seasons=[season],
    )
    version, program = ProgramVersion.objects.current()
    stretch = Stretch(LONG_AGO - timedelta(days=1), LONG_AGO + timedelta(days=1))
    published = ProgramVersion.objects.get(pk=version)
    apply_to_past(version=published, program=program, stretch=stretch)


def _earn(member):
    for number in range(3):
        record(member=member, verb="import.done", object=f"a:{number}")
    reverse(Activity.objects.get(verb="import.done", object="a:2"))
    for number in range(2):
        at = NOW - timedelta(hours=47 * number)
        record(member=member, verb="import.kept", object=f"k:{number}", occurred_at=at)
    Hold.objects.filter(object="k:1").update(due_at=NOW)
    end_holds()


def _take_part(member, staff):
    idea, other = post_idea(author=member, title="Bike racks", body=""), MemberFactory()
    post_comment(idea=idea, author=other, body="Yes.")
    cast_vote(idea=idea, member=other)
    register_for_event(occasion=make_event("Walk", capacity=5), member=member)
    challenge = make_challenge(verbs=["import.done"], goal=1)
    join_challenge(challenge=challenge, member=member)
    record(member=member, verb="import.done", object="a:9")
    contest = make_contest()
    entry = enter_contest(contest=contest, member=member, title="Shore", picture=picture())
    approve_entry(entry=entry, staff=staff)
    days = {"entries_open_at": 3, "voting_opens_at": 2, "ends_at": -1}
    moved = {name: NOW - timedelta(days=n) for name, n in days.items()}
    Contest.objects.update(**moved)
    entry.refresh_from_db()
    vote_for_entry(entry=Entry.objects.get(), member=other)
    Contest.objects.update(ends_at=NOW - timedelta(days=1))
    close_contest(contest=Contest.objects.get(), staff=staff)
    report_watch(
        member=member,
        video=knowledge.video(duration=100),
        session=UUID(int=1),
        intervals=[[0, 50]],
        opened_at=NOW - timedelta(seconds=60),
    )


def _spend(member, staff):
    bought(make_reward(price=10, stock=5, limit_per_member=3), member)
    assert code_of(bought(make_pool("X1", "X2", price=10), member))
    notes = {"en": "Sorry.", "tr": "Özür."}
    said = {"currency": "points", "reason": "goodwill", "notes": notes}
    adjust(member=member, amount=5, by=staff, key=uuid4(), **said)


@pytest.fixture
def tampering(world, db):
    """Somebody with the database's password, who leaves the triggers as they were."""
    triggers.drop_triggers()
    yield world
    triggers.install_triggers()


def stored_numbers():
    """Every number that the project keeps, but those of Wagtail's pages, files and keys."""
    for model in apps.get_models():
        if model._meta.app_label not in APPS or issubclass(model, Page):
            continue
        for field in model._meta.concrete_fields:
            is_key = field.primary_key or field.is_relation or field.generated
            if isinstance(field, NUMBERS) and not is_key:
                yield f"{model._meta.label}.{field.name}"


def plant(model, name):
    """Make one stored value another one, as the database lets it be; what it was before."""
    field = model._meta.get_field(name)
    rows = model.objects.filter(pk=row_of(model, name).pk)
    if isinstance(field, models.BooleanField):
        return rows.update(**{name: ~F(name)})
    if isinstance(field, models.DateTimeField):
        is_set = rows.exclude(**{name: None}).exists()
        moved = F(name) + timedelta(hours=1) if not field.null else None if is_set else NOW
        return rows.update(**{name: moved})
    if isinstance(field, models.JSONField):
        return rows.update(**{name: {"amounts": {"points": 8}}})
    if isinstance(field, models.CharField):
        return rows.update(**{name: "returned"})
    if name == "member_id" or isinstance(field, models.ForeignKey):
        return rows.update(**{name: MemberFactory().pk})
    change = -1 if name == "last_sequence" else 1
    return rows.update(**{name: F(name) + change})


def row_of(model, name):
    """A row in which this field means something."""
    rows = model.objects.order_by("pk")
    if model is Account:
        rows = rows.filter(kind="wallet", currency="points", balance__gt=0)
    if model is PeriodTotal:
        rows = rows.filter(period="ever")
    if model is BoardMark:
        rows = rows.order_by("total")
    if name in {"closed_at", "released_at", "finished_at", "shown_at"}:
        rows = rows.order_by(F(name).desc(nulls_last=True))
    if name == "last_sequence":
        rows = rows.order_by("-last_sequence")
    return rows.first()


def test_every_stored_number_is_counted_again_or_said_once():
    """A new counter needs a check (`register_recount`), or here a reason why it needs none."""
    kept = set(stored_numbers())

    assert kept - recounted_fields() - REASONS.keys() == set()
    assert REASONS.keys() - kept == set(), "no longer stored"
    assert REASONS.keys() & recounted_fields() == set(), "counted again after all"


def test_world_adds_up(world, db):
    assert verify() == []


@pytest.mark.parametrize("field", sorted(recounted_fields()))
def test_planted_difference_is_found(tampering, field):
    label, _, name = field.rpartition(".")
    checks = recounts(field)
    assert [finding for check in checks for finding in check()] == []

    try:
        with transaction.atomic():
            assert plant(apps.get_model(label), name) == 1
    except IntegrityError:
        # PostgreSQL cannot be told to look away: there a constraint refuses the difference.
        assert connection.vendor == "postgresql"
        return

    assert [finding for check in checks for finding in check()] != [], field


def test_whatever_is_registered_fails_the_command(world, db, monkeypatch):
    monkeypatch.setattr(recounts_module, "_checks", dict(recounts_module._checks))
    recounts_module.register_recount(lambda: [("I6", "planted")], "shop.Shelf.left")
    told = StringIO()

    with pytest.raises(CommandError, match="1 difference"):
        call_command("verify_ledger", stdout=StringIO(), stderr=told)

    assert told.getvalue() == "I6: planted\n"


def test_difference_of_every_season_is_found(world, db):
    assert PeriodTotal.objects.filter(period="season:year").update(total=F("total") + 1) == 1

    assert ["season year" in problem.message for problem in verify()] == [True]


def test_peak_in_between_is_counted_and_rebuilt(world, db):
    """A badge may ask for the highest balance ever, which later moves do not show."""
    wallets = Account.objects.filter(kind="wallet", currency="points", balance__gt=0)
    peaks = dict(wallets.values_list("pk", "peak"))
    assert all(row.peak > row.balance for row in wallets)
    wallets.update(peak=F("peak") - 1)
    assert [problem.invariant for problem in verify()] == ["I4"] * len(peaks)

    rebuild()

    assert dict(wallets.values_list("pk", "peak")) == peaks
    assert verify() == []


def test_closing_anothers_hold_is_found(world, db):
    """As a forged `badges.hold_ended` once did: the points stay held, no open hold names them."""
    assert Hold.objects.open().update(closed_at=timezone.now()) == 1

    found = [problem.message for problem in verify()]

    assert len(found) == 2
    assert "was closed, and nothing ended it" in found[0]
    assert "are held, and open holds come to 0" in found[1]
