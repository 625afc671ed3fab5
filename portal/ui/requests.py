"""Requests as views get them, in types; at run time they are Django's own."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django_htmx.middleware import HtmxDetails

    from portal.accounts.models import Member


class PortalRequest(HttpRequest):
    """A request as our middleware hands it on."""

    user: "Member | AnonymousUser"
    htmx: "HtmxDetails"


class MemberRequest(PortalRequest):
    """A request of somebody who is logged in, behind `login_required` and its like."""

    user: "Member"
