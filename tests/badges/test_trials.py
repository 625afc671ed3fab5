import pytest

from badges.models import BudgetUse, Claim, Entry, LimitUse, Refusal, Transfer
from badges.services.programs import open_desk
from badges.services.replaying import replay
from badges.services.trials import trial_of
from badges.services.verification import verify
from portal.activity.services import record, restore, reverse
from portal.notifications.models import Notice
from tests.badges.test_program_pages import RULES, rule_post, staff
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule, rule

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
DONE = "import.done"


def do(member, times, first=0):
    return [record(member=member, verb=DONE, key=f"{member.pk}-{first + n}") for n in range(times)]


def test_a_rule_on_trial_leaves_no_row_and_reports_everything():
    limit = [{"times": 2, "per": "day"}]
    publish_rule(verb=DONE, amount=10, limit=limit, budget=35, once_per="activity", shadow=True)
    one, two = MemberFactory(), MemberFactory()
    do(one, 3)
    do(two, 2)

    report = trial_of("rule").report

    assert report.amounts == {"points": 35}
    assert (report.facts, report.times["rule"], len(report.members)) == (5, 4, 2)
    assert report.refused == {("rule", "limit"): 1}
    for model in (Transfer, Entry, Refusal, Claim, LimitUse, BudgetUse, Notice):
        assert model.objects.count() == 0
    assert verify() == list(replay()) == []


def test_the_trial_begins_with_its_version_and_ends_with_the_next():
    publish_program()
    member = MemberFactory()
    do(member, 1)
    publish_rule(verb=DONE, amount=10, shadow=True)
    do(member, 2, first=1)
    publish_program(rules=[rule(verb=DONE, shadow=True), rule("other", "import.other")])
    do(member, 1, first=3)

    assert trial_of("rule").report.amounts == {"points": 30}
    publish_rule(verb=DONE, amount=10)
    assert trial_of("rule") is None
    do(member, 1, first=4)
    assert Transfer.objects.get().amount == 10
    assert verify() == list(replay()) == []


def test_a_long_trial_is_read_from_its_latest_activities(client, monkeypatch):
    publish_rule(code="ideas", verb=DONE, amount=10, shadow=True)
    do(MemberFactory(), 3)
    monkeypatch.setitem(trial_of.__kwdefaults__, "most", 2)
    client.force_login(staff("manage_program"))

    page = client.get(f"{RULES}ideas/trial/").content.decode()

    assert trial_of("ideas").report.amounts == {"points": 20}
    assert not trial_of("ideas", most=3).reading.is_short
    assert "There were many activities: only the latest, since" in page


def test_what_was_undone_would_not_have_been_paid():
    publish_rule(verb=DONE, amount=10, shadow=True)
    first, _second = do(MemberFactory(), 2)

    reverse(first)

    assert trial_of("rule").report.amounts == {"points": 10}


def test_a_rule_that_goes_on_trial_still_takes_back_and_restores_what_it_paid():
    limits = {"limit": [{"times": 5, "per": "day"}], "budget": 100, "once_per": "day"}
    publish_rule(verb=DONE, amount=10, **limits)
    (done,) = do(MemberFactory(), 1)
    publish_rule(verb=DONE, amount=10, **limits, shadow=True)

    undone = reverse(done)
    restore(undone)

    amounts = Transfer.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [10, -10, 10]
    assert verify() == list(replay()) == []


def test_members_do_not_see_it(client):
    named = {"en": "Silent trial", "tr": "Sessiz deneme"}
    publish_rule(verb=DONE, amount=10, name=named, shadow=True)
    client.force_login(MemberFactory())

    for address in ("/points/", "/leaderboard/"):
        assert "Silent trial" not in client.get(address).content.decode()


def test_staff_put_a_rule_on_trial_and_read_what_it_would_have_paid(client):
    publish_rule(code="ideas", verb=DONE, amount=10, budget=15, shadow=True)
    do(MemberFactory(), 3)
    client.force_login(staff("manage_program"))

    listed = client.get(RULES).content.decode()
    page = client.get(f"{RULES}ideas/trial/").content.decode()

    assert "See what it would have paid" in listed
    assert "on trial: counted, not paid" in listed
    assert "15 points" in page
    assert "Its budget would have ended on" in page
    assert client.get(f"{RULES}no-such-rule/trial/").status_code == 404


def test_trial_without_facts_says_so(client):
    publish_rule(code="ideas", verb=DONE, shadow=True)
    client.force_login(staff("manage_program"))

    assert "Nothing so far." in client.get(f"{RULES}ideas/trial/").content.decode()


def test_form_keeps_the_trial(client):
    client.force_login(staff("manage_program"))

    client.post(f"{RULES}new/", rule_post(shadow="on"))

    assert open_desk().document["rules"][0]["shadow"] is True
