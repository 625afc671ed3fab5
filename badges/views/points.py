from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from badges.models import ProgramVersion
from badges.services.books import is_held
from badges.services.expiring import coming_expiries
from badges.services.explaining import unpaid_of
from badges.services.history import history_page
from badges.services.labels import amount_text
from badges.services.standing import standing_of
from portal.accounts.models import Member
from portal.ui.requests import MemberRequest
from portal.ui.routes import reads


@login_required
@reads
def points(request: MemberRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    currency = request.GET.get("currency", "")
    before = request.GET.get("before", "")
    lines, older = history_page(
        member=request.user,
        currency=currency if currency in program.currencies else "",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    standing = standing_of(request.user)
    context = {
        "standing": standing,
        "held_label": _held_label(request.user) if standing.held else "",
        "program": program,
        "lines": lines,
        "older": older,
        "currency": currency,
        "unpaid": unpaid_of(request.user),
        "expiries": [
            {"amount": amount_text(lot.amount, code, program), "day": lot.expires}
            for code, lot in coming_expiries(request.user, program)
        ],
    }
    return render(request, "badges/points.html", context)


def _held_label(member: Member) -> str:
    """What points that are held wait for."""
    if is_held(member):
        return _("waiting for your verified address")
    return _("held for now: the history says until when")
