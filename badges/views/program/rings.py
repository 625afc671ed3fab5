"""Members who act as if they were one: the evidence in words, for the team to look at."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from badges.models import Ring
from badges.services.rings.finding import clear_ring
from badges.views.program.pages import manages_program, page
from portal.ui.requests import MemberRequest
from portal.ui.templatetags.ui import grouped

SHOWN = 50


@manages_program
@require_safe
def ring_list(request: MemberRequest) -> HttpResponse:
    rows = [
        {
            "pk": ring.pk,
            "title": _title(len(members)),
            "members": members,
            "evidence": [evidence_text(*line) for line in ring.evidence],
            "points": _points(ring.points),
            "found_at": ring.found_at,
        }
        for ring in Ring.objects.for_list()[:SHOWN]
        if (members := sorted(ring.members.all(), key=lambda one: one.pk))
    ]
    return page(
        request, "ring_list.html", title=_("Who may be one hand"), icon="warning", rows=rows
    )


@manages_program
@require_POST
def ring_clear(request: MemberRequest, pk: int) -> HttpResponse:
    ring = get_object_or_404(Ring, pk=pk)
    if clear_ring(ring=ring, by=request.user):
        messages.success(request, _("Noted: this group is not shown again."))
    return redirect("programme:ring_list")


def evidence_text(kind: str, members: int, times: int) -> str:
    """One line of evidence in the language in force."""
    numbers = {"members": grouped(members), "times": grouped(times)}
    return SENTENCES[kind](times) % numbers if kind in SENTENCES else kind


def _title(count: int) -> str:
    text = ngettext("%(n)s member", "%(n)s members", count)
    return text % {"n": grouped(count)}


def _points(amount: int) -> str:
    text = ngettext(
        "They earned %(n)s point in four weeks.", "They earned %(n)s points in four weeks.", amount
    )
    return text % {"n": grouped(amount)}


SENTENCES = {
    "address": lambda n: (
        _(
            "%(members)s were seen at the same network address, and gave %(times)s votes to the"
            " same few."
        )
        if n
        else _("%(members)s of them were seen at the same network address.")
    ),
    "device": lambda n: (
        _("%(members)s were seen with the same browser, and gave %(times)s votes to the same few.")
        if n
        else _("%(members)s of them were seen with the same browser.")
    ),
    "mailbox": lambda n: (
        _(
            "The addresses of %(members)s lead to the same mailbox; they gave %(times)s votes to"
            " the same few."
        )
        if n
        else _("The addresses of %(members)s of them lead to the same mailbox.")
    ),
    "mutual": lambda n: ngettext(
        "%(times)s pair of them voted for each other.",
        "%(times)s pairs of them voted for each other.",
        n,
    ),
    "target": lambda _n: _(
        "%(members)s accounts were made within two days and gave %(times)s votes to the same few,"
        " and hardly any to others."
    ),
    "minutes": lambda _n: _(
        "%(members)s voted for the same things within the same minute, %(times)s times."
    ),
    "joined": lambda _n: _("%(members)s of the accounts were made within two days."),
}
