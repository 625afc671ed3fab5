"""Mails that failed, in the CMS: what went wrong, and another try."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.notifications.deliveries import send_again
from portal.notifications.models import Delivery

PERMISSION = "notifications.resend_delivery"
PAGE = 50


@require_safe
def failed_list(request: HttpRequest) -> HttpResponse:
    _demand(request)
    deliveries = Delivery.objects.failed().select_related("recipient")
    page = Paginator(deliveries, PAGE).get_page(request.GET.get("p"))
    title = _("Failed mails")
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": "", "label": title},
    ]
    head = {"header_title": title, "page_title": title, "header_icon": "mail"}
    context = {"page": page, "breadcrumbs_items": crumbs, **head}
    return render(request, "notifications/cms/failed_list.html", context)


@require_POST
def failed_resend(request: HttpRequest, pk: int) -> HttpResponse:
    _demand(request)
    if send_again(delivery=get_object_or_404(Delivery, pk=pk)):
        messages.success(request, _("The mail is on its way again."))
    else:
        messages.warning(request, _("This mail has been taken care of already."))
    return redirect("notifications_cms_failed")


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
