"""A new badge for those who earned it before there was one: looked at, then given as a whole."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from badges.models import Application, ProgramVersion
from badges.models.programs import program_of
from badges.program.schema import Badge, Program
from badges.services.past import Stretch, apply_to_past, program_with, simulate
from badges.services.programs import publish_draft
from badges.services.stretches import BEGINNING
from portal.accounts.models import Member


@dataclass(frozen=True)
class Due:
    """A new badge, whom it would go to at once, and some of their names."""

    badge: Badge
    members: int
    names: list[str]


def new_badges(former: Program, program: Program) -> list[Badge]:
    """The badges that `program` brings in; an old one that changes is not new."""
    return [badge for badge in program.badges if badge.code not in former.badges_by_code]


def preview(*, former: Program, program: Program, names: int = 10) -> list[Due]:
    """Who would be given which new badge at once; nothing is written."""
    badges = new_badges(former, program)
    if not badges:
        return []
    report = simulate(program=_alone(program, badges), stretch=_whole_past())
    holders: dict[str, set[int]] = defaultdict(set)
    for member_id, code in report.badges:
        holders[code].add(member_id)
    shown = {pk for found in holders.values() for pk in sorted(found)[:names]}
    members = Member.objects.in_bulk(shown)
    return [
        Due(
            badge,
            len(holders[badge.code]),
            [members[pk].display_name for pk in sorted(holders[badge.code])[:names]],
        )
        for badge in badges
    ]


@transaction.atomic
def publish_and_give(
    *, by: Member, note: str = "", mark: str = "", gives: bool = False
) -> tuple[ProgramVersion, bool, Application | None]:
    """Publish the draft and, with `gives`, give its new badges to whom they are due.

    Each member is told once, however many badges come; points are not touched. Raises as
    `publish_draft` does, and then nothing is published.
    """
    _pk, former = ProgramVersion.objects.current()
    version, is_new = publish_draft(by=by, note=note, mark=mark)
    program = program_of(version.pk, version.content_hash)
    badges = new_badges(former, program) if gives and is_new else []
    if not badges:
        return version, is_new, None
    given = apply_to_past(
        version=version, program=_alone(program, badges), stretch=_whole_past(), by=by
    )
    return version, is_new, given


def _alone(program: Program, badges: list[Badge]) -> Program:
    """The programme with these badges and no rule, so that it pays nothing."""
    return program_with(program, rules=[], badges=badges)


def _whole_past() -> Stretch:
    return Stretch(BEGINNING, timezone.now())
