"""What members read about rewards: handed over, returned, and as the cause of ledger lines."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.models import ProgramVersion, Redemption, Reward
from badges.services.fulfilling import GIVEN_NOTICE, RETURNED_NOTICE
from badges.services.labels import amount_text
from portal.activity.registry import ObjectLink, numbers_of, register_object
from portal.notifications.models import Notice
from portal.notifications.registry import Kind, NoticeText, register_category, register_kind

CATEGORY = "rewards"


def register() -> None:
    """Make rewards known by name, and the notices about them: of the member's own purchase."""
    register_object("reward", reward_links)
    register_category(CATEGORY, gettext_lazy("Rewards"))
    for code, describe, email in (
        (GIVEN_NOTICE, describe_given, "reward_given"),
        (RETURNED_NOTICE, describe_returned, "reward_returned"),
    ):
        register_kind(
            Kind(code, CATEGORY, describe, email=email, prepare=prepare, is_optional=False)
        )


def prepare(notices: list[Notice]) -> None:
    """Read all redemptions at once."""
    rows = Redemption.objects.select_related("reward", "code")
    found = rows.in_bulk([notice.payload["redemption"] for notice in notices])
    for notice in notices:
        notice.data = found.get(notice.payload["redemption"])


def describe_given(notice: Notice) -> NoticeText | None:
    redemption = notice.data
    if redemption is None:
        return None
    body = redemption.note
    if redemption.shown_code:
        body = _("Your code: %(code)s") % {"code": redemption.shown_code}
    return NoticeText(
        title=_("Your reward is here: %(reward)s") % {"reward": redemption.reward.name},
        body=body,
        url=reverse("badges:reward_detail", args=[redemption.reward_id]),
        icon="gift",
        action=_("See your reward"),
        context={"code": redemption.shown_code, "note": redemption.note},
    )


def describe_returned(notice: Notice) -> NoticeText | None:
    redemption = notice.data
    if redemption is None:
        return None
    _version, program = ProgramVersion.objects.current()
    amount = amount_text(redemption.price, redemption.currency, program)
    return NoticeText(
        title=_("%(reward)s was returned, and %(amount)s came back")
        % {"reward": redemption.reward.name, "amount": amount},
        body=redemption.reason,
        url=reverse("badges:reward_list"),
        icon="gift",
        action=_("See the rewards"),
        context={"amount": amount, "reason": redemption.reason},
    )


def reward_links(identifiers: Iterable[str], viewer: Any = None) -> dict[str, ObjectLink]:
    """Names and addresses of rewards, for the lines of the ledger."""
    pks = numbers_of(identifiers)
    return {
        str(pk): ObjectLink(reward.name, reverse("badges:reward_detail", args=[pk]))
        for pk, reward in Reward.objects.in_bulk(pks).items()
    }
