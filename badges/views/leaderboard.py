from dataclasses import dataclass

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
from portal.accounts.models import Interest, Member
from portal.accounts.people import EVERYBODY, Circle, interested_in, joined_with
from portal.activity.registry import verb_label
from portal.ui.requests import PortalRequest

JOINED = "joined"
INTEREST = "in-"


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a board is narrowed to, and whether who looks at it is one of them."""

    key: str
    label: str
    circle: Circle = EVERYBODY
    has_me: bool = True


def leaderboard(request: PortalRequest) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    now = timezone.now()
    season = program.season_at(now.astimezone(program.zone).date())
    periods = {"week": week_of(now, program), "month": month_of(now, program)}
    if season:
        periods["season"] = f"season:{season.code}"
    periods["ever"] = EVER
    member = request.user if request.user.is_authenticated else None
    groups = {group.key: group for group in _groups(member, program)}
    period = request.GET.get("period", "week")
    period = period if period in periods else "week"
    group = groups.get(request.GET.get("group", ""), groups[""])
    stretch, among = periods[period], group.circle
    labels = {key: _period_label(key, season) for key in periods}
    names = {key: one.label for key, one in groups.items()}
    context = {
        "periods": [(labels[key], _query(key, group.key), key == period) for key in periods],
        "groups": [(names[key], _query(period, key), key == group.key) for key in groups],
        "group": group,
        "top": top(period=stretch, among=among),
        "around": around(member=member, period=stretch, among=among) if member else [],
        "rules": [rule_sentence(rule, program, verb_label) for rule in program.paying],
    }
    return render(request, _template(request), context)


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


def _period_label(key: str, season: Season | None) -> str:
    if key == "season" and season:
        return name_of(season)
    return {"week": _("This week"), "month": _("This month")}.get(key, _("All time"))


def _query(period: str, group: str) -> str:
    return f"?{urlencode({'period': period} | ({'group': group} if group else {}))}"
