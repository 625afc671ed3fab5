from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.views import serve as serve_page

from badges.models import ProgramVersion
from badges.services.boards import around, week_of
from badges.services.standing import badges_of, standing_of
from community.services.feed import ideas_of, latest_ideas
from events.services.agenda import challenges_of, events_of
from portal.accounts.models import FormerHandle, Member
from portal.accounts.services.steps import first_week
from portal.home.services.next_step import next_step
from portal.home.services.week import week_of_member
from portal.ui.requests import MemberRequest
from portal.ui.routes import reads


@reads
def home(request: HttpRequest) -> HttpResponse:
    return serve_page(request, "")


@login_required
@reads
def dashboard(request: MemberRequest) -> HttpResponse:
    member = request.user
    _version, program = ProgramVersion.objects.current()
    week = week_of(timezone.now(), program)
    context = {
        "standing": standing_of(member),
        "next_step": next_step(member),
        "first_week": first_week(member),
        "challenges": challenges_of(member=member),
        "events": events_of(member=member),
        "ideas": latest_ideas(limit=4),
        "week": week_of_member(member),
        "around": around(member=member, period=week),
        "hour": timezone.localtime().hour,
    }
    return render(request, "home/dashboard.html", context)


@reads
def member_detail(request: HttpRequest, handle: str) -> HttpResponse:
    former = FormerHandle.objects.filter(handle=handle).select_related("member").first()
    if former and former.member.closed_at is None:
        return redirect(former.member, permanent=True)
    member = get_object_or_404(Member.objects.present(), handle=handle)
    if not member.is_visible_to(request.user):
        return redirect_to_login(request.path)
    context = {
        "shown": member,
        "standing": standing_of(member),
        "badges": badges_of(member, limit=12),
        "ideas": ideas_of(member, limit=5),
    }
    return render(request, "home/member_detail.html", context)
