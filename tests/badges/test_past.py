from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from badges.models import Account, Application, ProgramVersion, Refusal, Transfer
from badges.program.loading import to_yaml
from badges.program.schema import EMPTY_PROGRAM, Program
from badges.services.books import balance
from badges.services.past import Stretch, apply_to_past, simulate, undo_application
from badges.services.replaying import replay
from badges.services.stretches import stretch_of
from badges.services.verification import verify
from portal.activity.services import record, restore, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPRING = Stretch(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


def draft(**parts):
    return Program.model_validate({**EMPTY_PROGRAM, **parts})


def points(member):
    return balance(member=member, currency="points")


def did(member, key, *, days=0, **more):
    moment = NOON + timedelta(days=days)
    return record(member=member, verb="import.done", key=key, occurred_at=moment, **more)


def apply(program, **parts):
    publish_program(**parts)
    version, _program = ProgramVersion.objects.current()
    return apply_to_past(
        version=ProgramVersion.objects.get(pk=version), program=program, stretch=SPRING
    )


def test_simulation_writes_nothing(member):
    did(member, "1")

    report = simulate(program=draft(rules=[rule("done", "import.done", 10)]), stretch=SPRING)

    assert report.amounts == {"points": 10}
    assert (Transfer.objects.count(), Account.objects.count(), Refusal.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "parts",
    [
        {"limit": [{"amount": 25, "per": "day"}]},
        {"limit": [{"times": 1, "per": "week"}]},
        {"once_per": "object"},
        {"once_per": "member"},
        {"budget": 45},
        {"holdout": 50},
        {"when": {"first_time": True}},
        {"when": {"value": {"at_least": 3}}},
    ],
)
def test_applying_pays_to_the_point_what_the_simulation_says(member, parts):
    other = MemberFactory()
    for number in range(6):
        did(member, f"a{number}", days=number // 2, object=f"post:{number % 2}", value=number)
        did(other, f"b{number}", days=number, object="post:9", value=number)
    rules = [rule("done", "import.done", 10, **parts), rule("more", "import.done", 3)]
    program = draft(rules=rules)

    said = simulate(program=program, stretch=SPRING)
    application = apply(program, rules=rules)

    paid = {(t.owner_id, t.currency): 0 for t in Transfer.objects.all()}
    for transfer in Transfer.objects.all():
        paid[transfer.owner_id, transfer.currency] += transfer.amount
    assert paid == dict(said.by_member)
    assert application.summary["amounts"] == dict(said.amounts)
    assert verify() == list(replay()) == []


def test_facts_outside_the_stretch_or_undone_earn_nothing(member):
    did(member, "before", days=-5)
    did(member, "after", days=200)
    undone, again = did(member, "undone"), did(member, "again")
    reverse(undone)
    restore_of = reverse(again)
    restore(restore_of)

    report = simulate(program=draft(rules=[rule("done", "import.done", 10)]), stretch=SPRING)

    assert report.amounts == {"points": 10}


def test_what_a_rule_paid_or_refused_before_stays_as_it_is(member):
    limited = rule("done", "import.done", 10, limit=[{"times": 1, "per": "day"}])
    publish_program(rules=[limited])
    did(member, "1")
    did(member, "2")

    generous = rule("done", "import.done", 10)
    report = simulate(program=draft(rules=[generous]), stretch=SPRING)

    assert report.amounts == {}


def test_application_is_taken_back_once_and_leaves_room_and_places(member):
    did(member, "1", object="post:1")
    rules = [rule("done", "import.done", 10, once_per="object", budget=10)]
    application = apply(draft(rules=rules), rules=rules)
    assert points(member) == 10

    assert undo_application(application=application, by=member, reason="A mistake")
    assert not undo_application(application=application, by=member, reason="Again")

    assert points(member) == 0
    did(member, "2", object="post:1")
    assert points(member) == 10
    assert verify() == list(replay()) == []


def test_reversing_a_fact_whose_application_was_undone_takes_nothing_twice(member):
    fact = did(member, "1")
    rules = [rule("done", "import.done", 10)]
    application = apply(draft(rules=rules), rules=rules)
    undo_application(application=application, by=member, reason="A mistake")

    reverse(fact)

    assert points(member) == 0
    assert verify() == list(replay()) == []


def test_badges_levels_and_one_notice_come_of_the_past(member):
    for number in range(3):
        did(member, str(number), days=number)
    parts = {
        "rules": [rule("done", "import.done", 10, currency="experience")],
        "badges": [badge("three", {"count": {"verb": "import.done"}, "at_least": 3})],
        "levels": [
            {"code": "new", "name": text("New"), "experience": 0},
            {"code": "explorer", "name": text("Explorer"), "experience": 30},
        ],
    }

    apply(draft(**parts), **parts)

    assert member.notices.get().payload["level"] == "explorer"
    assert [b["code"] for b in member.notices.get().payload["badges"]] == ["three"]
    assert Application.objects.get().summary["levels"] == 1


def test_fact_that_was_restored_before_the_application_can_be_undone_after_it(member):
    fact = did(member, "1")
    reverse(fact)
    restore(fact)
    rules = [rule("done", "import.done", 10)]
    apply(draft(rules=rules), rules=rules)
    assert points(member) == 10

    reverse(fact)

    assert points(member) == 0
    assert verify() == list(replay()) == []


def test_commands_say_apply_and_take_back(member, tmp_path, capsys):
    did(member, "1")
    file = tmp_path / "program.yaml"
    file.write_text(to_yaml({**EMPTY_PROGRAM, "rules": [rule("done", "import.done", 10)]}))
    days = ["--since", "2026-03-01", "--until", "2026-03-02"]

    call_command("simulate_program", file, *days)
    assert "10 points; members reached: 1" in capsys.readouterr().out
    call_command("load_program", file)
    call_command("apply_program", *days)
    assert points(member) == 10
    application = Application.objects.get()
    call_command("apply_program", undo=application.pk, reason="A mistake")

    assert points(member) == 0


def test_simulation_says_amounts_by_rule_and_currency(member, tmp_path, capsys):
    did(member, "1")
    did(member, "2")
    both = [{"currency": "points", "amount": 10}, {"currency": "experience", "amount": 3}]
    rules = [rule("both", "import.done", award=both), rule("one", "import.done", 5)]
    file = tmp_path / "program.yaml"
    file.write_text(to_yaml({**EMPTY_PROGRAM, "rules": rules}))

    call_command("simulate_program", file)

    assert capsys.readouterr().out.splitlines() == [
        "2 facts judged",
        "  both: 6 experience, 20 points; paid 2 times",
        "  one: 10 points; paid 2 times",
        "6 experience, 30 points; members reached: 1",
        "0 badges, 0 new levels",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--since", "1 March"], "'1 March' is not a day"),
        (["--since", "2026-03-02", "--until", "2026-03-01"], "lies before the first"),
        (["--rule", "gone"], "there is no rule 'gone'"),
    ],
)
def test_commands_refuse_in_words_what_is_no_stretch(db, options, said):
    with pytest.raises(CommandError, match=said):
        call_command("simulate_program", *options)


def test_only_the_named_rules_pay(member):
    did(member, "1")
    program = draft(rules=[rule("done", "import.done", 10), rule("more", "import.done", 3)])

    stretch = stretch_of(program, rules=["more"])

    assert simulate(program=program, stretch=stretch).by_rule == {("more", "points"): 3}
