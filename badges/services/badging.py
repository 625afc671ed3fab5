from django.db import IntegrityError, transaction

from badges.models import BadgeAward
from badges.models.owners import MEMBER
from badges.program.schema import Badge, Program
from badges.services.criteria import Viewpoint, progress
from portal.activity.models import Activity


def give_due_badges(*, activity: Activity, program: Program, program_id: int | None, earned: bool):
    """Give the badges that this activity (and what it earned) makes due; return the awards.

    Badges that need balances or other badges are looked at again until nothing more is given.
    """
    held = set(
        BadgeAward.objects.filter(
            owner_type=MEMBER, owner_id=activity.member_id, revoked_at=None
        ).values_list("badge_code", "object")
    )
    given: list[BadgeAward] = []
    waiting = [badge for badge in program.badges if _concerns(badge, activity, earned)]
    while True:
        new = [award for badge in waiting if (award := _give(badge, activity, program_id, held))]
        if not new:
            return given
        given += new
        waiting = [badge for badge in program.badges if badge.is_derived]


def _concerns(badge: Badge, activity: Activity, earned: bool) -> bool:
    return activity.verb in badge.verbs or (badge.is_derived and earned)


def _give(badge: Badge, activity: Activity, program_id: int | None, held: set) -> BadgeAward | None:
    object = activity.object if badge.repeatable else ""
    if (badge.code, object) in held:
        return None
    at = Viewpoint(activity.member_id, activity.local_date, activity.object)
    if not progress(badge, at).is_met:
        return None
    award = BadgeAward(
        owner_id=activity.member_id,
        badge_code=badge.code,
        object=object,
        activity=activity,
        program_id=program_id,
        awarded_at=activity.occurred_at,
    )
    held.add((badge.code, object))
    try:
        with transaction.atomic():
            award.save(force_insert=True)
    except IntegrityError:
        return None
    return award
