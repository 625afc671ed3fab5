"""Sharing an award: the holder's own pages, and the page that everybody may open by its address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from badges.forms.credentials import ShareForm
from badges.models import BadgeAward, Credential
from badges.models.owners import MEMBER
from badges.services.credentials.checking import verdict_on
from badges.services.credentials.documents import badge_of, whole_address
from badges.services.credentials.issuing import (
    issue_credential,
    proven_email,
    withdraw_credential,
)
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest, PortalRequest
from portal.ui.routes import MEMBERS, asks


@login_required
@rate_limited("badges:share", "60/h")
@asks(MEMBERS)
def award_share(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what would be shared; only the holder's own click makes the credential."""
    awards = BadgeAward.objects.of(request.user).filter(revoked_at=None)
    award = get_object_or_404(awards, pk=pk)
    if shared := award.credentials.standing().first():
        return redirect("badges:credential_detail", shared.token)
    email = proven_email(request.user)
    form = ShareForm(request.POST or None, member=request.user, email=email)
    if request.method == "POST" and form.is_valid():
        try:
            credential = issue_credential(award=award, member=request.user, **form.choices_made())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your badge has an address of its own now."))
            return redirect("badges:credential_detail", credential.token)
    found = badge_of(award)
    context = {"award": award, "badge": found and found[0], "form": form, "email": email}
    return render(request, "badges/award_share.html", context)


@require_GET
def credential_detail(request: PortalRequest, token: str) -> HttpResponse:
    credential = get_object_or_404(Credential.objects.for_page(), token=token)
    if credential.withdrawn_at:
        return _unindexed(render(request, "badges/credential_gone.html", status=410))
    found = badge_of(credential.award)
    award = credential.award
    context = {
        "credential": credential,
        "verdict": verdict_on(credential),
        "badge": found and found[0],
        "is_mine": (award.owner_type, award.owner_id) == (MEMBER, request.user.pk),
        "address": whole_address("badges:credential_detail", token),
        "card": whole_address("credentials:card", token),
    }
    return _unindexed(render(request, "badges/credential_detail.html", context))


@require_POST
@login_required
@rate_limited("badges:share", "60/h")
@asks(MEMBERS)
def credential_withdraw(request: MemberRequest, token: str) -> HttpResponse:
    credential = get_object_or_404(Credential.objects.of(request.user), token=token)
    withdraw_credential(credential=credential)
    messages.success(request, _("Your badge is no longer shared."))
    return redirect("badges:badge_list")


def _unindexed(response: HttpResponse) -> HttpResponse:
    """For whoever was given the address, not for search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response
