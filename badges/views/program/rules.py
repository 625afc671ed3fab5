from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from badges.forms.limits import LimitFormSet
from badges.forms.rules import RuleForm
from badges.models import ProgramVersion
from badges.program.details import rule_details, rule_gates, rule_in_full
from badges.program.schema import Rule
from badges.program.sentences import rule_name, rule_sentence
from badges.services.programs import Desk, open_desk
from badges.views.program.forecasts import rule_cost_text
from badges.views.program.pages import manages_program, page, published_codes
from badges.views.program.parts import ASKING, RULES, delete_part, keep_part, open_part
from portal.activity.registry import verb_label
from portal.ui.requests import MemberRequest


@manages_program
def rule_list(request: MemberRequest) -> HttpResponse:
    program = open_desk().program
    published = published_codes("rules")
    _pk, current = ProgramVersion.objects.current()
    on_trial = {rule.code for rule in current.rules if rule.shadow}
    rows = [
        {
            "code": rule.code,
            "name": rule_name(rule, verb_label),
            "sentence": rule_sentence(rule, program, verb_label),
            "details": [*rule_details(rule, program), *rule_gates(rule, verb_label)],
            "is_on_trial": rule.code in on_trial,
            "is_new": rule.code not in published,
        }
        for rule in program.rules
    ]
    return page(request, "rule_list.html", title=_("Rules"), icon=RULES.icon, rows=rows)


@manages_program
def rule_add(request: MemberRequest) -> HttpResponse:
    return _rule_form(request, open_desk(), None, title=_("New rule"))


@manages_program
def rule_edit(request: MemberRequest, code: str) -> HttpResponse:
    desk, current = open_part(request, RULES, code)
    return _rule_form(request, desk, current, title=_("Rule %s") % code)


@manages_program
def rule_delete(request: MemberRequest, code: str) -> HttpResponse:
    desk = open_desk()
    rule = next((one for one in desk.program.rules if one.code == code), None)
    if rule is None:
        raise Http404
    return delete_part(
        request,
        RULES,
        desk,
        code,
        title=_("Remove rule %s") % code,
        sentence=rule_in_full(rule, desk.program, verb_label),
        note=_("It stops earning when you publish. What it has paid stays."),
    )


def _rule_form(
    request: MemberRequest, desk: Desk, current: dict | None, *, title: str
) -> HttpResponse:
    code = current["code"] if current else ""
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(
        posted,
        program=desk.program,
        parts=RULES.parts(desk.document),
        current=current,
        is_published=code in published_codes("rules"),
    )
    limits = LimitFormSet(posted, initial=LimitFormSet.initial_of(current), prefix="limits")
    is_whole = posted is not None and all([form.is_valid(), limits.is_valid()])
    rule = form.to_rule(limits.to_limits()) if is_whole else None
    cost = _cost(request, rule, desk)
    if cost and request.htmx:
        return render(request, "badges/cms/rule_form.html#cost", {"cost": cost})
    if rule and keep_part(request, RULES, desk, rule, code, form):
        return redirect(RULES.list_url)
    shown = {
        "form": form,
        "limits": limits,
        "cost": cost,
        "mark": desk.mark,
        "sentence": _sentence(rule or current, desk),
        "is_preview": bool(ASKING & request.POST.keys()),
        "media": form.media + limits.media,
    }
    return page(request, "rule_form.html", title=title, trail=RULES.trail, icon=RULES.icon, **shown)


def _cost(request: MemberRequest, rule: dict | None, desk: Desk) -> str:
    """What the rule would cost, where that is asked for."""
    if "cost" not in request.POST:
        return ""
    if rule is None:
        return _("Complete the rule to see what it would cost.")
    return rule_cost_text(Rule.model_validate(rule), desk.program)


def _sentence(rule: dict | None, desk: Desk) -> str:
    """The rule in words; nothing for one that is only begun."""
    if not rule or "award" not in rule:
        return ""
    return rule_in_full(Rule.model_validate(rule), desk.program, verb_label)
