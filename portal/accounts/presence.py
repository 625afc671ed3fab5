"""From which address and with which device a request came, for the traces that members leave."""

from django.http import HttpRequest

from portal.accounts.devices import device_name
from portal.accounts.models import Member, Trace
from portal.accounts.services.traces import leave_traces
from portal.ui.limits import client_address


def note_presence(request: HttpRequest, member: Member) -> None:
    """Keep from where and with which device a member does something that counts."""
    seen = {Trace.Kind.ADDRESS: client_address(request), Trace.Kind.DEVICE: device_name(request)}
    leave_traces(member=member, seen={str(kind): text for kind, text in seen.items()})
