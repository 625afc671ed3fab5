"""What the currencies are called, how long they last, and what they are worth in money."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.costs import WorthForm
from badges.forms.currencies import CurrencyForm
from badges.services.programs import open_desk
from badges.views.program.pages import keep, manages_program, page
from portal.ui.requests import MemberRequest


@manages_program
def currency_list(request: MemberRequest) -> HttpResponse:
    return _edit(request, CurrencyForm, "currency_list.html", title=_("Currencies"))


@manages_program
def currency_worth(request: MemberRequest) -> HttpResponse:
    return _edit(request, WorthForm, "currency_worth.html", title=_("Worth in money"))


def _edit(
    request: MemberRequest,
    form_class: type[CurrencyForm] | type[WorthForm],
    template: str,
    **shown: Any,
) -> HttpResponse:
    """Show all currencies, or keep them in the draft."""
    desk = open_desk()
    posted = request.POST if request.method == "POST" else None
    form = form_class(posted, program=desk.program)
    problems: list[str] = []

    def tell(found):
        problems.extend(f"{place}: {message}" if place else message for place, message in found)

    is_whole = posted is not None and form.is_valid()
    if is_whole and keep(request, form.put_into(desk.document), tell):
        return redirect("programme:overview")
    frame: dict[str, Any] = {"icon": "tag", "form": form, "problems": problems}
    return page(request, template, mark=desk.mark, **frame, **shown)
