from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from portal.ui.routes import reads


@reads
def login(request: HttpRequest) -> HttpResponse:
    """The CMS sends here whom it does not let in: visitors log in, members read why not."""
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if request.user.is_authenticated:
        raise PermissionDenied
    address = request.GET.get("next") or resolve_url("wagtailadmin_home")
    return redirect(f"{resolve_url('account_login')}?{urlencode({'next': address})}")
