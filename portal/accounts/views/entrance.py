from copy import copy

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts.forms.entrance import WelcomeForm
from portal.accounts.services.members import save_welcome
from portal.accounts.services.profiles import completeness
from portal.accounts.services.steps import first_week as first_week_of
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import MEMBERS, asks, reads


@login_required
@rate_limited("profile", "30/h", "100/d")
@asks(MEMBERS)
def welcome(request: MemberRequest) -> HttpResponse:
    form = WelcomeForm(request.POST or None, instance=copy(request.user))
    if request.method == "POST" and form.is_valid():
        save_welcome(member=request.user, **form.cleaned_data)
        return redirect("accounts:first_week")
    return render(request, "accounts/welcome.html", {"form": form})


@login_required
@reads
def first_week(request: MemberRequest) -> HttpResponse:
    context = {"week": first_week_of(request.user), "completeness": completeness(request.user)}
    return render(request, "accounts/first_week.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do about a form that is too old; the reason is for the log alone."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
