"""Rewards on the site: what points buy, buying it, and taking it back."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from badges.forms.rewards import RedeemForm
from badges.models import Redemption, Reward
from badges.services.fulfilling import show_code
from badges.services.labels import unit_of
from badges.services.offers import Means, Offer, means_of, offer_of, offers_for
from badges.services.redeeming import cancel_redemption, redeem
from portal.accounts.presence import note_presence
from portal.ui.limits import rate_limited
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.routes import MEMBERS, asks

MINE = 20
# Value moves here: where nobody can count, nobody redeems.
limited = rate_limited("rewards", "20/m", "200/d", open_on_failure=False)


@require_GET
def reward_list(request: HttpRequest) -> HttpResponse:
    means = means_of(request.user)
    offers = offers_for(request.user, means, timezone.now())
    near = [offer for offer in offers if offer.is_within_reach]
    far = [offer for offer in offers if not offer.is_within_reach]
    context = {"near": near, "far": far, "redemptions": _mine(request, means)}
    context["needs_address"] = means.needs_address
    return render(request, "badges/reward_list.html", context)


@require_GET
def reward_detail(request: HttpRequest, pk: int) -> HttpResponse:
    means = means_of(request.user)
    offer = _offer(request, pk, means)
    redemptions = _mine(request, means, reward=pk)
    context = {"offer": offer, "reward": offer.reward, "redemptions": redemptions}
    return render(request, "badges/reward_detail.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@limited
@asks(MEMBERS)
def reward_redeem(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask once more, with price and balance, then redeem."""
    offer = _offer(request, pk, means_of(request.user))
    form = RedeemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_said(request):
            redeem(reward=offer.reward, member=request.user, price=said["price"], key=said["key"])
            note_presence(request, request.user)
            text = _("%(reward)s is yours. Enjoy it!")
            messages.success(request, text % {"reward": offer.reward.name})
            return redirect("badges:reward_detail", pk)
        return redirect("badges:reward_redeem", pk)
    context = {"offer": offer, "reward": offer.reward, "key": uuid4()}
    return render(request, "badges/reward_redeem.html", context)


@require_POST
@login_required
@limited
@asks(MEMBERS)
def redemption_cancel(request: MemberRequest, pk: int) -> HttpResponse:
    redemption = get_object_or_404(Redemption.objects.for_member(request.user), pk=pk)
    with refusals_said(request):
        cancel_redemption(redemption=redemption, member=request.user)
        messages.success(request, _("Taken back: your points are yours again."))
    return redirect("badges:reward_detail", redemption.reward_id)


@require_POST
@login_required
@limited
@asks(MEMBERS)
def redemption_code(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the code kept for a redemption; that ends the time for taking it back."""
    redemption = get_object_or_404(Redemption.objects.for_member(request.user), pk=pk)
    with refusals_said(request):
        show_code(redemption=redemption, member=request.user)
    return redirect("badges:reward_detail", redemption.reward_id)


def _offer(request: HttpRequest, pk: int, means: Means) -> Offer:
    now, member = timezone.now(), request.user
    rewards = Reward.objects.visible_to(member, now).with_free_codes().with_used(member)
    reward = get_object_or_404(rewards.select_related("picture"), pk=pk)
    return offer_of(reward, means, now)


def _mine(request: HttpRequest, means: Means, **only: int) -> list[Redemption]:
    """The member's own redemptions with what a row shows besides: seconds left, currency."""
    if not request.user.is_authenticated:
        return []
    now = timezone.now()
    rows = list(Redemption.objects.for_member(request.user).filter(**only)[:MINE])
    for row in rows:
        row.undo_seconds = row.seconds_left(now)
        row.unit = unit_of(row.currency, means.program)
    return rows
