"""Levels and seasons, each edited as one list."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.ladders import LevelFormSet, LineFormSet, SeasonFormSet
from badges.program.schema import Program
from badges.program.sentences import rule_name
from badges.services.programs import open_desk
from badges.views.program.pages import keep, manages_program, page, published_codes
from portal.activity.registry import verb_label
from portal.ui.requests import MemberRequest


@manages_program
def level_list(request: MemberRequest) -> HttpResponse:
    intro = _("A member reaches a level with experience, which cannot be spent and never falls.")
    return _list(request, "levels", LevelFormSet, title=_("Levels"), icon="order", intro=intro)


@manages_program
def season_list(request: MemberRequest) -> HttpResponse:
    intro = _("A season is a time with a leaderboard of its own.")
    return _list(
        request, "seasons", SeasonFormSet, title=_("Seasons"), icon="calendar-alt", intro=intro
    )


def _list(
    request: MemberRequest, kind: str, formset_class: type[LineFormSet], **shown: Any
) -> HttpResponse:
    desk = open_desk()
    posted = request.POST if request.method == "POST" else None
    initial = [formset_class.form.initial_of(part) for part in desk.document.get(kind, [])]
    lines = formset_class(posted, initial=initial, prefix=kind, published=published_codes(kind))
    problems: list[str] = []

    def tell(found):
        problems.extend(f"{place}: {message}" if place else message for place, message in found)

    if posted is not None and lines.is_valid():
        parts = _ordered(lines)
        problems += _hindrances(kind, parts, desk.program)
        if not problems and keep(request, {**desk.document, kind: parts}, tell):
            return redirect("programme:overview")
    return page(
        request,
        "line_form.html",
        lines=lines,
        problems=problems,
        mark=desk.mark,
        media=lines.media,
        **shown,
    )


def _ordered(lines: LineFormSet) -> list[dict]:
    parts = lines.to_parts()
    return sorted(
        parts, key=lambda part: part["starts_on"] if "starts_on" in part else part["experience"]
    )


def _hindrances(kind: str, parts: list[dict], program: Program) -> Iterator[str]:
    """Levels that rules ask for cannot go."""
    if kind != "levels":
        return
    codes = {part["code"] for part in parts}
    for rule in program.rules:
        member = rule.when.member if rule.when else None
        if member and set(member.level or []) - codes:
            text = _("The rule “%(rule)s” asks for a level that you remove.")
            yield text % {"rule": rule_name(rule, verb_label)}
