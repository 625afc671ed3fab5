import time

import pytest
from django.db import transaction
from django.utils import timezone

from badges.models import Transfer
from badges.services.books import balance
from badges.services.verification import verify
from portal.activity.models import Activity
from portal.activity.services import default_key, dispatch, record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
RECORDS = 50
FACT = {"verb": "import.done", "object": "post:1"}


def test_parallel_records_of_one_fact_give_one_award():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()

    faults = race([lambda: record(member=member, **FACT)] * RECORDS)

    assert faults == []
    assert (member.activities.count(), Transfer.objects.count()) == (1, 1)
    assert balance(member=member, currency="points") == 10
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_one_fact_pays_often():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()

    def look_and_record():
        key, now = default_key(member=member, **FACT), timezone.now()
        with transaction.atomic():
            if Activity.objects.filter(source="portal", key=key).exists():
                return
            time.sleep(0.05)
            fact = Activity.objects.create(
                member=member, key=key, occurred_at=now, local_date=now.date(), **FACT
            )
        dispatch(fact)

    with without_constraint(Activity, "activity_is_recorded_once"):
        faults = race([look_and_record] * RECORDS)
        awards, paid = Transfer.objects.count(), balance(member=member, currency="points")

    assert faults == []
    assert awards > 1
    assert paid == 10 * awards
