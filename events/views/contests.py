from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events.forms import EntryForm
from events.models import Contest, ContestPage, Entry, EntryVote
from events.services.contests import enter_contest, vote_for_entry, withdraw_entry
from events.views.answers import log_in_first, page_or_404
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest, PortalRequest
from portal.ui.routes import asks


@login_required
@require_http_methods(["GET", "POST"])
@rate_limited("events.enter", "10/m", "60/d")
@asks("events.enter_contest")
def contest_enter(request: MemberRequest, key: UUID) -> HttpResponse:
    """The form of the member's entry: new, waiting or refused ones can be sent and changed."""
    page, contest = page_or_404(request, ContestPage, key), get_object_or_404(Contest, key=key)
    entry = contest.entries.filter(member=request.user).first()
    if contest.phase() != Contest.Phase.ENTRIES or (entry and entry.is_approved):
        messages.info(request, _entering_is_over(contest, entry))
        return redirect(page.get_url())
    is_sent = request.method == "POST"
    initial = {"title": entry.title, "text": entry.text} if entry else None
    form = EntryForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial=initial,
        contest=contest,
        has_picture=bool(entry),
    )
    if is_sent and form.is_valid() and _has_entered(request, contest, form):
        messages.success(request, _("Your entry is in. We look at it and tell you."))
        return redirect(page.get_url())
    context = {"page": page, "contest": contest, "form": form, "entry": entry}
    return render(request, "events/entry_form.html", context)


@require_GET
def entry_detail(request: PortalRequest, key: UUID, pk: int) -> HttpResponse:
    page, entry = page_or_404(request, ContestPage, key), _entry_or_404(request, key, pk)
    return render(request, "events/entry_detail.html", {"page": page} | _state(request, entry))


@require_POST
@rate_limited("events.vote", "60/m", "1000/d")
@asks("events.vote_entry")
def entry_vote(request: PortalRequest, key: UUID, pk: int) -> HttpResponse:
    entry = _entry_or_404(request, key, pk)
    if not request.user.is_authenticated:
        return log_in_first(request, entry.get_absolute_url())
    error = ""
    try:
        vote_for_entry(entry=entry, member=request.user)
    except ValidationError as problem:
        error = problem.messages[0]
    if request.htmx:
        context = _state(request, entry) | {"error": error}
        return render(request, "events/entry_detail.html#vote", context)
    if error:
        messages.error(request, error)
    return redirect(entry)


@require_POST
@rate_limited("events.enter", "10/m", "60/d")
@asks("events.withdraw_entry")
def entry_withdraw(request: PortalRequest, key: UUID, pk: int) -> HttpResponse:
    page, entry = page_or_404(request, ContestPage, key), _entry_or_404(request, key, pk)
    if not request.user.is_authenticated:
        return log_in_first(request, entry.get_absolute_url())
    try:
        withdraw_entry(entry=entry, member=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(entry)
    messages.success(request, _("Your entry is withdrawn. You can enter again."))
    return redirect(page.get_url())


def _entry_or_404(request: PortalRequest, key: UUID, pk: int) -> Entry:
    entries = Entry.objects.visible_to(request.user).filter(contest__key=key)
    return get_object_or_404(entries.select_related("contest", "member"), pk=pk)


def _state(request: PortalRequest, entry: Entry) -> dict:
    """What the vote button and the page around it show to this member."""
    votes = EntryVote.objects.filter(entry=entry, member_id=request.user.pk or 0)
    return {
        "entry": entry,
        "contest": entry.contest,
        "phase": entry.contest.phase(),
        "is_mine": entry.member_id == request.user.pk,
        "is_voted": votes.exists() if request.user.is_authenticated else False,
    }


def _has_entered(request: MemberRequest, contest: Contest, form: EntryForm) -> bool:
    try:
        enter_contest(
            contest=contest,
            member=request.user,
            language=get_language() or "",
            **form.cleaned_data,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _entering_is_over(contest: Contest, entry: Entry | None) -> str:
    if entry and entry.is_approved:
        return _("Your entry is already in the contest.")
    if contest.phase() == Contest.Phase.BEFORE:
        return _("Entries are not open yet.")
    return _("Entries are closed.")
