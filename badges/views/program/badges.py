from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from badges.forms.badges import ICONS, BadgeForm, CriterionFormSet
from badges.program import guided
from badges.program.details import badge_in_full, tier_name
from badges.program.schema import Badge, Program
from badges.program.sentences import criterion_text, description_of, name_of
from badges.services.programs import Desk, open_desk
from badges.views.program.pages import manages_program, page, published_codes
from badges.views.program.parts import BADGES, delete_part, keep_part, open_part
from portal.activity.registry import verb_label
from portal.ui.art import COLOURS, SHAPES, TIERS, badge_layers
from portal.ui.drawing import badge_drawing, paint, png_bytes
from portal.ui.requests import MemberRequest

PREVIEW_SIZE = 256
LOOK = {"tier": "bronze", "shape": "circle", "icon": "star", "colour": "teal"}


@manages_program
def badge_list(request: MemberRequest) -> HttpResponse:
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
    return page(request, "badge_list.html", title=_("Badges"), icon=BADGES.icon, rows=rows)


@manages_program
def badge_add(request: MemberRequest) -> HttpResponse:
    return _badge_form(request, open_desk(), None, title=_("New badge"))


@manages_program
def badge_edit(request: MemberRequest, code: str) -> HttpResponse:
    desk, current = open_part(request, BADGES, code)
    return _badge_form(request, desk, current, title=_("Badge %s") % code)


@manages_program
def badge_delete(request: MemberRequest, code: str) -> HttpResponse:
    desk = open_desk()
    badge = desk.program.badges_by_code.get(code)
    if badge is None:
        raise Http404
    needed = _needed_by(code, desk.program)
    return delete_part(
        request,
        BADGES,
        desk,
        code,
        title=_("Remove badge %s") % code,
        sentence=badge_in_full(badge, desk.program, verb_label),
        note=_("It is no longer given when you publish. Members who hold it keep it."),
        hindrance=needed and _("Other badges ask for it: %(names)s.") % {"names": needed},
    )


@manages_program
def badge_picture(request: MemberRequest) -> HttpResponse:
    """The badge of the form as the file that is shared; what is not known is drawn as usual."""
    known = {"tier": TIERS, "shape": SHAPES, "colour": COLOURS, "icon": ICONS}
    asked = {name: request.GET.get(name, "") for name in known}
    look = {name: value for name, value in asked.items() if value in known[name]}
    layers = badge_drawing(**{**LOOK, **look})
    picture = png_bytes(paint(layers, PREVIEW_SIZE))
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "max-age=60"})


def _needed_by(code: str, program: Program) -> str:
    needing = [b for b in program.badges if any(c.badge == code for c in b.criterion.walk())]
    return ", ".join(name_of(badge) for badge in needing)


def _badge_form(
    request: MemberRequest, desk: Desk, current: dict | None, *, title: str
) -> HttpResponse:
    code = current["code"] if current else ""
    posted = request.POST if request.method == "POST" else None
    form = _form(posted, desk, current, code)
    kept = _kept_criterion(current)
    lines: Any = None if kept else _lines(posted, desk, current, code)
    badge = current if current and "criterion" in current else None
    if posted is not None and all([form.is_valid(), kept or lines.is_valid()]):
        badge = form.to_badge(kept or lines.to_criterion(form.cleaned_data["glue"]))
        if _saved(request, desk, badge, code, form):
            return redirect(BADGES.list_url)
    shown = {"form": form, "lines": lines, "mark": desk.mark, "media": form.media}
    return page(
        request,
        "badge_form.html",
        title=title,
        trail=BADGES.trail,
        icon=BADGES.icon,
        badge=_checked(badge),
        sentence=_sentence(badge, desk.program),
        is_preview="preview" in request.POST,
        shapes={shape: badge_layers(shape) for shape in SHAPES},
        **shown,
    )


def _form(posted: QueryDict | None, desk: Desk, current: dict | None, code: str) -> BadgeForm:
    return BadgeForm(
        posted,
        program=desk.program,
        parts=BADGES.parts(desk.document),
        current=current,
        is_published=code in published_codes("badges"),
    )


def _saved(request: MemberRequest, desk: Desk, badge: dict, code: str, form: BadgeForm) -> bool:
    checked = _checked(badge)
    if checked and badge["repeatable"] and not checked.criterion.is_per_object:
        form.add_error("repeatable", _("No criterion here is “for one and the same thing”."))
        return False
    return keep_part(request, BADGES, desk, badge, code, form)


def _kept_criterion(current: dict | None) -> dict | None:
    """The criterion, where it is richer than the lines of the form."""
    criterion = (current or {}).get("criterion")
    return criterion if criterion and guided.to_lines(criterion) is None else None


def _lines(
    posted: QueryDict | None, desk: Desk, current: dict | None, code: str
) -> CriterionFormSet:
    return CriterionFormSet(
        posted,
        initial=CriterionFormSet.initial_of(current or {}),
        prefix="lines",
        form_kwargs={"program": desk.program, "code": code},
    )


def _checked(badge: dict | None) -> Badge | None:
    return Badge.model_validate({**badge, "repeatable": False}) if badge else None


def _sentence(badge: dict | None, program: Program) -> str:
    checked = _checked(badge)
    return criterion_text(checked.criterion, program, verb_label) if checked else ""
