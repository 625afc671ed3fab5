from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.accounts.forms.settings import ClosingForm
from portal.accounts.services.closing import close_account
from portal.accounts.services.exports import export_archive
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import MEMBERS, asks, reads


@never_cache
@login_required
@rate_limited("export", "5/h")
@asks(MEMBERS)
def export(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/settings_export.html")
    answer = HttpResponse(export_archive(request.user), content_type="application/zip")
    day = timezone.localdate().isoformat()
    name = f"{request.user.handle}-{day}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@never_cache
@login_required
@rate_limited("close", "10/h")
@asks(MEMBERS)
def close(request: MemberRequest) -> HttpResponse:
    form = ClosingForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            leaves_words = form.cleaned_data["leaves_words"]
            close_account(member=request.user, leaves_words=leaves_words)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            logout(request)
            return redirect("accounts:goodbye")
    return render(request, "accounts/settings_close.html", {"form": form})


@reads
def goodbye(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/goodbye.html")
