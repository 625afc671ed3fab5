import pytest
from django.db import DatabaseError, connection
from django.db.utils import OperationalError
from django.utils import translation
from structlog.testing import capture_logs

from badges.models import BudgetWarning, ProgramVersion
from badges.services.books import balance
from badges.services.budgeting import describe_budget, warn_of_all
from badges.tasks import warn_of_budgets
from portal.activity.services import record, reverse
from portal.jobs.schedules import SCHEDULES
from tests.badges.counts import award_statements
from tests.factories.programs import publish_program, rule, text
from tests.factories.staff import member_with


@pytest.fixture
def boss(commits):
    return member_with("badges.manage_program")


def publish(budget=100, amount=10, **more):
    publish_program(
        rules=[rule("done", "import.done", amount, name=text("Done"), budget=budget, **more)]
    )


def do(member, times, start=0):
    for number in range(start, start + times):
        record(member=member, verb="import.done", key=str(number))


def told(boss):
    notices = list(boss.notices.filter(kind="badges.budget_warning").order_by("pk"))
    return [notice.payload["threshold"] for notice in notices]


def words(notice):
    _version, notice.data = ProgramVersion.objects.current()
    return describe_budget(notice)


def test_each_threshold_is_told_once_to_who_runs_the_programme(boss, member):
    publish()

    do(member, 4)
    assert told(boss) == []
    do(member, 8, start=4)

    assert told(boss) == [50, 80, 100]
    assert not member.notices.filter(kind="badges.budget_warning").exists()


def test_several_thresholds_at_once_make_one_notice(boss, member):
    publish(budget=10)

    do(member, 1)

    assert told(boss) == [100]
    assert BudgetWarning.objects.count() == 3


def test_budget_that_was_given_back_is_not_warned_of_again(boss, member):
    publish(budget=20)
    fact = record(member=member, verb="import.done", key="a")
    reverse(fact)
    record(member=member, verb="import.done", key="b")

    assert told(boss) == [50]


def test_changed_budget_is_warned_of_anew(boss, member):
    publish(budget=20)
    do(member, 1)
    publish(budget=40)
    do(member, 1, start=1)

    assert told(boss) == [50, 50]


def test_rule_without_a_budget_warns_nobody(boss, member):
    publish(budget=None)
    do(member, 2)

    assert told(boss) == []


def test_warning_that_fails_costs_no_award_and_is_made_up_for(boss, member, monkeypatch):
    publish(budget=10)
    # Statements keep their texts, by which the one that fails is found.
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)

    def refuse(execute, sql, params, many, context):
        if "badges_budgetwarning" in sql:
            raise OperationalError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), capture_logs() as logs:
        do(member, 1)

    assert issubclass(OperationalError, DatabaseError)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == [
        "budget_warning_failed"
    ]
    assert balance(member=member, currency="points") == 10
    assert told(boss) == []

    warn_of_budgets.call()
    warn_of_all()
    assert told(boss) == [100]


@pytest.mark.parametrize(
    ("budget", "title", "turkish"),
    [
        (10, "The budget of “Done” is used up", "“Done” bütçesi tükendi"),
        (20, "50 % of the budget of “Done” are used", "“Done” bütçesi: %50 kullanıldı"),
    ],
)
def test_notice_says_which_budget_and_how_much(boss, member, budget, title, turkish):
    publish(budget=budget)
    do(member, 1)
    notice = boss.notices.get()

    assert words(notice).title == title
    assert words(notice).body.endswith(f"The budget is {budget} points.")
    with translation.override("tr"):
        assert words(notice).title == turkish


def test_notice_of_a_rule_that_is_gone_names_its_code(boss, member):
    publish(budget=10)
    do(member, 1)
    publish_program()

    assert words(boss.notices.get()).title == "The budget of “done” is used up"


@pytest.mark.parametrize("budget", [None, 1000])
def test_award_takes_the_same_statements_with_a_budget_far_from_its_end(
    boss, member, budget, django_assert_num_queries
):
    publish(budget=budget)
    do(member, 1)
    number = award_statements() + (2 if budget else 0)

    with django_assert_num_queries(number):
        do(member, 1, start=1)


def test_budgets_are_looked_at_every_hour():
    assert SCHEDULES["badges.budgets"].cron == "17 * * * *"
