from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from badges.models import ProgramVersion
from badges.services.explaining import unpaid_of
from badges.services.history import history_page
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
        "unpaid": unpaid_of(request.user),
    }
    return render(request, "badges/points.html", context)
