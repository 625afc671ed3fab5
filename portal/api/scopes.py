"""What a key may be allowed to do."""

from django.utils.translation import gettext_lazy as _

ACTIVITIES_WRITE = "activities:write"
ACTIVITIES_READ = "activities:read"
MEMBERS_READ = "members:read"

SCOPES = {
    ACTIVITIES_WRITE: _("Send activities"),
    ACTIVITIES_READ: _("Read the activities of members"),
    MEMBERS_READ: _("Read members with their balances, levels and badges"),
}
