from django.db.models import QuerySet

from badges.models import BadgeAward
from portal.accounts.models import Member


def _listed_awards(code: str) -> QuerySet[BadgeAward]:
    listed = Member.objects.listed().values("pk")
    return BadgeAward.objects.filter(
        badge_code=code, owner_type="member", revoked_at=None, owner_id__in=listed
    )


def holder_count(code: str) -> int:
    """How many members hold a badge; those who opted out of lists are not counted."""
    return _listed_awards(code).values("owner_id").distinct().count()


def rarity_of(code: str) -> int:
    """The share of members who hold a badge, in whole percent, at least 1 where somebody does."""
    members = Member.objects.listed().count()
    held = holder_count(code)
    return max(1, held * 100 // members) if members and held else 0


def latest_holders(code: str, *, limit: int) -> list[Member]:
    """Who got a badge last, each once."""
    ids = _listed_awards(code).order_by("-awarded_at", "-pk").values_list("owner_id", flat=True)
    unique = list(dict.fromkeys(ids[: limit * 5]))[:limit]
    members = Member.objects.in_bulk(unique)
    return [members[pk] for pk in unique]
