"""API keys in the CMS: made, shown once, revoked."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from portal.api.forms import KeyForm
from portal.api.models import ApiKey
from portal.api.services.keys import create_key, revoke_key
from portal.ui.requests import MemberRequest
from portal.ui.staff import permitted

PERMISSION = "api.manage_keys"
PER_PAGE = 50
manages_keys = permitted(PERMISSION)


@manages_keys
def key_list(request: HttpRequest) -> HttpResponse:
    keys = Paginator(ApiKey.objects.for_list(), PER_PAGE).get_page(request.GET.get("p"))
    return _page(request, "key_list.html", _("API keys"), keys=keys)


@manages_keys
@never_cache
def key_create(request: MemberRequest) -> HttpResponse:
    """The key is part of this one answer and kept nowhere."""
    form = KeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "key_form.html", _("New API key"), form=form)
    row, key = create_key(actor=request.user, **form.cleaned_data)
    return _page(request, "key_shown.html", _("New API key"), row=row, key=key)


@manages_keys
def key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.select_related("application"), pk=pk)
    if request.method != "POST":
        return _page(request, "key_revoke.html", _("Revoke the key"), key=key)
    if revoke_key(key=key):
        messages.success(request, _("The key works no longer."))
    else:
        messages.warning(request, _("The key had been revoked before."))
    return redirect("api_key_list")


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [(reverse("wagtailadmin_home"), _("Home")), (reverse("api_key_list"), _("API keys"))]
    trail = [{"url": url, "label": label} for url, label in crumbs if label != title]
    frame = {
        "breadcrumbs_items": [*trail, {"url": "", "label": title}],
        "header_title": title,
        "page_title": title,
        "header_icon": "key",
    }
    return render(request, f"api/cms/{template}", {**frame, **context})
