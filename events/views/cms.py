"""Events and contests in the CMS: who registered, who came, which entries wait."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from events.forms import RefusalForm
from events.models import Contest, ContestPage, Entry, EventPage, Occasion, Registration
from events.rules import JUDGE, MANAGE
from events.services.contests import approve_entry, close_contest, refuse_entry
from events.services.exports import registration_rows
from events.services.links import links_for_staff
from events.services.registrations import mark_attended
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.sheets import XLSX, to_csv, to_xlsx
from portal.ui.staff import demand, page_head, permitted

PAGE_SIZE = 50


@require_GET
def occasion_list(request: MemberRequest) -> HttpResponse:
    """All events, the coming ones first, each with its seats."""
    demand(request, MANAGE)
    rows = Occasion.objects.order_by("-starts_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    links = links_for_staff(EventPage, [str(occasion.key) for occasion in page])
    lines = [(occasion, links.get(str(occasion.key))) for occasion in page]
    context = {"page": page, "lines": lines} | page_head(_("Registrations"), "calendar-alt")
    return render(request, "events/cms/occasion_list.html", context)


@require_GET
def registration_list(request: MemberRequest, key: UUID) -> HttpResponse:
    demand(request, MANAGE)
    occasion = get_object_or_404(Occasion, key=key)
    rows = Registration.objects.for_export(occasion)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    link = links_for_staff(EventPage, [str(key)]).get(str(key))
    trail = [(reverse("events_cms_occasions"), _("Registrations"))]
    head = page_head(link.title if link else _("Unpublished event"), "calendar-alt", trail)
    context = {"page": page, "occasion": occasion, "link": link}
    return render(request, "events/cms/registration_list.html", context | head)


@require_GET
def registration_export(request: MemberRequest, key: UUID, form: str) -> HttpResponse:
    demand(request, MANAGE)
    rows = registration_rows(occasion=get_object_or_404(Occasion, key=key))
    if form == "xlsx":
        content, kind = to_xlsx(rows, title=_("Registrations")), XLSX
    else:
        content, kind = to_csv(rows), "text/csv"
    headers = {"Content-Disposition": f'attachment; filename="registrations.{form}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_POST
@permitted(MANAGE)
def registration_attend(request: MemberRequest, pk: int) -> HttpResponse:
    """Note that a member came, or take it back."""
    rows = Registration.objects.select_related("occasion", "member")
    registration = get_object_or_404(rows, pk=pk)
    has_attended = request.POST.get("attended") == "yes"
    with refusals_said(request):
        mark_attended(registration=registration, staff=request.user, has_attended=has_attended)
    return redirect("events_cms_registrations", registration.occasion.key)


@require_GET
def entry_queue(request: MemberRequest) -> HttpResponse:
    """Entries by state; those that wait come first to mind."""
    demand(request, JUDGE)
    wish = request.GET.get("state", "")
    state = wish if wish in Entry.State.values else Entry.State.WAITING
    page = Paginator(Entry.objects.for_queue(state), PAGE_SIZE).get_page(request.GET.get("p"))
    links = links_for_staff(ContestPage, {str(entry.contest.key) for entry in page})
    lines = [(entry, links.get(str(entry.contest.key))) for entry in page]
    context = {"page": page, "lines": lines, "state": state, "states": Entry.State.choices}
    context |= page_head(_("Contest entries"), "image")
    return render(request, "events/cms/entry_queue.html", context)


@require_POST
@permitted(JUDGE)
def entry_judge(request: MemberRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.select_related("contest", "member"), pk=pk)
    came_from = entry.state
    if request.POST.get("decision") == "approve":
        with refusals_said(request):
            approve_entry(entry=entry, staff=request.user)
            messages.success(request, _("The entry is in the contest."))
    else:
        form = RefusalForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        with refusals_said(request):
            refuse_entry(entry=entry, staff=request.user, reason=reason)
            messages.success(request, _("The entry is refused, and its author knows why."))
    return redirect(f"{reverse('events_cms_entries')}?state={came_from}")


@require_GET
def contest_list(request: MemberRequest) -> HttpResponse:
    """All contests with their phase; those that are over can be closed by hand."""
    demand(request, JUDGE)
    contests = list(Contest.objects.order_by("-ends_at", "-pk")[:PAGE_SIZE])
    links = links_for_staff(ContestPage, [str(contest.key) for contest in contests])
    now = timezone.now()
    lines = [
        (contest, links.get(str(contest.key)), Contest.Phase(contest.phase(now)))
        for contest in contests
    ]
    context = {"lines": lines} | page_head(_("Contests"), "pick")
    return render(request, "events/cms/contest_list.html", context)


@require_POST
@permitted(JUDGE)
def contest_close(request: MemberRequest, key: UUID) -> HttpResponse:
    contest = get_object_or_404(Contest, key=key)
    with refusals_said(request):
        close_contest(contest=contest, staff=request.user)
        messages.success(request, _("The contest is decided, and everybody who entered is told."))
    return redirect("events_cms_contests")
