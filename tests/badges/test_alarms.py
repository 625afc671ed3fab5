import pytest
from django.utils import translation
from structlog.testing import capture_logs

from badges.models import Account
from badges.services.alarms import describe_alarm, verify_and_tell
from badges.tasks import verify_every_night
from portal.activity.services import record
from portal.jobs.schedules import SCHEDULES
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.factories.staff import member_with


@pytest.fixture
def broken(member):
    publish_rule(verb="import.done")
    record(member=member, verb="import.done")
    Account.objects.of(member).filter(kind="wallet").update(balance=3)
    return member


def test_sound_ledger_alarms_nobody(member):
    boss = MemberFactory(is_superuser=True)

    assert verify_and_tell() == []
    assert not boss.notices.exists()


def test_difference_is_told_to_who_runs_the_programme_and_to_nobody_else(broken):
    boss = member_with("badges.manage_program")

    with capture_logs() as logs:
        verify_every_night.call()

    assert [line["event"] for line in logs] == ["ledger_does_not_add_up"]
    notice = boss.notices.get()
    assert not broken.notices.filter(kind=notice.kind).exists()
    text = describe_alarm(notice)
    assert text.title == "The ledger does not add up: 1 difference"
    assert text.body.startswith("I4: wallet points of member")
    with translation.override("tr"):
        assert describe_alarm(notice).title == "Puan defteri tutmuyor: 1 fark"


def test_recount_runs_every_night():
    assert SCHEDULES["badges.verify"].cron == "43 3 * * *"
