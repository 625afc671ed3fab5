"""What members do with their own account; each verb is registered with its words."""

from django.utils.translation import gettext_lazy as _

MEMBER_JOINED = "accounts.member_joined"
PROFILE_COMPLETED = "accounts.profile_completed"
INTEREST_CHOSEN = "accounts.interest_chosen"
EMAIL_VERIFIED = "accounts.email_verified"

VERBS = {
    MEMBER_JOINED: _("Joined the community"),
    PROFILE_COMPLETED: _("Completed the profile"),
    INTEREST_CHOSEN: _("Chose an interest"),
    EMAIL_VERIFIED: _("Verified the e-mail address"),
}
