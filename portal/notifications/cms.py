"""Mails that failed, in the CMS: what went wrong, and another try."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.notifications.deliveries import send_again
from portal.notifications.models import Delivery
from portal.ui.staff import demand, page_head, permitted

PERMISSION = "notifications.resend_delivery"
PAGE = 50


@require_safe
def failed_list(request: HttpRequest) -> HttpResponse:
    demand(request, PERMISSION)
    deliveries = Delivery.objects.failed().select_related("recipient")
    page = Paginator(deliveries, PAGE).get_page(request.GET.get("p"))
    context = {"page": page, **page_head(_("Failed mails"), "mail")}
    return render(request, "notifications/cms/failed_list.html", context)


@require_POST
@permitted(PERMISSION)
def failed_resend(request: HttpRequest, pk: int) -> HttpResponse:
    if send_again(delivery=get_object_or_404(Delivery, pk=pk)):
        messages.success(request, _("The mail is on its way again."))
    else:
        messages.warning(request, _("This mail has been taken care of already."))
    return redirect("notifications_cms_failed")
