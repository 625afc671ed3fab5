from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.badges import BadgeForm, CriterionFormSet
from badges.program import guided
from badges.program.details import badge_in_full, tier_name
from badges.program.schema import Badge, Program
from badges.program.sentences import criterion_text, description_of, name_of
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
from portal.ui.art import SHAPES, badge_layers


def _trail():
    return [(_("Badges"), "programme:badge_list")]


@manages_program
def badge_list(request: HttpRequest) -> HttpResponse:
    program = open_desk().program
    published = published_codes("badges")
    rows = [
        {
            "badge": badge,
            "name": name_of(badge),
            "tier": tier_name(badge.tier),
            "description": description_of(badge),
            "criterion": criterion_text(badge.criterion, program, verb_label),
            "is_new": badge.code not in published,
        }
        for badge in program.badges
    ]
    return page(request, "badge_list.html", title=_("Badges"), icon="success", rows=rows)


@manages_program
def badge_add(request: HttpRequest) -> HttpResponse:
    return _badge_form(request, open_desk(), None, title=_("New badge"))


@manages_program
def badge_edit(request: HttpRequest, code: str) -> HttpResponse:
    desk = open_desk()
    current = part_of(desk.document, "badges", code)
    if current is None and request.method != "POST":
        raise Http404
    return _badge_form(request, desk, current or {"code": code}, title=_("Badge %s") % code)


@manages_program
def badge_delete(request: HttpRequest, code: str) -> HttpResponse:
    desk = open_desk()
    badge = desk.program.badges_by_code.get(code)
    if badge is None:
        raise Http404
    needed = _needed_by(code, desk.program)
    if request.method == "POST" and not needed:
        document = with_part(desk.document, "badges", None, replaces=code)
        if keep(request, document, tell_on(request)):
            return redirect("programme:badge_list")
        return redirect("programme:badge_delete", code)
    return page(
        request,
        "part_delete.html",
        title=_("Remove badge %s") % code,
        trail=_trail(),
        icon="bin",
        mark=desk.mark,
        sentence=badge_in_full(badge, desk.program, verb_label),
        note=_("It is no longer given when you publish. Members who hold it keep it."),
        hindrance=needed and _("Other badges ask for it: %(names)s.") % {"names": needed},
        back="programme:badge_list",
    )


def _needed_by(code: str, program: Program) -> str:
    needing = [b for b in program.badges if any(c.badge == code for c in b.criterion.walk())]
    return ", ".join(name_of(badge) for badge in needing)


def _badge_form(
    request: HttpRequest, desk: Desk, current: dict | None, *, title: str
) -> HttpResponse:
    code = current["code"] if current else ""
    posted = request.POST if request.method == "POST" else None
    form = BadgeForm(
        posted,
        program=desk.program,
        parts=desk.document.get("badges", []),
        current=current,
        is_published=code in published_codes("badges"),
    )
    kept = _kept_criterion(current)
    lines = None if kept else _lines(posted, desk, current, code)
    badge = current if current and "criterion" in current else None
    if posted is not None and all([form.is_valid(), kept or lines.is_valid()]):
        criterion = kept or lines.to_criterion(form.cleaned_data["glue"])
        badge = form.to_badge(criterion)
        if _saved(request, desk, badge, code, form):
            return redirect("programme:badge_list")
    context = {"form": form, "lines": lines, "media": form.media}
    return _badge_page(request, desk, badge, title=title, **context)


def _badge_page(
    request: HttpRequest, desk: Desk, badge: dict | None, **context: object
) -> HttpResponse:
    return page(
        request,
        "badge_form.html",
        trail=_trail(),
        icon="success",
        mark=desk.mark,
        badge=_checked(badge),
        sentence=_sentence(badge, desk.program),
        is_preview="preview" in request.POST,
        shapes={shape: badge_layers(shape) for shape in SHAPES},
        **context,
    )


def _saved(request: HttpRequest, desk: Desk, badge: dict, code: str, form: BadgeForm) -> bool:
    if badge["repeatable"] and not _checked({**badge, "repeatable": False}).criterion.is_per_object:
        form.add_error("repeatable", _("No criterion here is “for one and the same thing”."))
        return False
    if "preview" in request.POST:
        return False
    return keep(
        request, with_part(desk.document, "badges", badge, replaces=code), form.add_problems
    )


def _kept_criterion(current: dict | None) -> dict | None:
    """The criterion, where it is richer than the lines of the form."""
    criterion = (current or {}).get("criterion")
    return criterion if criterion and guided.to_lines(criterion) is None else None


def _lines(posted, desk: Desk, current: dict | None, code: str) -> CriterionFormSet:
    return CriterionFormSet(
        posted,
        initial=CriterionFormSet.initial_of(current or {}),
        prefix="lines",
        form_kwargs={"program": desk.program, "code": code},
    )


def _checked(badge: dict | None) -> Badge | None:
    return Badge.model_validate({**badge, "repeatable": False}) if badge else None


def _sentence(badge: dict | None, program: Program) -> str:
    return criterion_text(_checked(badge).criterion, program, verb_label) if badge else ""
