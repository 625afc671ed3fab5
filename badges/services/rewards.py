"""Setting up rewards and their codes: what brand managers do in the CMS."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from badges.models import ProgramVersion, Reward, RewardCode, RewardStep
from badges.program.schema import Program
from portal.accounts.models import Member
from portal.activity.rows import insert_missing
from portal.ui.text import storable

HEADINGS = ("code", "codes", "kod", "kodlar")
MOST_CODES = 20_000
CODE_LENGTH = 100


@dataclass(frozen=True)
class Added:
    """How many codes an upload brought, and how many of it were known or too long."""

    new: int
    known: int
    refused: int


def spendable_currencies(program: Program) -> dict:
    """What rewards may be priced in, by code."""
    return {code: part for code, part in program.currencies.items() if part.spendable}


@transaction.atomic
def create_reward(*, by: Member | None = None, **fields: Any) -> Reward:
    """Put a reward on offer. Raises ValidationError for a currency that cannot be spent.

    `by` is who does it, for the audit trail, or nobody for a command; so below.
    """
    _check(fields)
    reward = Reward.objects.create(**fields)
    _write_down(reward, RewardStep.Kind.CREATED, {}, by)
    return reward


@transaction.atomic
def change_reward(*, reward: Reward, by: Member | None = None, **fields: Any) -> Reward:
    """Change a reward while members may be redeeming it; the counter stays theirs.

    What was and what is goes to the audit trail; a reward kept as it was leaves nothing there.
    Raises ValidationError for a stock below what was taken, for a currency that cannot be spent,
    and for another fulfilment once it was redeemed.
    """
    _check(fields)
    former = Reward.objects.select_for_update().get(pk=reward.pk)
    if fields["fulfilment"] != former.fulfilment and former.redemptions.exists():
        text = _("It has been redeemed before, so this stays as it is.")
        raise ValidationError({"fulfilment": text})
    rows = Reward.objects.filter(pk=reward.pk)
    stock = fields["stock"]
    enough = rows if stock is None else rows.filter(Q(taken__lte=stock))
    if not enough.update(**fields):
        text = _("More than this have been redeemed already.")
        raise ValidationError({"stock": text})
    reward.refresh_from_db()
    if changes := _changes(former, reward, fields):
        _write_down(reward, RewardStep.Kind.CHANGED, changes, by)
    return reward


@transaction.atomic
def add_codes(*, reward: Reward, text: str, by: Member | None = None) -> Added:
    """Add codes to the pool: one a line, or the first column of a CSV file.

    A code that any reward has had is left out. Raises ValidationError for a reward without a pool
    and for too many codes at once.
    """
    if not reward.has_codes:
        raise ValidationError(_("This reward is handed over by the team; it has no codes."))
    found = _read_codes(text)
    if len(found) > MOST_CODES:
        raise ValidationError(_("At most %(n)s codes at a time, please.") % {"n": MOST_CODES})
    fitting = dict.fromkeys(code for code in found if len(code) <= CODE_LENGTH)
    rows = [RewardCode(reward=reward, text=code) for code in fitting]
    insert_missing(rows, unique=["text"])
    new = sum(row.pk is not None for row in rows)
    refused = sum(len(code) > CODE_LENGTH for code in found)
    if new:
        _write_down(reward, RewardStep.Kind.FILLED, {"codes": new}, by)
    return Added(new, len(found) - refused - new, refused)


def _read_codes(text: str) -> list[str]:
    lines = storable(text).lstrip("\ufeff").splitlines()
    separator = ";" if lines and ";" in lines[0] else "\t" if lines and "\t" in lines[0] else ","
    cells = [row[0].strip() for row in csv.reader(lines, delimiter=separator) if row]
    if cells and cells[0].casefold() in HEADINGS:
        cells = cells[1:]
    return [cell for cell in cells if cell]


def _changes(former: Reward, reward: Reward, names: Collection[str]) -> dict[str, list]:
    """What differs, by field: what it was and what it became; a picture by its number."""
    fields = [field for field in Reward._meta.concrete_fields if field.name in names]
    pairs = {
        field.name: [field.value_from_object(row) for row in (former, reward)] for field in fields
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _write_down(reward: Reward, kind: str, changes: dict, by: Member | None) -> None:
    RewardStep.objects.create(reward=reward, kind=kind, changes=changes, taken_by=by)


def _check(fields: dict) -> None:
    _version, program = ProgramVersion.objects.current()
    if fields["currency"] not in spendable_currencies(program):
        raise ValidationError({"currency": _("This currency cannot be spent.")})
