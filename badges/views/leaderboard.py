from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from badges.models import ProgramVersion
from badges.models.boards import EVER
from badges.program.schema import Program, Season
from badges.program.sentences import name_of, rule_sentence
from badges.services.boards import around, month_of, top, week_of
from badges.services.movement import former_month, former_season, former_week, with_moves
from portal.accounts.models import Interest, Member
from portal.accounts.people import EVERYBODY, Circle, interested_in, joined_with
from portal.activity.registry import verb_label
from portal.ui.requests import PortalRequest
from portal.ui.routes import reads

JOINED = "joined"
INTEREST = "in-"


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a board is narrowed to, and whether who looks at it is one of them."""

    key: str
    label: str
    circle: Circle = EVERYBODY
    has_me: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A period that a board may show, and the one before it; empty where there is none."""

    label: str
    period: str
    former: str = ""
    compared: str = ""


@reads
def leaderboard(request: PortalRequest) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    spans = _spans(timezone.now(), program)
    member = request.user if request.user.is_authenticated else None
    groups = {group.key: group for group in _groups(member, program)}
    period = request.GET.get("period", "week")
    period = period if period in spans else "week"
    group = groups.get(request.GET.get("group", ""), groups[""])
    context = {
        "periods": [(s.label, _query(key, group.key), key == period) for key, s in spans.items()],
        "groups": [(g.label, _query(period, key), key == group.key) for key, g in groups.items()],
        "group": group,
        **_boards(member, spans[period], group.circle),
        "rules": [rule_sentence(rule, program, verb_label) for rule in program.paying],
    }
    return render(request, _template(request), context)


def _boards(member: Member | None, span: Span, among: Circle) -> dict[str, Any]:
    """The rows of both lists with how far each moved, and what that is compared with."""
    leaders = top(period=span.period, among=among)
    near = around(member=member, period=span.period, among=among) if member else []
    leaders_moved, near_moved = with_moves(leaders, near, former=span.former, among=among)
    is_told = any(row.move for row in (*leaders_moved, *near_moved))
    compared = span.compared if is_told else ""
    return {"top": leaders_moved, "around": near_moved, "compared": compared}


def _template(request: PortalRequest) -> str:
    """A switch swaps the board alone; going back in history wants the whole page."""
    is_part = request.htmx and not request.htmx.history_restore_request
    return "badges/leaderboard.html#board" if is_part else "badges/leaderboard.html"


def _groups(member: Member | None, program: Program) -> list[Group]:
    groups = [Group("", _("Everyone"))]
    if member:
        joined = date_format(member.date_joined.astimezone(program.zone), "F Y")
        circle = joined_with(member, program.zone)
        groups.append(Group(JOINED, _("Joined in %(month)s") % {"month": joined}, circle))
    chosen = member.interests if member else []
    for interest in Interest.objects.offered():
        circle = interested_in(interest.code)
        key = f"{INTEREST}{interest.code}"
        groups.append(Group(key, interest.name, circle, interest.code in chosen))
    return groups


def _spans(now: datetime, program: Program) -> dict[str, Span]:
    day = now.astimezone(program.zone).date()
    week, month = week_of(now, program), month_of(now, program)
    spans = {
        "week": Span(
            _("This week"), week, former_week(day), _("Arrows compare places with last week.")
        ),
        "month": Span(
            _("This month"), month, former_month(day), _("Arrows compare places with last month.")
        ),
    }
    if season := program.season_at(day):
        spans["season"] = _season_span(season, program)
    return spans | {"ever": Span(_("All time"), EVER)}


def _season_span(season: Season, program: Program) -> Span:
    former = former_season(season, program)
    if not former:
        return Span(name_of(season), f"season:{season.code}")
    text = _("Arrows compare places with the season “%(season)s”.")
    compared = text % {"season": name_of(former)}
    return Span(name_of(season), f"season:{season.code}", f"season:{former.code}", compared)


def _query(period: str, group: str) -> str:
    return f"?{urlencode({'period': period} | ({'group': group} if group else {}))}"
