"""From YAML to a checked programme and back, with errors that name their place in the file."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError as SchemaError

from badges.program.problems import ProgramError, words_of
from badges.program.schema import Badge, Program, Rule
from badges.program.yaml_texts import read_yaml


def parse_yaml(text: str) -> dict:
    """Return the document in `text`, as written. Raises ProgramError naming the line."""
    document = read_yaml(text)
    if not isinstance(document, dict):
        raise ProgramError(
            [(_("file"), _("a programme is a mapping with program, currencies, rules …"))]
        )
    return document


def check(document: dict, *, is_known_verb: Callable[[str], bool]) -> Program:
    """Return the checked programme. Raises ProgramError with every problem found."""
    try:
        program = Program.model_validate(document)
    except SchemaError as error:
        problems = [(_path(problem["loc"]), words_of(dict(problem))) for problem in error.errors()]
        raise ProgramError(problems) from error
    problems = [*_doubled(program), *_unknown(program, is_known_verb), *_cycles(program)]
    if problems:
        raise ProgramError(problems)
    return program


def to_document(program: Program) -> dict:
    """The programme as plain data in one canonical form: what versions keep and compare."""
    document = program.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    for name in ("program", "timezone"):
        document[name] = getattr(program, name)
    for name in ("rules", "badges", "levels"):
        document.setdefault(name, [])
    return document


def to_yaml(document: dict) -> str:
    order = ["program", "timezone", "currencies", "rules", "badges", "levels", "seasons"]
    ordered = {key: document[key] for key in order if key in document}
    return yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=100)


def canonical_json(document: dict) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _path(loc: tuple) -> str:
    path = ""
    for step in loc:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


def _doubled(program: Program) -> Iterator[Any]:
    for name in ("rules", "badges", "levels", "seasons"):
        counted = Counter(part.code for part in getattr(program, name))
        for code, number in counted.items():
            if number > 1:
                words = _("the code “%(code)s” stands %(number)d times")
                yield name, words % {"code": code, "number": number}
    thresholds = Counter(level.experience for level in program.levels)
    for experience, number in thresholds.items():
        if number > 1:
            words = _("%(number)d levels begin at %(experience)d experience")
            yield "levels", words % {"number": number, "experience": experience}


def _unknown(program: Program, is_known_verb: Callable[[str], bool]) -> Iterator[Any]:
    for place, verb in _verbs(program):
        if not is_known_verb(verb):
            yield place, _("unknown activity “%(name)s”") % {"name": verb}
    for number, rule in enumerate(program.rules):
        yield from _unknown_in_rule(f"rules[{number}]", rule, program)
    for number, badge in enumerate(program.badges):
        yield from _unknown_in_badge(f"badges[{number}].criterion", badge, program)


def _unknown_in_rule(place: str, rule: Rule, program: Program) -> Iterator[Any]:
    for award in rule.award:
        if award.currency not in program.currencies:
            yield f"{place}.award", _("unknown currency “%(name)s”") % {"name": award.currency}
    test = rule.when and rule.when.member
    if not test:
        return
    for role in set(test.role or []) - set(settings.ROLES):
        yield f"{place}.when.member.role", _("unknown role “%(name)s”") % {"name": role}
    for level in set(test.level or []) - {level.code for level in program.levels}:
        yield f"{place}.when.member.level", _("unknown level “%(name)s”") % {"name": level}


def _unknown_in_badge(place: str, badge: Badge, program: Program) -> Iterator[Any]:
    for part in badge.criterion.walk():
        if part.kind == "balance" and part.balance not in program.currencies:
            yield place, _("unknown currency “%(name)s”") % {"name": part.balance}
        if part.kind == "badge" and part.badge not in program.badges_by_code:
            yield place, _("unknown badge “%(name)s”") % {"name": part.badge}


def _verbs(program: Program) -> Iterator[Any]:
    for number, rule in enumerate(program.rules):
        for verb in rule.verb:
            yield f"rules[{number}].verb", verb
        if rule.hold and rule.hold.until:
            yield f"rules[{number}].hold.until", rule.hold.until
    for number, badge in enumerate(program.badges):
        for verb in sorted(badge.verbs):
            yield f"badges[{number}].criterion", verb


def _cycles(program: Program) -> Iterator[Any]:
    needs = {
        badge.code: {part.badge for part in badge.criterion.walk() if part.kind == "badge"}
        for badge in program.badges
    }
    done: set[str] = set()
    while ready := [code for code, of in needs.items() if code not in done and of <= done]:
        done.update(ready)
    for code in sorted(set(needs) - done):
        yield "badges", _("“%(code)s” needs badges that need it in turn") % {"code": code}
