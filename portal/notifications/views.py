from itertools import groupby

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.notifications import mails, services
from portal.notifications.forms import PreferencesForm
from portal.notifications.live import fragment_for_page
from portal.notifications.models import Notice, Preference
from portal.notifications.registry import categories
from portal.notifications.toasts import described
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import LINK, MEMBERS, asks

PAGE = 30
NUMBER_LENGTH = 18


@require_safe
@never_cache
@login_required
def notice_list(request: MemberRequest) -> HttpResponse:
    notices = Notice.objects.for_list(request.user)
    before = _number(request.GET.get("before"))
    if before:
        notices = notices.filter(sequence__lt=before)
    rows = list(notices[: PAGE + 1])
    for notice in rows:
        notice.recipient = request.user
    days = groupby(
        described(rows[:PAGE]), key=lambda row: timezone.localtime(row[0].created_at).date()
    )
    context = {
        "days": [(day, list(group)) for day, group in days],
        "older": f"?before={rows[PAGE - 1].sequence}" if len(rows) > PAGE else "",
        "newest": request.path if before else "",
        "today": timezone.localdate(),
    }
    return render(request, "notifications/notice_list.html", context)


@require_safe
@never_cache
@login_required
def notices_live(request: MemberRequest) -> HttpResponse:
    """What a page that knows the notices up to `after` has missed."""
    after = _number(request.GET.get("after"))
    last, fragment = fragment_for_page(request, after=after)
    response = HttpResponse(fragment) if fragment else HttpResponse(status=204)
    response["X-Live-Seq"] = str(last)
    return response


@require_safe
@never_cache
@login_required
def notice_open(request: MemberRequest, sequence: int) -> HttpResponse:
    """Mark one notice as read and lead to what it is about."""
    notices = Notice.objects.for_list(request.user)
    notice = get_object_or_404(notices, sequence=sequence)
    notice.recipient = request.user
    services.mark_read(notice=notice)
    found = described([notice])
    return redirect((found and found[0][1].url) or "notifications:notice_list")


@require_POST
@login_required
@rate_limited("notices", "60/m")
@asks(MEMBERS)
def notices_read(request: MemberRequest) -> HttpResponse:
    services.mark_all_read(member=request.user)
    return redirect("notifications:notice_list")


@login_required
@rate_limited("notices", "60/m")
@asks(MEMBERS)
def preferences(request: MemberRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        for category, channel, is_wanted in form.changes():
            services.set_preference(
                member=request.user, category=category, channel=channel, is_wanted=is_wanted
            )
        messages.success(request, _("Your choice is kept."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form})


@csrf_exempt
@never_cache
@rate_limited("unsubscribe", "60/m")
@asks(LINK)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch a category's mails off, by the link's signature alone: mail programs post here too."""
    try:
        member_id, category = mails.read_token(token)
    except (signing.BadSignature, KeyError, TypeError):
        raise Http404 from None
    member = get_object_or_404(get_user_model().objects.present(), pk=member_id)
    if request.method == "POST":
        services.set_preference(
            member=member,
            category=category,
            channel=Preference.Channel.EMAIL,
            is_wanted=request.POST.get("again") == "yes",
        )
    wanted = not Preference.objects.is_unwanted(
        member=member, category=category, channel=Preference.Channel.EMAIL
    )
    context = {"category": categories().get(category, category), "is_wanted": wanted}
    context["is_changed"] = request.method == "POST"
    return render(request, "notifications/unsubscribe.html", context)


def _number(text: str | None) -> int:
    """A sequence number from an address, 0 when it is none."""
    text = text or ""
    is_number = text.isascii() and text.isdigit() and len(text) <= NUMBER_LENGTH
    return int(text) if is_number else 0
