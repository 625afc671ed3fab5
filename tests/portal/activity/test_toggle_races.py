"""A bound on switching on and off, pushed by many threads at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction

from portal.activity.models import Activity
from portal.activity.services import CHANGES_A_DAY, default_key, record, record_again, undo
from portal.activity.triggers import install_triggers
from tests.factories.members import MemberFactory
from tests.races import race

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CROWD, TIMES = 8, 6


def restored(most):
    """How often one fact was taken up again by a crowd that takes it back and up."""
    install_triggers()
    member = MemberFactory()
    fact = {"member": member, "verb": "import.answer_voted", "object": "post:1"}
    record(**fact)

    def waver():
        for _ in range(TIMES):
            for step in (
                lambda: undo(default_key(**fact)),
                lambda: record_again(**fact, most=most),
            ):
                try:
                    with transaction.atomic():
                        step()
                except (ValidationError, OperationalError):
                    pass

    faults = race([waver] * CROWD)
    assert faults == []
    depths = Activity.objects.filter(member=member).values_list("depth", flat=True)
    return sum(depth % 2 == 0 for depth in depths) - 1


def test_bound_holds_when_many_push():
    assert restored(CHANGES_A_DAY) == CHANGES_A_DAY


def test_control_without_the_bound_the_crowd_goes_past_it():
    assert restored(None) > CHANGES_A_DAY
