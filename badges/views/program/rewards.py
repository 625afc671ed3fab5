"""Rewards in the CMS: set up, changed, archived, and their pools filled."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from badges.forms.rewards import CodesForm, RewardForm
from badges.models import ProgramVersion, Reward
from badges.services.fulfilling import MANAGE
from badges.services.labels import amount_text
from badges.services.rewards import Added, add_codes, change_reward, create_reward
from badges.views.program.pages import page
from portal.ui.requests import MemberRequest
from portal.ui.staff import permitted

manages_rewards = permitted(MANAGE)


def _trail():
    return [(_("Rewards"), "programme:reward_list")]


@manages_rewards
def reward_list(request: HttpRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    rewards = Reward.objects.with_free_codes().order_by("is_archived", "price", "pk")
    rows = [
        {"reward": reward, "price": amount_text(reward.price, reward.currency, program)}
        for reward in rewards
    ]
    return page(request, "reward_list.html", title=_("Rewards"), icon="tag", rows=rows)


@manages_rewards
def reward_add(request: MemberRequest) -> HttpResponse:
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        reward = _kept(form, lambda fields: create_reward(by=request.user, **fields))
        if reward and reward.has_codes:
            messages.success(request, _("Kept. Now fill its pool with codes."))
            return redirect("programme:reward_codes", reward.pk)
        if reward:
            messages.success(request, _("The reward is kept."))
            return redirect("programme:reward_list")
    return _form_page(request, form, _("New reward"))


@manages_rewards
def reward_edit(request: MemberRequest, pk: int) -> HttpResponse:
    reward = get_object_or_404(Reward, pk=pk)
    form = _form(request, get_object_or_404(Reward, pk=pk))
    is_fine = request.method == "POST" and form.is_valid()
    if is_fine and _kept(form, lambda kept: change_reward(reward=reward, by=request.user, **kept)):
        messages.success(request, _("The reward is kept."))
        return redirect("programme:reward_list")
    return _form_page(request, form, reward.name)


@manages_rewards
def reward_codes(request: MemberRequest, pk: int) -> HttpResponse:
    pools = Reward.objects.filter(fulfilment=Reward.Fulfilment.CODES).with_free_codes()
    reward = get_object_or_404(pools, pk=pk)
    form = CodesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_codes(reward=reward, text=form.cleaned_data["text"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _added_text(added))
            return redirect("programme:reward_codes", pk)
    title = _("Codes of “%(reward)s”") % {"reward": reward.name}
    return page(
        request,
        "reward_codes.html",
        title=title,
        trail=_trail(),
        icon="key",
        form=form,
        reward=reward,
        total=reward.codes.count(),
    )


def _form(request: HttpRequest, reward: Reward | None) -> RewardForm:
    _pk, program = ProgramVersion.objects.current()
    return RewardForm(request.POST or None, instance=reward, program=program)


def _kept(form: RewardForm, keep: Callable[[dict], Reward]) -> Reward | None:
    """Run a service on what the form holds; what it refuses stands beside the field."""
    try:
        return keep(form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _form_page(request: HttpRequest, form: RewardForm, title: str) -> HttpResponse:
    shown = {"form": form, "media": form.media}
    return page(request, "reward_form.html", title=title, trail=_trail(), icon="tag", **shown)


def _added_text(added: Added) -> str:
    parts = [ngettext("%(n)s new code.", "%(n)s new codes.", added.new) % {"n": added.new}]
    if added.known:
        text = ngettext("%(n)s was known.", "%(n)s were known.", added.known)
        parts.append(text % {"n": added.known})
    if added.refused:
        text = ngettext("%(n)s is too long.", "%(n)s are too long.", added.refused)
        parts.append(text % {"n": added.refused})
    return " ".join(parts)
