"""The first notice of every member: a welcome, with a mail."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.activities import MEMBER_JOINED
from portal.activity.bundles import Bundle
from portal.activity.models import Activity
from portal.activity.models.activities import PORTAL
from portal.activity.registry import Consumer, register_consumer
from portal.notifications.models import Notice
from portal.notifications.registry import Kind, NoticeText, register_category, register_kind
from portal.notifications.services import notify

CATEGORY = "accounts"
WELCOME = "accounts.welcome"


def register() -> None:
    """Make the welcome known, and greet whoever joins from now on."""
    register_category(CATEGORY, gettext_lazy("Your account and the community"))
    register_kind(
        Kind(code=WELCOME, category=CATEGORY, describe=describe, email="welcome", is_optional=False)
    )
    register_consumer(Consumer("accounts", 80, greet))


def greet(activities: Sequence[Activity], bundle: Bundle, asked: None = None) -> None:
    """The consumer of activities: welcome who has joined here; a second run does nothing."""
    for activity in activities:
        joined_here = activity.verb == MEMBER_JOINED and activity.source == PORTAL
        if joined_here and not activity.is_reversal:
            notify(recipient=activity.member, kind=WELCOME, activity=activity, is_toast=False)


def describe(notice: Notice) -> NoticeText:
    """Say hello and lead to the first steps."""
    return NoticeText(
        title=_("Welcome, %(name)s") % {"name": notice.recipient.display_name},
        body=_("Here you find what happens next and what you have done so far."),
        url=reverse("home:dashboard"),
        icon="confetti",
        action=_("See your first steps"),
    )
