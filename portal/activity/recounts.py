"""What is kept beside what it is counted from, and how it is counted again.

Whoever stores a sum, a counter or a state that leads to value registers a check from
`AppConfig.ready()`, with the fields that it holds to account; `manage.py verify_ledger` runs all.
"""

from collections.abc import Callable, Iterable

# The invariant of design.md's section 5 that is broken, and where.
Finding = tuple[str, str]
Check = Callable[[], Iterable[Finding]]

_checks: dict[Check, tuple[str, ...]] = {}


def register_recount(check: Check, *fields: str) -> None:
    """Let `verify_ledger` run a check, of one or a few grouped statements over whole tables.

    Arguments: `fields` are the stored ones that it counts again, as `app.Model.field`.
    """
    _checks[check] = fields


def recounts(field: str = "") -> list[Check]:
    """Every check, in the order of registration; or those that count one field again."""
    return [check for check, fields in _checks.items() if not field or field in fields]


def recounted_fields() -> set[str]:
    """Every stored field that some check counts again."""
    return {field for fields in _checks.values() for field in fields}
