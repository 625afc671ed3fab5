from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.forms.settings import ConsentForm, PictureForm, PrivacyForm, ProfileForm
from portal.accounts.models import Consent
from portal.accounts.services.consents import set_consents, standing_codes
from portal.accounts.services.members import save_privacy
from portal.accounts.services.profiles import (
    completeness,
    remove_picture,
    save_profile,
    set_picture,
)
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import MEMBERS, asks, reads


@reads
def settings_home(request: HttpRequest) -> HttpResponse:
    return redirect("accounts:settings_profile")


@login_required
@rate_limited("profile", "30/h", "100/d")
@asks(MEMBERS)
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            member = save_profile(member=form.own, **form.changes())
        except ValidationError as error:
            form.add_error("handle", error)
        else:
            with override(member.language):
                messages.success(request, _("Your profile is saved."))
            return redirect(translate_url(request.path, member.language))
    return _profile_page(request, form, PictureForm())


@require_POST
@login_required
@rate_limited("picture", "20/h")
@asks(MEMBERS)
def picture_set(request: MemberRequest) -> HttpResponse:
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            set_picture(member=request.user, upload=form.cleaned_data["picture"])
        except ValidationError as error:
            form.add_error("picture", error)
        else:
            messages.success(request, _("Your new picture is in place."))
            return redirect("accounts:settings_profile")
    return _profile_page(request, ProfileForm(instance=request.user), form, status=422)


@require_POST
@login_required
@rate_limited("picture", "20/h")
@asks(MEMBERS)
def picture_remove(request: MemberRequest) -> HttpResponse:
    remove_picture(member=request.user)
    messages.success(request, _("Your picture is removed."))
    return redirect("accounts:settings_profile")


@login_required
@rate_limited("privacy", "60/h", "200/d")
@asks(MEMBERS)
def privacy(request: MemberRequest) -> HttpResponse:
    form = PrivacyForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        save_privacy(member=request.user, **form.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return redirect("accounts:settings_privacy")
    context = {
        "form": form,
        "consent_form": ConsentForm(given=standing_codes(request.user)),
        "history": Consent.objects.for_list(request.user)[:50],
    }
    return render(request, "accounts/settings_privacy.html", context)


@require_POST
@login_required
@rate_limited("privacy", "60/h", "200/d")
@asks(MEMBERS)
def consents_save(request: MemberRequest) -> HttpResponse:
    form = ConsentForm(request.POST, given=set())
    if form.is_valid():
        set_consents(
            member=request.user,
            codes=form.consent_codes(),
            source=Consent.Source.SETTINGS,
            language=get_language(),
        )
        messages.success(request, _("Your consents are saved."))
    return redirect("accounts:settings_privacy")


def _profile_page(
    request: HttpRequest, form: ProfileForm, picture_form: PictureForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "picture_form": picture_form,
        "completeness": completeness(form.own),
        "member": form.own,
    }
    return render(request, "accounts/settings_profile.html", context, status=status)
