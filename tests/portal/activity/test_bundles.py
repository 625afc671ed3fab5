import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from badges.models import Transfer
from portal.activity.bundles import MANY, OFTEN, Bundle, Plans
from portal.activity.models import ActivityStream
from portal.activity.rows import ask_numbers, reserve_keys
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

ONE = "SELECT CAST(%s AS integer)"
ONE_MESSAGE = connection.vendor == "postgresql"


def test_statements_wait_until_an_answer_is_asked_for(django_assert_num_queries):
    bundle = Bundle()

    with django_assert_num_queries(0):
        first, second = bundle.ask(ONE, [1]), bundle.ask(ONE, [2])
    with django_assert_num_queries(1 if ONE_MESSAGE else 2):
        found = second.rows

    assert found == [(2,)]
    assert first.rows == [(1,)]


def test_answer_is_asked_for_once(django_assert_num_queries):
    bundle = Bundle()
    answer = bundle.ask(ONE, [1])
    assert answer.rows == [(1,)]

    later = bundle.ask(ONE, [2])
    with django_assert_num_queries(0):
        assert answer.rows == [(1,)]
    assert later.rows == [(2,)]


def test_statements_run_in_their_order():
    member, bundle = MemberFactory(), Bundle()

    answers = [ask_numbers(ActivityStream, {member.pk: count}, bundle) for count in (2, 3)]
    bundle.send()

    assert [answer.rows for answer in answers] == [[(member.pk, 2)], [(member.pk, 5)]]


def test_followers_are_called_when_the_statements_have_run():
    bundle, seen = Bundle(), []
    answer = bundle.ask(ONE, [1])
    bundle.then(lambda: seen.append(answer.rows))

    assert seen == []
    bundle.send()
    bundle.send()

    assert seen == [[(1,)]]


def test_empty_bundle_sends_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        Bundle().send()


def test_fault_in_one_statement_takes_back_the_others():
    member, bundle = MemberFactory(), Bundle()
    ask_numbers(ActivityStream, {member.pk: 1}, bundle)
    bundle.add("SELECT * FROM there_is_no_such_table", [])

    with pytest.raises(DatabaseError), transaction.atomic():
        bundle.send()

    assert not ActivityStream.objects.filter(pk=member.pk).exists()


@pytest.mark.skipif(not ONE_MESSAGE, reason="SQLite gives keys to rows as they are inserted")
def test_reserved_keys_are_given_to_nobody_else():
    bundle = Bundle()
    first = reserve_keys(Transfer, 2, bundle)
    second = reserve_keys(Transfer, 1, bundle)

    keys = [key for answer in (first, second) for (key,) in answer.rows]

    assert keys == sorted(set(keys))
    assert len(keys) == 3


def raise_counter(member, by):
    return ask_numbers(ActivityStream, {member.pk: by}, Bundle()).rows[0][1]


@pytest.fixture
def fresh_plans():
    """The connection as if it had just been made."""
    if ONE_MESSAGE:
        connection.ensure_connection()
        Plans._of.pop(connection.connection, None)
        connection.connection.execute("DEALLOCATE ALL")


@pytest.mark.skipif(not ONE_MESSAGE, reason="SQLite plans in the process itself")
def test_rows_that_are_inserted_often_are_planned_once(fresh_plans):
    member = MemberFactory()

    with CaptureQueriesContext(connection) as sent:
        shown = [raise_counter(member, by) for by in range(1, OFTEN + 3)]

    assert shown == [sum(range(1, n + 1)) for n in range(1, OFTEN + 3)]
    assert [query["sql"].split()[0] for query in sent] == ["INSERT"] * OFTEN + ["EXECUTE"] * 2


@pytest.mark.skipif(not ONE_MESSAGE, reason="SQLite plans in the process itself")
def test_plan_is_made_anew_after_many_calls(fresh_plans, monkeypatch):
    monkeypatch.setattr("portal.activity.bundles.OVER", 6)
    with CaptureQueriesContext(connection) as sent:
        found = [Bundle().ask(ONE, [n]).rows[0][0] for n in range(14)]

    names = [query["sql"].split()[1] for query in sent if query["sql"].startswith("EXECUTE")]
    assert found == list(range(14))
    assert names == ["meydan_1"] * 2 + ["meydan_2"] * 6 + ["meydan_3"] * 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        assert cursor.fetchall() == [("meydan_3",)]


def test_plans_outlast_a_rollback(fresh_plans):
    member = MemberFactory()

    for _again in range(OFTEN + 1):
        with transaction.atomic():
            assert raise_counter(member, 2) == 2
            transaction.set_rollback(True)


def test_nothing_is_planned_behind_a_pooler_of_transactions(fresh_plans, monkeypatch):
    member = MemberFactory()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)

    with CaptureQueriesContext(connection) as sent:
        for _again in range(OFTEN + 1):
            raise_counter(member, 1)

    assert {query["sql"].split()[0] for query in sent} == {"INSERT"}


def test_number_of_plans_is_bounded():
    plans = Plans(connection)

    for n in range(MANY * 2):
        plans.text_for(f"SELECT {n}")

    assert len(plans._used) <= MANY + 1
