from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from badges.models import ProgramVersion
from badges.models.boards import EVER
from badges.program.sentences import rule_sentence
from badges.services.boards import around, month_of, top, week_of
from portal.activity.registry import verb_label


def leaderboard(request: HttpRequest) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    now = timezone.now()
    season = program.season_at(now.astimezone(program.zone).date())
    periods = {"week": week_of(now, program), "month": month_of(now, program)}
    if season:
        periods["season"] = f"season:{season.code}"
    periods["ever"] = EVER
    chosen = request.GET.get("period", "week")
    chosen = chosen if chosen in periods else "week"
    rules = [rule_sentence(rule, program, verb_label) for rule in program.rules]
    member = request.user if request.user.is_authenticated else None
    context = {
        "periods": list(periods),
        "period": chosen,
        "season": season,
        "top": top(period=periods[chosen]),
        "around": around(member=member, period=periods[chosen]) if member else [],
        "rules": rules,
    }
    return render(request, "badges/leaderboard.html", context)
