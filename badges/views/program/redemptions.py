"""Redemptions in the CMS: what waits first, handed over or returned with a reason."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from badges.forms.rewards import GiveForm, ReturnForm
from badges.models import ProgramVersion, Redemption
from badges.services.fulfilling import mark_given, return_redemption
from badges.services.labels import amount_text
from badges.services.redemption_table import redemption_rows
from badges.views.program.pages import page
from badges.views.program.rewards import manages_rewards
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.sheets import to_csv

PER_PAGE = 50
State = Redemption.State


@require_GET
@manages_rewards
def redemption_list(request: HttpRequest) -> HttpResponse:
    wish = request.GET.get("state", "")
    state = wish if wish in State.values else State.PENDING
    rows = Redemption.objects.for_queue(state)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    _pk, program = ProgramVersion.objects.current()
    for row in found:
        row.cost = amount_text(row.price, row.currency, program)
    context = {"rows": found, "state": state, "states": State.choices}
    return page(request, "redemption_list.html", title=_("Redemptions"), icon="tasks", **context)


@require_GET
@manages_rewards
def redemption_export(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="redemptions.csv"'}
    return HttpResponse(to_csv(redemption_rows()), content_type="text/csv", headers=headers)


@require_POST
@manages_rewards
def redemption_give(request: MemberRequest, pk: int) -> HttpResponse:
    redemption = _redemption(pk)
    form = GiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The note is too long."))
        return redirect("programme:redemption_list")
    with refusals_said(request):
        mark_given(redemption=redemption, staff=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("Handed over, and the member is told."))
    return redirect("programme:redemption_list")


@manages_rewards
def redemption_return(request: MemberRequest, pk: int) -> HttpResponse:
    redemption = _redemption(pk)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if return_redemption(redemption=redemption, staff=request.user, reason=reason):
            messages.success(request, _("Returned: the points are back, and the member knows why."))
        else:
            messages.error(request, _("This redemption was taken back before."))
        return redirect("programme:redemption_list")
    return page(
        request,
        "redemption_return.html",
        title=_("Return a redemption"),
        trail=[(_("Redemptions"), "programme:redemption_list")],
        icon="undo",
        form=form,
        redemption=redemption,
    )


def _redemption(pk: int) -> Redemption:
    rows = Redemption.objects.select_related("reward", "member", "activity", "code")
    return get_object_or_404(rows, pk=pk)
