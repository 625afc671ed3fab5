import pytest
from django.utils.translation import override

from badges.models import ProgramVersion
from badges.program.loading import check, parse_yaml, to_document, to_yaml
from badges.program.problems import ProgramError, words_of
from badges.services.programs import publish
from portal.activity.registry import is_known_verb

HEAD = """
program: 1
timezone: Europe/Istanbul
currencies:
  points: {name: {en: Points, tr: Puan}, spendable: true}
  experience: {name: {en: Experience, tr: Deneyim}, spendable: false}
"""
FULL = (
    HEAD
    + """
rules:
  - code: answer-voted
    name: {en: Voted up, tr: Oy aldı}
    verb: [import.answer_voted, import.other]
    when: {value: {at_least: 1}, object: {prefix: "post:"}, member: {role: [member]}}
    award: [{currency: points, amount: 10}, {currency: experience, per_value: 2}]
    once_per: object
    limit: [{amount: 200, per: day}]
    starts_at: 2026-01-01T00:00:00Z
    budget: 100000
    holdout: 10
badges:
  - code: nice-answer
    name: {en: Nice answer, tr: Güzel yanıt}
    tier: silver
    criterion: {sum: {verb: import.answer_voted, per: object}, at_least: 10}
    repeatable: true
  - code: both
    name: {en: Both, tr: İkisi}
    criterion: {all: [{badge: nice-answer}, {balance: points, at_least: 5}]}
levels:
  - {code: newcomer, name: {en: Newcomer, tr: Yeni}, experience: 0}
seasons:
  - {code: spring, name: {en: Spring, tr: Bahar}, starts_on: 2026-03-01, ends_on: 2026-05-31}
"""
)


def load(text):
    return check(parse_yaml(text), is_known_verb=is_known_verb)


def problems(text):
    with pytest.raises(ProgramError) as caught:
        load(text)
    return caught.value.problems


def rule(fields):
    return f"{HEAD}\nrules:\n  - {{code: a-rule, verb: import.done, {fields}}}\n"


def badge(fields):
    return f"{HEAD}\nbadges:\n  - {{code: a-badge, name: {{en: A, tr: A}}, {fields}}}\n"


def test_programme_is_the_same_after_export_and_load():
    document = to_document(load(FULL))

    again = to_document(load(to_yaml(document)))

    assert again == document
    assert to_yaml(again) == to_yaml(document)


def test_publishing_an_equal_programme_makes_no_new_version(db):
    first, is_new = publish(document=parse_yaml(FULL))
    second, is_new_again = publish(document=parse_yaml(FULL))

    assert (is_new, is_new_again) == (True, False)
    assert (first.number, second.pk) == (1, first.pk)


def test_publishing_archives_the_version_before(db):
    first, _is_new = publish(document=parse_yaml(FULL))
    second, _is_new = publish(document=parse_yaml(HEAD))

    first.refresh_from_db()
    assert (first.status, second.status, second.number) == ("archived", "published", 2)
    assert ProgramVersion.objects.published().get() == second


AWARD = "award: {currency: points, amount: 5}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{HEAD}\nsurprise: 1\n", "surprise"),
        (f"{HEAD}\ntimezone: UTC\n", "line 8"),
        (rule("award: {currency: points, amount: 010}"), "line 9"),
        (rule("award: {currency: points, amount: 12:30}"), "line 9"),
        (rule("award: {currency: points, amount: 1.5}"), "rules[0].award[0].amount"),
        (rule('award: {currency: points, amount: "5"}'), "rules[0].award[0].amount"),
        (rule("award: {currency: points, amount: 0}"), "rules[0].award[0].amount"),
        (rule("award: {currency: points}"), "rules[0].award[0]"),
        (rule("award: {currency: gold, amount: 5}"), "rules[0].award"),
        (rule(f"{AWARD}, once_per: week"), "rules[0].once_per"),
        (rule(f"{AWARD}, when: {{member: {{role: [king]}}}}"), "rules[0].when.member.role"),
        (rule(f"{AWARD}, when: {{member: {{level: [high]}}}}"), "rules[0].when.member.level"),
        (rule(f"{AWARD}, when: {{first_time: no}}"), "line 9"),
        (rule(f"{AWARD}, limit: [{{amount: 1, times: 1, per: day}}]"), "rules[0].limit[0]"),
        (rule(AWARD).replace("import.done", "nobody.knows"), "rules[0].verb"),
        (rule(AWARD).replace("a-rule", "A_Rule"), "rules[0].code"),
        (badge("criterion: {count: {verb: import.done}}"), "badges[0].criterion"),
        (badge("criterion: {badge: unknown}"), "badges[0].criterion"),
        (badge("criterion: {balance: gold, at_least: 1}"), "badges[0].criterion"),
        (badge("criterion: {badge: a-badge}"), "badges"),
        (badge("criterion: {all: []}"), "badges[0].criterion"),
        (
            badge("criterion: {count: {verb: import.done}, at_least: 1}, repeatable: true"),
            "badges[0]",
        ),
        ("- a list\n", "file"),
        ("program: [1\n", "line 2"),
    ],
)
def test_error_names_its_place_in_the_file(text, place):
    assert problems(text)[0][0] == place


def test_doubled_codes_and_thresholds_are_errors():
    text = f"""{HEAD}
levels:
  - {{code: one, name: {{en: A, tr: A}}, experience: 0}}
  - {{code: one, name: {{en: B, tr: B}}, experience: 0}}
"""
    assert [place for place, _message in problems(text)] == ["levels", "levels"]


@pytest.mark.parametrize(
    ("text", "english", "turkish"),
    [
        (rule("award: {currency: points, amount: ten}"), "whole number", "tam sayı olmalı"),
        (rule("award: {currency: points}"), "amount or per_value", "amount ya da per_value"),
        (
            rule("award: {currency: coins, amount: 1}"),
            "unknown currency “coins”",
            "bilinmeyen birim",
        ),
        (rule("award: {currency: points, amount: 0}"), "must be at least 1", "en az 1 olmalı"),
        (rule("pays: 1"), "is not known here", "burada bilinmiyor"),
        (rule("code: b"), "stands here twice", "iki kez geçiyor"),
        (HEAD.replace("program: 1", ""), "is missing", "eksik"),
    ],
)
def test_problem_is_told_in_the_readers_language(text, english, turkish):
    told = [message for _place, message in problems(text)]
    with override("tr"):
        in_turkish = [message for _place, message in problems(text)]

    assert any(english in message for message in told)
    assert any(turkish in message for message in in_turkish)


def test_words_of_a_kind_that_we_do_not_know_are_the_librarys():
    assert words_of({"type": "something_new", "msg": "Something is new"}) == "Something is new"
