"""What the currencies are worth in money, so that costs can be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.costs import WorthForm
from badges.services.programs import open_desk
from badges.views.program.pages import keep, manages_program, page


@manages_program
def currency_worth(request: HttpRequest) -> HttpResponse:
    desk = open_desk()
    posted = request.POST if request.method == "POST" else None
    form = WorthForm(posted, program=desk.program)
    problems: list[str] = []

    def tell(found):
        problems.extend(f"{place}: {message}" if place else message for place, message in found)

    is_whole = posted is not None and form.is_valid()
    if is_whole and keep(request, form.put_into(desk.document), tell):
        return redirect("programme:overview")
    return page(
        request,
        "currency_worth.html",
        title=_("Worth in money"),
        icon="tag",
        form=form,
        problems=problems,
        mark=desk.mark,
    )
