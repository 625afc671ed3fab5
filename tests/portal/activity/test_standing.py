from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from events.models import Participation
from events.services.challenges import join_challenge, leave_challenge
from portal.activity.standing import TRIES, made_or_found
from portal.activity.triggers import install_triggers
from tests.factories.events import make_challenge
from tests.factories.members import MemberFactory
from tests.races import race

TURNS = 4
# A ValidationError is no fault but an answer in words: what is finished, for one, cannot be left.


class TakenFor:
    """A row that others hold for some tries, and that nobody can find meanwhile."""

    def __init__(self, tries):
        self.tries = tries

    def __call__(self):
        self.tries -= 1
        if self.tries >= 0:
            raise IntegrityError
        return MemberFactory()


def test_a_row_that_stands_is_found(member):
    def make():
        return MemberFactory(email=member.email)

    assert made_or_found(make, type(member).objects.filter(pk=member.pk)) == (member, False)


def test_a_row_that_was_taken_away_meanwhile_is_made_anew(db):
    row, is_new = made_or_found(TakenFor(2), type(MemberFactory()).objects.none())

    assert (row.pk is not None, is_new) == (True, True)


def test_a_row_that_is_never_there_ends_in_the_refusal(db):
    with pytest.raises(IntegrityError):
        made_or_found(TakenFor(TRIES), type(MemberFactory()).objects.none())


def turns(action, challenge, member):
    for _turn in range(TURNS):
        action(challenge=challenge, member=member)


def join_or_look(*, challenge, member):
    """The control: who was refused looks for the row, which may be gone."""
    rows = Participation.objects.filter(challenge=challenge, member=member)
    try:
        rows.create(challenge=challenge, member=member, joined_at=timezone.now())
    except IntegrityError:
        rows.get()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_joining_and_leaving_at_once_fails_for_nobody():
    install_triggers()
    challenge, member = make_challenge(), MemberFactory()
    actions = [join_challenge, leave_challenge] * 3

    faults = race([partial(turns, action, challenge, member) for action in actions])

    assert [fault for fault in faults if not isinstance(fault, ValidationError)] == []
    assert Participation.objects.filter(member=member).count() <= 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_without_trying_again_joining_and_leaving_fails():
    install_triggers()
    challenge, member = make_challenge(), MemberFactory()
    actions = [join_or_look, leave_challenge] * 3

    faults = []
    for _time in range(40):
        told = race([partial(turns, action, challenge, member) for action in actions])
        faults += [fault for fault in told if not isinstance(fault, ValidationError)]
        if faults:
            break

    assert {type(fault) for fault in faults} == {Participation.DoesNotExist}
