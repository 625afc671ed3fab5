"""Publishing, discarding, and the history of what was published."""

from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from badges.forms.publishing import PublishBadgesForm, PublishForm
from badges.models import ProgramVersion
from badges.program.details import badge_in_full, level_in_full, rule_in_full, season_in_full
from badges.program.differences import differences
from badges.program.problems import ProgramError
from badges.program.schema import EMPTY_PROGRAM, Program
from badges.services.backfilling import new_badges, preview, publish_and_give
from badges.services.programs import (
    DraftConflictError,
    discard_draft,
    keep_draft,
    open_desk,
)
from badges.views.program.pages import manages_program, page, tell_on
from portal.activity.registry import verb_label
from portal.ui.requests import MemberRequest

PER_PAGE = 20


def _trail():
    return [(_("History"), "programme:version_list")]


@manages_program
def draft_publish(request: MemberRequest) -> HttpResponse:
    desk = open_desk()
    if not desk.is_draft:
        messages.warning(request, _("There is no draft to publish."))
        return redirect("programme:overview")
    _pk, program = ProgramVersion.objects.current()
    kind = PublishBadgesForm if new_badges(program, desk.program) else PublishForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid() and _published(request, form):
        return redirect("programme:overview")
    return page(
        request,
        "draft_publish.html",
        title=_("Publish the draft"),
        icon="upload",
        form=form,
        mark=desk.mark,
        changes=differences(program, desk.program, verb_label),
        due=preview(former=program, program=desk.program),
    )


@manages_program
def draft_discard(request: MemberRequest) -> HttpResponse:
    desk = open_desk()
    if not desk.is_draft:
        return redirect("programme:overview")
    if request.method == "POST":
        try:
            discard_draft(mark=request.POST.get("mark", ""), by=request.user)
        except DraftConflictError:
            messages.error(request, _("Somebody else has changed the draft since. Look again."))
            return redirect("programme:draft_discard")
        messages.success(request, _("The draft is gone. What was in force still is."))
        return redirect("programme:overview")
    _pk, program = ProgramVersion.objects.current()
    changes = differences(program, desk.program, verb_label)
    title = _("Discard the draft")
    return page(
        request, "draft_discard.html", title=title, icon="bin", mark=desk.mark, changes=changes
    )


@manages_program
def version_list(request: HttpRequest) -> HttpResponse:
    versions = ProgramVersion.objects.exclude(number=None).select_related("published_by")
    rows = Paginator(versions.order_by("-number"), PER_PAGE).get_page(request.GET.get("p"))
    older = (
        versions.filter(number__lt=rows[-1].number).order_by("-number").first() if rows else None
    )
    shown: list[ProgramVersion | None] = [*rows, older]
    lines = [
        {"version": version, "changes": _changes(former, version)}
        for version, former in pairwise(shown)
        if version
    ]
    return page(
        request,
        "version_list.html",
        title=_("History"),
        icon="history",
        lines=lines,
        versions=rows,
    )


@manages_program
def version_detail(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(ProgramVersion, number=number)
    program = Program.model_validate(version.document)
    parts = [
        (_("Rules"), [rule_in_full(rule, program, verb_label) for rule in program.rules]),
        (_("Badges"), [badge_in_full(badge, program, verb_label) for badge in program.badges]),
        (_("Levels"), [level_in_full(level) for level in program.levels_upwards]),
        (_("Seasons"), [season_in_full(season) for season in program.seasons]),
    ]
    return page(
        request,
        "version_detail.html",
        title=_("Version %(n)s") % {"n": number},
        trail=_trail(),
        icon="history",
        version=version,
        parts=parts,
        mark=open_desk().mark,
    )


@manages_program
@require_POST
def version_use(request: MemberRequest, number: int) -> HttpResponse:
    version = get_object_or_404(ProgramVersion, number=number)
    try:
        mark = request.POST.get("mark", "")
        keep_draft(document=version.document, mark=mark, by=request.user)
    except DraftConflictError:
        messages.error(request, _("Somebody else has changed the draft since. Look again."))
        return redirect("programme:version_detail", number)
    except ProgramError as error:
        tell_on(request)(error.problems)
        return redirect("programme:version_detail", number)
    text = _("Version %(n)s is the draft now. It holds once you publish.")
    messages.success(request, text % {"n": number})
    return redirect("programme:overview")


def _published(request: MemberRequest, form: PublishForm) -> bool:
    try:
        version, is_new, given = publish_and_give(
            by=request.user,
            note=form.cleaned_data["note"],
            mark=request.POST.get("mark", ""),
            gives=form.cleaned_data.get("gives", False),
        )
    except DraftConflictError:
        text = _("Somebody else has changed the draft since. This is what it changes now.")
        form.add_error(None, text)
        return False
    except ProgramError as error:
        for place, message in error.problems:
            form.add_error(None, f"{place}: {message}")
        return False
    if is_new:
        text = _("Version %(n)s is in force.") % {"n": version.number}
        messages.success(request, text)
        if given:
            count = given.summary["badges"]
            text = ngettext("%(n)s badge was given.", "%(n)s badges were given.", count)
            messages.success(request, text % {"n": count})
    else:
        messages.warning(request, _("The draft changed nothing, so no version was made."))
    return True


def _before(version: ProgramVersion) -> ProgramVersion | None:
    return ProgramVersion.objects.filter(number__lt=version.number).order_by("-number").first()


def _changes(former: ProgramVersion | None, version: ProgramVersion) -> Any:
    before = former.document if former else EMPTY_PROGRAM
    old, new = Program.model_validate(before), Program.model_validate(version.document)
    return differences(old, new, verb_label)
