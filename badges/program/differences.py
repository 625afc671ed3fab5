"""What one programme changes against another, in sentences."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from badges.program.details import (
    badge_in_full,
    currency_in_full,
    level_in_full,
    rule_in_full,
    season_in_full,
)
from badges.program.schema import Program
from badges.program.sentences import Label


@dataclass
class Difference:
    """What happened to one kind of part; `changed` are (before, after) pairs."""

    kind: str
    title: str
    added: list[str] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def differences(old: Program, new: Program, label: Label) -> list[Difference]:
    """Return what `new` adds, changes and removes; empty when both say the same."""
    kinds = [
        ("rules", _("Rules"), lambda rule, program: rule_in_full(rule, program, label)),
        ("badges", _("Badges"), lambda badge, program: badge_in_full(badge, program, label)),
        ("levels", _("Levels"), lambda level, _program: level_in_full(level)),
        ("seasons", _("Seasons"), lambda season, _program: season_in_full(season)),
    ]
    found = [_compared(kind, title, words, old, new) for kind, title, words in kinds]
    return [difference for difference in [*found, _frame(old, new)] if difference]


def changed_parts(before: dict, after: dict) -> dict[str, list[str]]:
    """Which parts two documents do not share, by kind and code; empty when both say the same."""
    found: dict[str, list[str]] = {}
    for kind in ("rules", "badges", "levels", "seasons"):
        old, new = ({part["code"]: part for part in d.get(kind, [])} for d in (before, after))
        found[kind] = _unequal(old, new)
    found["currencies"] = _unequal(before["currencies"], after["currencies"])
    if before.get("timezone") != after.get("timezone"):
        found["timezone"] = [after.get("timezone", "UTC")]
    return {kind: codes for kind, codes in found.items() if codes}


def _unequal(old: dict, new: dict) -> list[str]:
    return sorted(code for code in old.keys() | new.keys() if old.get(code) != new.get(code))


def _compared(
    kind: str, title: str, words: Callable[[Any, Program], str], old: Program, new: Program
) -> Difference:
    before = {part.code: part for part in getattr(old, kind)}
    after = {part.code: part for part in getattr(new, kind)}
    result = Difference(kind, title)
    result.added = [words(part, new) for code, part in after.items() if code not in before]
    result.removed = [words(part, old) for code, part in before.items() if code not in after]
    for code, part in after.items():
        if code in before and before[code] != part:
            result.changed.append(_pair(words(before[code], old), words(part, new)))
    if not result and list(before) != list(after):
        result.changed.append((_("Former order"), _("New order")))
    return result


def _pair(before: str, after: str) -> tuple[str, str]:
    """Where both sentences are alike, words or picture changed: say so."""
    if before != after:
        return before, after
    return before, _("%(text)s (names, texts or picture changed)") % {"text": after}


def _frame(old: Program, new: Program) -> Difference:
    result = Difference("frame", _("Settings"))
    if old.timezone != new.timezone:
        zones = [_("Time zone: %(zone)s") % {"zone": p.timezone} for p in (old, new)]
        result.changed.append((zones[0], zones[1]))
    for code, currency in new.currencies.items():
        if code not in old.currencies:
            result.added.append(currency_in_full(currency))
    for code, currency in old.currencies.items():
        if code not in new.currencies:
            result.removed.append(currency_in_full(currency))
        elif currency != new.currencies[code]:
            before, after = currency_in_full(currency), currency_in_full(new.currencies[code])
            result.changed.append(_pair(before, after))
    return result
