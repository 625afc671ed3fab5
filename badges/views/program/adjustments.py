"""Points by hand in the CMS: asked for, agreed to by a second person, listed for good."""

from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from badges.forms.adjustments import AdjustmentForm, DeclineForm
from badges.models import Adjustment, ProgramVersion
from badges.program.schema import Program
from badges.services.adjusting import (
    PERMISSION,
    adjust,
    approve_adjustment,
    cap_of,
    decline_adjustment,
)
from badges.services.labels import amount_text
from badges.services.standing import POINTS
from badges.views.program.pages import page
from portal.accounts.models import Member
from portal.ui.requests import MemberRequest
from portal.ui.staff import permitted

PER_PAGE = 50
LIST = "programme:adjustment_list"
STATES = {"waiting": None, "made": True, "declined": False}
adjusts_points = permitted(PERMISSION)


@require_GET
@adjusts_points
def adjustment_list(request: MemberRequest) -> HttpResponse:
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()[:80]
    rows = Adjustment.objects.for_list()
    if state in STATES:
        rows = rows.filter(is_approved=STATES[state])
    if query:
        named = Q(handle=query.lstrip("@").lower()) | Q(name__icontains=query)
        rows = rows.filter(member__in=Member.objects.filter(named).values("pk")[:200])
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    _pk, program = ProgramVersion.objects.current()
    lines = [_line(row, program, request.user) for row in found]
    states = [("", _("All")), ("waiting", _("Waiting")), ("made", _("Made"))]
    return page(
        request,
        "adjustment_list.html",
        title=_("Adjustments"),
        icon="plus-inverse",
        lines=lines,
        rows=found,
        state=state,
        states=[*states, ("declined", _("Declined"))],
        query=query,
    )


@adjusts_points
def adjustment_add(request: MemberRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    start = {"key": uuid4(), "member": request.GET.get("member", "")[:80]}
    form = AdjustmentForm(request.POST or None, initial=start, program=program)
    if request.method == "POST" and form.is_valid():
        try:
            adjustment = adjust(by=request.user, **form.adjustment())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _made_text(adjustment, program))
            return redirect(LIST)
    return page(
        request,
        "adjustment_form.html",
        title=_("Give or take points"),
        trail=[(_("Adjustments"), LIST)],
        icon="plus-inverse",
        form=form,
        alone=amount_text(settings.ADJUSTMENT_ALONE, POINTS, program),
        cap=amount_text(cap_of(request.user), POINTS, program),
    )


@require_POST
@adjusts_points
def adjustment_approve(request: MemberRequest, pk: int) -> HttpResponse:
    adjustment = get_object_or_404(Adjustment, pk=pk)
    _pk, program = ProgramVersion.objects.current()
    try:
        made = approve_adjustment(adjustment=adjustment, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except PermissionDenied:
        messages.error(request, _("This takes somebody else: two people, neither of them gaining."))
    else:
        if made:
            messages.success(request, _made_text(made, program))
        else:
            messages.error(request, _("This was decided before."))
    return redirect(LIST)


@adjusts_points
def adjustment_decline(request: MemberRequest, pk: int) -> HttpResponse:
    adjustment = get_object_or_404(Adjustment.objects.select_related("member", "asked_by"), pk=pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        if decline_adjustment(adjustment=adjustment, by=request.user, answer=answer):
            messages.success(request, _("Declined: nothing was moved."))
        else:
            messages.error(request, _("This was decided before."))
        return redirect(LIST)
    _pk, program = ProgramVersion.objects.current()
    return page(
        request,
        "adjustment_decline.html",
        title=_("Decline an adjustment"),
        trail=[(_("Adjustments"), LIST)],
        icon="undo",
        form=form,
        adjustment=adjustment,
        amount=amount_text(abs(adjustment.amount), adjustment.currency, program),
    )


def _line(row: Adjustment, program: Program, viewer: Member) -> dict:
    """A row with its amounts in words and what the viewer may do with it."""
    is_waiting = row.is_approved is None
    return {
        "row": row,
        "amount": amount_text(abs(row.amount), row.currency, program),
        "moved": amount_text(abs(row.moved or 0), row.currency, program) if row.is_short else "",
        "can_decide": is_waiting and viewer.pk not in (row.asked_by_id, row.member_id),
        "can_withdraw": is_waiting and viewer.pk == row.asked_by_id,
    }


def _made_text(adjustment: Adjustment, program: Program) -> str:
    amount = amount_text(abs(adjustment.amount), adjustment.currency, program)
    if adjustment.moved is None:
        return _("%(amount)s: it waits for a second person now.") % {"amount": amount}
    if adjustment.is_short:
        moved = amount_text(abs(adjustment.moved), adjustment.currency, program)
        text = _("Only %(moved)s of %(amount)s were there to take; the rest was left.")
        return text % {"moved": moved, "amount": amount}
    return _("%(amount)s moved, and the member is told why.") % {"amount": amount}
