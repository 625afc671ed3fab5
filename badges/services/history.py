"""A member's ledger in words: what was done, which rule, which version, when (invariant I7)."""

from dataclasses import dataclass

from badges.models import ProgramVersion, Transfer
from badges.models.programs import program_of
from badges.program.schema import Currency, Program, Rule
from badges.program.sentences import rule_name
from badges.services.holding import hold_text
from portal.accounts.models import Member
from portal.accounts.people import Viewer
from portal.activity.registry import ObjectLink, resolve_objects, verb_label

PAGE = 30


@dataclass(frozen=True)
class Line:
    """One line of the ledger as its member reads it."""

    transfer: Transfer
    reason: str
    activity: str
    link: ObjectLink | None
    currency: Currency | None
    version: int | None
    note: str = ""
    held: str = ""
    by: Member | None = None


def history_page(
    *, member: Viewer, currency: str = "", before: int | None = None
) -> tuple[list[Line], int | None]:
    """One page, newest first, and the cursor of the next: the id of the last line, or None."""
    rows = Transfer.objects.for_list(member).select_related(
        "activity__adjustment__words", "program", "reverses", "actor", "hold"
    )
    if currency:
        rows = rows.filter(currency=currency)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    page = found[:PAGE]
    links = resolve_objects((transfer.activity.object for transfer in page), member)
    lines = [_line(transfer, links) for transfer in page]
    return lines, page[-1].pk if len(found) > PAGE else None


def _line(transfer: Transfer, links: dict[str, ObjectLink]) -> Line:
    rule = _rule(transfer.program, transfer.rule_code)
    program = _program(transfer.program)
    adjustment = getattr(transfer.activity, "adjustment", None)
    reason = adjustment.get_reason_display() if adjustment else ""
    return Line(
        transfer=transfer,
        reason=reason or _reason(rule, transfer.activity.verb),
        activity=verb_label(transfer.activity.verb),
        link=links.get(transfer.activity.object),
        currency=program.currencies.get(transfer.currency) if program else None,
        version=transfer.program.number if transfer.program else None,
        note=adjustment.words.note if adjustment else "",
        held=hold_text(getattr(transfer, "hold", None)),
        by=transfer.actor if adjustment else None,
    )


def _program(version: ProgramVersion | None) -> Program | None:
    return program_of(version.pk, version.content_hash) if version else None


def _rule(version: ProgramVersion | None, code: str) -> Rule | None:
    program = _program(version)
    return program.rules_by_code.get(code) if program else None


def _reason(rule: Rule | None, verb: str) -> str:
    return rule_name(rule, verb_label) if rule else verb_label(verb)
