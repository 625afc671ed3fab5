from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.rules import LimitFormSet, RuleForm
from badges.program.details import rule_details, rule_in_full
from badges.program.schema import Rule
from badges.program.sentences import rule_name, rule_sentence
from badges.services.programs import Desk, open_desk
from badges.views.program.pages import (
    keep,
    manages_program,
    page,
    part_of,
    published_codes,
    tell_on,
    with_part,
)
from portal.activity.registry import verb_label


def _trail():
    return [(_("Rules"), "programme:rule_list")]


@manages_program
def rule_list(request: HttpRequest) -> HttpResponse:
    program = open_desk().program
    published = published_codes("rules")
    rows = [
        {
            "code": rule.code,
            "name": rule_name(rule, verb_label),
            "sentence": rule_sentence(rule, program, verb_label),
            "details": rule_details(rule, program),
            "is_new": rule.code not in published,
        }
        for rule in program.rules
    ]
    return page(request, "rule_list.html", title=_("Rules"), icon="list-ul", rows=rows)


@manages_program
def rule_add(request: HttpRequest) -> HttpResponse:
    return _rule_form(request, open_desk(), None, title=_("New rule"))


@manages_program
def rule_edit(request: HttpRequest, code: str) -> HttpResponse:
    desk = open_desk()
    current = part_of(desk.document, "rules", code)
    if current is None and request.method != "POST":
        raise Http404
    return _rule_form(request, desk, current or {"code": code}, title=_("Rule %s") % code)


@manages_program
def rule_delete(request: HttpRequest, code: str) -> HttpResponse:
    desk = open_desk()
    current = part_of(desk.document, "rules", code)
    if current is None:
        raise Http404
    if request.method == "POST":
        document = with_part(desk.document, "rules", None, replaces=code)
        if keep(request, document, tell_on(request)):
            return redirect("programme:rule_list")
        return redirect("programme:rule_delete", code)
    rule = desk.program.rules_by_code[code]
    return page(
        request,
        "part_delete.html",
        title=_("Remove rule %s") % code,
        trail=_trail(),
        icon="bin",
        mark=desk.mark,
        sentence=rule_in_full(rule, desk.program, verb_label),
        note=_("It stops earning when you publish. What it has paid stays."),
        back="programme:rule_list",
    )


def _rule_form(request: HttpRequest, desk: Desk, current: dict | None, title: str) -> HttpResponse:
    code = current["code"] if current else ""
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(
        posted,
        program=desk.program,
        parts=desk.document.get("rules", []),
        current=current,
        is_published=code in published_codes("rules"),
    )
    limits = LimitFormSet(posted, initial=LimitFormSet.initial_of(current or {}), prefix="limits")
    rule = current if current and "award" in current else None
    if posted is not None and all([form.is_valid(), limits.is_valid()]):
        rule = form.to_rule(limits.to_limits())
        document = with_part(desk.document, "rules", rule, replaces=code)
        if "preview" not in posted and keep(request, document, form.add_problems):
            return redirect("programme:rule_list")
    fields = {"form": form, "limits": limits, "media": form.media + limits.media}
    return page(
        request,
        "rule_form.html",
        title=title,
        trail=_trail(),
        icon="list-ul",
        sentence=_sentence(rule, desk),
        is_preview="preview" in request.POST,
        mark=desk.mark,
        **fields,
    )


def _sentence(rule: dict | None, desk: Desk) -> str:
    return rule_in_full(Rule.model_validate(rule), desk.program, verb_label) if rule else ""
