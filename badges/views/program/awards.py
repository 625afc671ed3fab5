"""Badges given to members: looked up and, with a reason, taken back."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from badges.forms.publishing import RevokeForm
from badges.models import BadgeAward, ProgramVersion
from badges.models.owners import MEMBER
from badges.program.schema import Program
from badges.program.sentences import name_of
from badges.services.revoking import revoke_badge
from badges.views.program.pages import manages_program, page
from portal.accounts.models import Member
from portal.ui.requests import MemberRequest

PER_PAGE = 50


@manages_program
def award_list(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:80]
    awards = BadgeAward.objects.filter(owner_type=MEMBER).order_by("-pk")
    if query:
        named = Q(handle=query.lstrip("@").lower()) | Q(name__icontains=query)
        awards = awards.filter(owner_id__in=Member.objects.filter(named).values("pk")[:200])
    rows = _page_of(awards, request.GET.get("p"))
    members = Member.objects.in_bulk({award.owner_id for award in rows})
    _pk, program = ProgramVersion.objects.current()
    lines = [
        {
            "award": award,
            "member": members.get(award.owner_id),
            "name": _badge_name(award, program),
        }
        for award in rows
    ]
    return page(
        request,
        "award_list.html",
        title=_("Awards"),
        icon="success",
        lines=lines,
        awards=rows,
        query=query,
    )


@manages_program
def award_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    award = get_object_or_404(BadgeAward, pk=pk, owner_type=MEMBER, revoked_at=None)
    member = get_object_or_404(Member, pk=award.owner_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke_badge(award=award, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The badge is taken back, and the member is told why."))
        return redirect("programme:award_list")
    _pk, program = ProgramVersion.objects.current()
    return page(
        request,
        "award_revoke.html",
        title=_("Take a badge back"),
        trail=[(_("Awards"), "programme:award_list")],
        icon="undo",
        form=form,
        member=member,
        name=_badge_name(award, program),
    )


def _badge_name(award: BadgeAward, program: Program) -> str:
    badge = program.badges_by_code.get(award.badge_code)
    return name_of(badge) if badge else award.badge_code


def _page_of(awards: QuerySet[BadgeAward], number: str | None) -> Any:
    return Paginator(awards, PER_PAGE).get_page(number)
