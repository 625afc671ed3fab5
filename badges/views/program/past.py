"""What is in force applied to what members did before: looked at, confirmed, and taken back."""

from collections import Counter, defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from badges.forms.costs import PastForm, ReasonForm
from badges.models import Application, ProgramVersion
from badges.program.money import cost_of, sums_text
from badges.program.schema import Program
from badges.services.labels import amount_text, badge_label, currency_label, rule_label
from badges.services.past import (
    NothingToApplyError,
    Report,
    Stretch,
    apply_with_effect,
    is_longer,
    simulate,
    undo_application,
)
from badges.services.stretches import stretch_of
from badges.views.program.orders import latest_orders, past_order
from badges.views.program.pages import manages_program, page
from portal.accounts.models import Member
from portal.ui.requests import MemberRequest

# A run goes through the whole log up to its last day, inside the request.
MOST = 20_000
MOST_MEMBERS = 100
PER_PAGE = 20


@manages_program
@require_GET
def past(request: HttpRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    form = PastForm(request.GET, program=program)
    found = Paginator(Application.objects.for_list(), PER_PAGE).get_page(request.GET.get("p"))
    return page(
        request,
        "past.html",
        title=_("Apply to the past"),
        icon="rotate",
        form=form,
        media=form.media,
        query=request.GET.urlencode(),
        applications=found,
        lines=[_application(one, program) for one in found],
        orders=latest_orders(program),
        **_looked_at(form, program),
    )


@manages_program
def past_apply(request: MemberRequest) -> HttpResponse:
    version = ProgramVersion.objects.published().first()
    _pk, program = ProgramVersion.objects.current()
    asked = PastForm(request.GET, program=program)
    shown = _looked_at(asked, program)
    if version and shown.get("is_long"):
        return past_order(request, version, shown["stretch"], shown)
    form = ReasonForm(request.POST or None)
    if version is None or not shown.get("report"):
        return redirect("programme:past")
    if request.POST and request.POST.get("version") != str(version.number):
        text = _("Another version was published meanwhile. This is what it would do.")
        messages.warning(request, text)
    elif request.method == "POST" and form.is_valid():
        _apply(request, version, program, shown["stretch"], form.cleaned_data["reason"])
        return redirect("programme:past")
    return page(
        request,
        "past_apply.html",
        title=_("Apply to the past"),
        trail=[(_("Apply to the past"), "programme:past")],
        icon="rotate",
        form=form,
        version=version,
        **shown,
        **_members(shown["report"], program),
    )


@manages_program
def past_undo(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Application.objects.select_related("version", "applied_by", "undone_by")
    application = get_object_or_404(rows, pk=pk, undone_at=None)
    _pk, program = ProgramVersion.objects.current()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if undo_application(application=application, by=request.user, reason=reason):
            messages.success(request, _("Taken back as a whole. Badges stay."))
        else:
            messages.warning(request, _("Somebody has taken it back before."))
        return redirect("programme:past")
    return page(
        request,
        "past_undo.html",
        title=_("Take an application back"),
        trail=[(_("Apply to the past"), "programme:past")],
        icon="undo",
        form=form,
        line=_application(application, program),
    )


def _apply(
    request: MemberRequest, version: ProgramVersion, program: Program, stretch: Stretch, note: str
) -> None:
    try:
        application = apply_with_effect(
            version=version, program=program, stretch=stretch, by=request.user, note=note
        )
    except NothingToApplyError:
        messages.warning(request, _("There was nothing left to pay or to give."))
        return
    members = application.summary["members"]
    messages.success(request, _("Applied: %(n)s members were paid.") % {"n": members})


def _looked_at(form: PastForm, program: Program) -> dict:
    """The report of what was asked for, in words; or why there is none."""
    asked = form.asked
    if not asked:
        return {}
    stretch = stretch_of(program, **asked)
    if is_longer(program=program, stretch=stretch, than=MOST):
        return {"is_long": True, "most": MOST, "stretch": stretch}
    report = simulate(program=program, stretch=stretch)
    return {
        "stretch": stretch,
        "report": report,
        "has_effect": bool(report.amounts or report.badges),
        "rules": _rules(report, program),
        "badges": [
            (badge_label(code, program), n)
            for code, n in sorted(Counter(code for _pk, code in report.badges).items())
        ],
        "total": ", ".join(_amounts(report.amounts, program)),
        "money": sums_text(cost_of(report.amounts.items(), program)),
    }


def _rules(report: Report, program: Program) -> list[dict]:
    return [
        {
            "name": rule_label(code, program),
            "unit": currency_label(currency, program),
            "times": report.times[code],
            "amount": amount,
            "money": sums_text(cost_of([(currency, amount)], program)),
        }
        for (code, currency), amount in sorted(report.by_rule.items())
    ]


def _members(report: Report, program: Program) -> dict:
    """Who gets what: those who get most first."""
    amounts: dict[int, Counter] = defaultdict(Counter)
    for (member_id, currency), amount in report.by_member.items():
        amounts[member_id][currency] += amount
    badges: dict[int, list[str]] = defaultdict(list)
    for member_id, code in report.badges:
        badges[member_id].append(badge_label(code, program))
    everybody = sorted({*amounts, *badges}, key=lambda pk: (-amounts[pk].total(), pk))
    shown = everybody[:MOST_MEMBERS]
    members = Member.objects.in_bulk(shown)
    lines = [
        {
            "member": members[pk].display_name,
            "text": ", ".join([*_amounts(amounts[pk], program), *badges.get(pk, [])]),
        }
        for pk in shown
    ]
    return {"members": lines, "more": len(everybody) - len(shown), "reached": len(everybody)}


def _amounts(amounts: Any, program: Program) -> list[str]:
    found = sorted(amounts.items(), reverse=True)
    return [amount_text(amount, code, program) for code, amount in found if amount]


def _application(application: Application, program: Program) -> dict:
    amounts = Counter(application.summary.get("amounts", {}))
    zone = program.zone
    until = application.until.astimezone(zone)
    return {
        "application": application,
        "since": date_format(application.since.astimezone(zone), "SHORT_DATETIME_FORMAT"),
        "until": date_format(until, "SHORT_DATETIME_FORMAT"),
        "rules": ", ".join(rule_label(code, program) for code in application.rules),
        "text": ", ".join(_amounts(amounts, program)),
        "money": sums_text(cost_of(amounts.items(), program)),
    }
