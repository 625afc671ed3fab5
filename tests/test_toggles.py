"""What members switch on and off leaves few rows and tells few people, however often it is done."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from badges.models import BadgeAward, Credential, Entry
from badges.services.credentials.issuing import ShownAs, issue_credential, withdraw_credential
from badges.services.redeeming import cancel_redemption
from badges.services.verification import verify
from community.models import Comment, Idea
from community.services.answers import answer_idea
from community.services.comments import (
    bring_back_comment,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from community.services.ideas import bring_back_idea, edit_idea, post_idea, withdraw_idea
from community.services.moderation import hide_thing, unhide_thing
from community.services.votes import cast_vote, withdraw_vote
from events.services.registrations import cancel_registration, mark_attended, register_for_event
from portal.accounts.models import FormerHandle
from portal.accounts.services.profiles import save_profile
from portal.activity.models import Activity
from portal.activity.services import CHANGES_A_DAY
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, share_award
from tests.factories.rewards import bought, make_reward

VERBS = {
    "community.idea_posted": 10,
    "community.comment_posted": 2,
    "community.vote_cast": 1,
    "community.vote_received": 5,
    "events.registration_made": 3,
    "import.earned": 1000,
}
TIMES = 12
# A pair of taking back and taking up again: two facts for each verb, two entries for each transfer.
ROWS = 16 * (CHANGES_A_DAY + 1)


@pytest.fixture
def program(commits):
    rules = [
        rule(code=verb.replace(".", "-").replace("_", "-"), verb=verb, amount=amount)
        for verb, amount in VERBS.items()
    ]
    walker = badge("walker", {"count": {"verb": "import.walked"}, "at_least": 1})
    publish_program(rules=rules, badges=[walker])


@pytest.fixture
def boss(program):
    return MemberFactory(is_superuser=True)


def idea_of(member):
    idea = post_idea(author=member, title="A bench")
    cast_vote(idea=idea, member=MemberFactory())
    return idea


def idea_toggle(member):
    idea = idea_of(member)
    return (
        lambda: withdraw_idea(idea=Idea.objects.get(pk=idea.pk), member=member),
        lambda: bring_back_idea(idea=Idea.objects.get(pk=idea.pk), member=member),
    )


def comment_toggle(member):
    comment = post_comment(idea=idea_of(MemberFactory()), author=member, body="Yes.")
    return (
        lambda: withdraw_comment(comment=Comment.objects.get(pk=comment.pk), member=member),
        lambda: bring_back_comment(comment=Comment.objects.get(pk=comment.pk), member=member),
    )


def vote_toggle(member):
    idea = idea_of(MemberFactory())
    cast_vote(idea=idea, member=member)
    return (
        lambda: withdraw_vote(idea=idea, member=member),
        lambda: cast_vote(idea=idea, member=member),
    )


def registration_toggle(member):
    from events.models import Occasion

    start = timezone.now() + timedelta(days=3)
    occasion = Occasion.objects.create(
        key="6f2b6a55-0000-4000-8000-000000000001",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        time_zone="UTC",
        capacity=5,
    )
    register_for_event(occasion=occasion, member=member)
    return (
        lambda: cancel_registration(occasion=occasion, member=member),
        lambda: register_for_event(occasion=occasion, member=member),
    )


def redemption_toggle(member):
    from portal.activity.services import record

    record(member=member, verb="import.earned")
    reward, last = make_reward(price=10), []
    last.append(bought(reward, member))
    return (
        lambda: cancel_redemption(redemption=last[-1], member=member),
        lambda: last.append(bought(reward, member)),
    )


def sharing_toggle(member):
    share_award(member=member, verb="import.walked")
    award = BadgeAward.objects.of(member).get()

    def share():
        issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=False)

    return lambda: withdraw_credential(credential=award.credentials.latest("pk")), share


def handle_toggle(member):
    names = iter(f"name-{n}" for n in range(99))

    def change():
        save_profile(member=member, handle=next(names), interests=[])

    return change, change


TOGGLES = [
    idea_toggle,
    comment_toggle,
    vote_toggle,
    registration_toggle,
    redemption_toggle,
    sharing_toggle,
    handle_toggle,
]


def rows():
    return sum(model.objects.count() for model in (Activity, Entry, Credential, FormerHandle))


def again_and_again(back, up, times=TIMES):
    """Take back and up so often; how often that was refused in words."""
    refused = 0
    for _ in range(times):
        for step in (back, up):
            try:
                step()
            except ValidationError:
                refused += 1
    return refused


@pytest.mark.parametrize("toggle", TOGGLES)
def test_toggle_leaves_few_rows(program, toggle):
    back, up = toggle(MemberFactory())
    before = rows()
    again_and_again(back, up, times=CHANGES_A_DAY + 1)
    left = rows()

    refused = again_and_again(back, up)

    assert refused >= TIMES
    assert rows() == left
    assert left - before <= ROWS
    assert verify() == []


@pytest.mark.parametrize("toggle", [idea_toggle, comment_toggle, vote_toggle, registration_toggle])
def test_toggle_ends_taken_back_and_goes_on_tomorrow(program, toggle):
    member = MemberFactory()
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        back, up = toggle(member)
        again_and_again(back, up)
        with pytest.raises(ValidationError, match="back and forth"):
            up()

    up()

    assert Activity.objects.filter(member=member).latest("pk").depth % 2 == 0


def test_author_who_used_it_up_does_not_bind_the_moderators(boss):
    member = MemberFactory()
    back, up = idea_toggle(member)
    for _ in range(CHANGES_A_DAY):
        back(), up()
    idea = Idea.objects.get()

    hide_thing(thing=idea, moderator=boss, reason="Spam.")

    assert unhide_thing(thing=Idea.objects.get(), moderator=boss)


def test_hiding_again_and_again_is_refused(boss):
    idea = post_idea(author=MemberFactory(), title="A bench")

    refused = again_and_again(
        lambda: hide_thing(thing=Idea.objects.get(), moderator=boss, reason="Spam."),
        lambda: unhide_thing(thing=Idea.objects.get(), moderator=boss),
    )

    assert refused == TIMES - 5
    told = Notice.objects.filter(recipient=idea.author, kind__startswith="community.")
    assert told.count() == 10
    assert Idea.objects.get().hidden_at is None


UNBOUNDED = {
    # What follows from something that is bounded itself, or from what the team decides.
    ("community/services/votes.py", "VOTE_RECEIVED"),
    ("events/services/challenges.py", "CHALLENGE_FINISHED"),
    ("community/services/earnings.py", "verb"),
}


def test_every_toggle_that_is_not_bounded_is_known():
    """Each call of `record_again` that passes a bound of its own."""
    root, found = Path(settings.BASE_DIR), set()
    for app in ("community", "events", "badges", "knowledgebase", "portal"):
        for path in (root / app).rglob("*.py"):
            source = path.read_text()
            for call in ast.walk(ast.parse(source)) if "record_again(" in source else ():
                if getattr(getattr(call, "func", None), "id", "") != "record_again":
                    continue
                said = {word.arg: ast.unparse(word.value) for word in call.keywords}
                if said.get("most", "").endswith("_A_DAY") or "most" not in said:
                    continue
                found.add((str(path.relative_to(root)), said["verb"]))

    assert found == UNBOUNDED


def test_seven_edits_tell_no_more_than_one_text_may(program):
    idea = post_idea(author=MemberFactory(), title="A bench")
    crowd = MemberFactory.create_batch(70)
    for first in range(0, 70, 10):
        body = " ".join(f"@{one.handle}" for one in crowd[first : first + 10])
        edit_idea(idea=Idea.objects.get(), member=idea.author, title="A", body=body, category=None)

    assert Notice.objects.filter(kind="community.mentioned").count() == 10


def test_edits_of_a_comment_tell_each_once_and_few(program):
    comment = post_comment(idea=idea_of(MemberFactory()), author=MemberFactory(), body="Yes.")
    crowd = MemberFactory.create_batch(25)
    for first in (0, 5, 10, 15):
        body = " ".join(f"@{one.handle}" for one in crowd[first : first + 10])
        edit_comment(comment=Comment.objects.get(), member=comment.author, body=body)

    assert Notice.objects.filter(kind="community.mentioned").count() == 10
    assert Notice.objects.filter(kind="community.commented").count() == 1


def test_voters_are_told_once_an_hour_what_is_newest(boss):
    idea, voter = post_idea(author=MemberFactory(), title="A bench"), MemberFactory()
    cast_vote(idea=idea, member=voter)
    noon = timezone.now().replace(minute=10) - timedelta(hours=3)
    with time_machine.travel(noon, tick=False):
        for status in ("planned", "declined", "in_progress"):
            answer_idea(idea=Idea.objects.get(), status=status, response="So.", by=boss)
    with time_machine.travel(noon + timedelta(hours=2), tick=False):
        answer_idea(idea=Idea.objects.get(), status="done", response="Built.", by=boss)

    from portal.notifications.toasts import described

    told = voter.notices.filter(kind="community.idea_status").order_by("pk")
    words = [text.title for _notice, text in described(list(told))]
    assert ["In progress" in words[0], "Done" in words[1], len(words)] == [True, True, 2]


def test_registering_again_mails_once_a_day(program):
    member = MemberFactory()
    back, up = registration_toggle(member)

    again_and_again(back, up)

    assert member.notices.filter(kind="events.registered").count() == 1


def test_marking_who_came_is_bounded(boss):
    from events.models import Occasion, Registration

    registration_toggle(MemberFactory())
    Occasion.objects.update(starts_at=timezone.now() + timedelta(hours=1))

    def mark(has_attended):
        mark_attended(
            registration=Registration.objects.get(), staff=boss, has_attended=has_attended
        )

    mark(True)
    refused = again_and_again(lambda: mark(False), lambda: mark(True), times=14)

    assert refused == 4


def test_refused_toggle_is_said_in_words(program, client):
    member, idea = MemberFactory(), idea_of(MemberFactory())
    client.force_login(member)
    for _ in range(2 * CHANGES_A_DAY + 2):
        client.post(f"/ideas/{idea.pk}/vote/")

    plain = client.post(f"/ideas/{idea.pk}/vote/", follow=True)
    by_htmx = client.post(f"/ideas/{idea.pk}/vote/", headers={"HX-Request": "true"})

    assert [answer.status_code for answer in (plain, by_htmx)] == [200, 200]
    assert "back and forth many times" in plain.content.decode()
    assert "back and forth many times" in by_htmx.content.decode()
    assert not idea.votes.filter(member=member).exists()
