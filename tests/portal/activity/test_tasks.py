import pytest

from badges.services.books import balance
from portal.activity.models import Activity
from portal.activity.services import record
from portal.activity.tasks import send_what_was_left
from portal.jobs.schedules import SCHEDULES
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule


@pytest.mark.django_db
def test_clock_sends_what_a_crash_left():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()
    record(member=member, verb="import.done")  # nothing commits here, as if the process had died
    assert Activity.objects.undispatched().count() == 1

    send_what_was_left.call()
    send_what_was_left.call()

    assert balance(member=member, currency="points") == 10
    assert Activity.objects.undispatched().count() == 0
    assert SCHEDULES["activity.dispatch"].task is send_what_was_left
