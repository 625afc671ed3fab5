"""Applications to the past that are too long for a page: asked for here, made in the background."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from badges.forms.costs import OrderForm
from badges.models import PastOrder, ProgramVersion
from badges.program.schema import Program
from badges.services.labels import rule_label
from badges.services.orders import order_application, withdraw_order
from badges.services.past import Stretch
from badges.views.program.pages import manages_program, page
from portal.ui.requests import MemberRequest

# So many orders stand on the page, the newest first.
SHOWN = 5


def past_order(
    request: MemberRequest, version: ProgramVersion, stretch: Stretch, shown: dict[str, Any]
) -> HttpResponse:
    """Ask for a reason, then leave the rest to a job."""
    form = OrderForm(request.POST or None, initial={"key": uuid4()})
    if request.POST and request.POST.get("version") != str(version.number):
        messages.warning(request, _("Another version was published meanwhile."))
    elif request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked: dict[str, Any] = {"note": data["reason"], "key": data["key"]}
        try:
            order_application(version=version, stretch=stretch, by=request.user, **asked)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("It is applied in the background; the list says how far."))
        return redirect("programme:past")
    trail = [(_("Apply to the past"), "programme:past")]
    frame: dict[str, Any] = {"title": _("Apply in the background"), "trail": trail}
    return page(
        request, "past_order.html", icon="rotate", form=form, version=version, **frame, **shown
    )


@manages_program
@require_POST
def order_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    if withdraw_order(order=get_object_or_404(PastOrder, pk=pk)):
        messages.success(request, _("Withdrawn: nothing is paid."))
    else:
        messages.warning(request, _("It was finished before."))
    return redirect("programme:past")


def latest_orders(program: Program) -> list[dict[str, Any]]:
    orders = PastOrder.objects.select_related("version", "asked_by").order_by("-pk")
    return [_line(order, program) for order in orders[:SHOWN]]


def _line(order: PastOrder, program: Program) -> dict[str, Any]:
    days = [
        date_format(moment.astimezone(program.zone), "SHORT_DATETIME_FORMAT")
        for moment in (order.since, order.until)
    ]
    return {
        "order": order,
        "since": days[0],
        "until": days[1],
        "rules": ", ".join(rule_label(code, program) for code in order.rules),
    }
