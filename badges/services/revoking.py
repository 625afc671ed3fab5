from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.models import BadgeAward, ProgramVersion
from badges.models.owners import MEMBER
from badges.program.sentences import name_of
from portal.accounts.models import Member
from portal.notifications.models import Notice
from portal.notifications.registry import NoticeText
from portal.notifications.services import notify

REVOKED_NOTICE = "badges.revoked"


@transaction.atomic
def revoke_badge(*, award: BadgeAward, reason: str, by: Member | None = None) -> bool:
    """Take an award back, once, and tell its holder why; False when it was taken back before."""
    now = timezone.now()
    standing = BadgeAward.objects.filter(pk=award.pk, revoked_at=None)
    if not standing.update(revoked_at=now, revoked_reason=reason, revoked_by=by):
        return False
    award.revoked_at, award.revoked_reason = now, reason
    holder = Member.objects.filter(pk=award.owner_id).first()
    if holder and award.owner_type == MEMBER:
        payload = {"badge": award.badge_code, "reason": reason}
        notify(recipient=holder, kind=REVOKED_NOTICE, payload=payload)
    return True


def describe_revoked(notice: "Notice") -> NoticeText:
    """The notice to the holder, in the language in force."""
    code, reason = notice.payload["badge"], notice.payload["reason"]
    _pk, program = ProgramVersion.objects.current()
    badge = program.badges_by_code.get(code)
    name = name_of(badge) if badge else code
    return NoticeText(
        title=_("Your badge “%(name)s” was taken back") % {"name": name},
        body=reason,
        url=reverse("badges:badge_list"),
        icon="award",
    )
