"""What members do to their own things: nothing is earned by acting as if they were another's."""

import pytest

from badges.models import ProgramVersion, Refusal
from badges.services.books import balance
from badges.services.excluding import Exclusions
from badges.services.replaying import replay
from badges.services.verification import verify
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.votes import cast_vote
from portal.activity import registry
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule, rule

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
# What is about the member's own by its nature, or may be: everything else is for others' things.
DECLARED = {
    "accounts.email_verified",
    "accounts.interest_chosen",
    "accounts.member_joined",
    "accounts.profile_completed",
    "badges.application_undone",
    "badges.hold_ended",
    "badges.lot_expired",
    "badges.points_adjusted",
    "badges.reward_redeemed",
    "community.comment_posted",
    "community.idea_done",
    "community.idea_planned",
    "community.idea_posted",
    "community.vote_received",
}


@pytest.fixture
def thing_of(monkeypatch):
    """A thing that belongs to a member, whatever the verb that is done to it."""

    def owned_by(member):
        registry.register_owners("thing", lambda ids: dict.fromkeys(ids, member.pk))
        return "thing:1"

    monkeypatch.setattr(registry, "_owners", dict(registry._owners))
    return owned_by


def points(member):
    return balance(member=member, currency="points")


def test_vote_for_ones_own_idea_pays_nothing_and_says_why():
    publish_rule(verb="community.vote_cast", amount=1)
    author, other = MemberFactory(), MemberFactory()
    idea = post_idea(author=author, title="Bike racks")

    cast_vote(idea=idea, member=author)
    cast_vote(idea=idea, member=other)

    assert (points(author), points(other)) == (0, 1)
    assert Refusal.objects.get().reason == Refusal.Reason.OWN
    assert verify() == []
    assert list(replay()) == []


def test_verbs_that_may_be_about_ones_own_are_declared():
    """A new verb is for others' things, and so pays nothing on one's own until it is named."""
    verbs = set(registry.speakers_of_verbs())

    assert {verb for verb in verbs if not registry.is_for_others(verb)} == DECLARED
    assert verbs > DECLARED


@pytest.mark.parametrize("verb", sorted(DECLARED | {"import.worked", "events.attended"}))
def test_what_is_declared_says_itself_whether_it_pays(thing_of, verb):
    """Every verb on one's own thing, by a rule that leaves nothing out."""
    publish_rule(verb=verb, amount=5)
    member = MemberFactory()

    fact = record(member=member, verb="import.worked", object=thing_of(member))
    fact.verb = verb
    (paid,) = publish_and_ask(fact)

    assert paid == (verb != "events.attended")


def publish_and_ask(fact):
    rules = [one for one in current_rules() if fact.verb in one.verb]
    excluded = Exclusions([fact], rules)
    return [excluded.reason(one, fact) is None for one in rules]


def current_rules():
    return ProgramVersion.objects.current()[1].rules


def test_every_other_verb_pays_nothing_on_ones_own_thing_and_pays_on_anothers(thing_of):
    verbs = sorted(set(registry.speakers_of_verbs()) - DECLARED)
    publish_program(rules=[rule(f"r{n}", verb, 5) for n, verb in enumerate(verbs)])
    owner, other = MemberFactory(), MemberFactory()
    thing = thing_of(owner)

    for verb in verbs:
        for member in (owner, other):
            record(member=member, verb=verb, object=thing)

    assert points(owner) == 0
    assert points(other) == 5 * len(verbs)
    refused = Refusal.objects.filter(owner_id=owner.pk, reason=Refusal.Reason.OWN)
    assert refused.count() == len(verbs)


def test_leaving_out_ones_own_does_not_refuse_what_is_ones_own_by_nature():
    publish_rule(verb="community.idea_posted", amount=10, exclude=["own"])
    author = MemberFactory()

    post_idea(author=author, title="Bike racks")

    assert points(author) == 10


@pytest.mark.parametrize(("exclude", "paid"), [([], 4), (["own"], 0)])
def test_rule_decides_of_a_comment_below_ones_own_idea(exclude, paid):
    publish_rule(verb="community.comment_posted", amount=4, exclude=exclude)
    author = MemberFactory()
    idea = post_idea(author=author, title="Bike racks")

    post_comment(idea=idea, author=author, body="Under cover.")

    assert points(author) == paid


@pytest.mark.parametrize("count", [1, 3])
def test_owners_are_asked_by_one_query_and_only_where_they_matter(django_assert_num_queries, count):
    idea = post_idea(author=MemberFactory(), title="Bike racks")
    publish_program(rules=[rule("a", "community.vote_cast"), rule("b", "community.idea_posted")])
    make = [("community.vote_cast", n) for n in range(count)]
    facts = [
        record(member=MemberFactory(), verb=verb, object=f"idea:{idea.pk}") for verb, _n in make
    ]
    rules = current_rules()

    with django_assert_num_queries(1):
        Exclusions(facts, rules)
    with django_assert_num_queries(0):
        Exclusions(facts, [rules[1]])
