from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from badges.models import ProgramVersion
from badges.services.expiring import coming_expiries
from badges.services.history import history_page, refusals_of
from badges.services.offers import price_text
from badges.services.standing import standing_of
from portal.ui.requests import MemberRequest


@login_required
def points(request: MemberRequest) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    currency = request.GET.get("currency", "")
    before = request.GET.get("before", "")
    lines, older = history_page(
        member=request.user,
        currency=currency if currency in program.currencies else "",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    context = {
        "standing": standing_of(request.user),
        "program": program,
        "lines": lines,
        "older": older,
        "currency": currency,
        "refusals": refusals_of(request.user),
        "expiries": [
            {"amount": price_text(lot.amount, code, program), "day": lot.expires}
            for code, lot in coming_expiries(request.user, program)
        ],
    }
    return render(request, "badges/points.html", context)
