"""Pages are written once a language; these rows carry what all languages have in common."""

from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from wagtail.models import Page

from events.models import Challenge, ChallengePage, Contest, ContestPage, EventPage, Occasion


@transaction.atomic
def open_occasion(*, page: EventPage) -> Occasion:
    """Copy a published event's facts; its calendar entry counts up when they changed.

    The capacity is never set below the seats that members hold.
    """
    facts = page.shared_facts()
    changed = _copy(Occasion, page, facts)
    if changed:
        limit = facts["capacity"]
        capacity = None if limit is None else Greatest(F("seats_taken"), Value(limit))
        rows = Occasion.objects.filter(key=page.translation_key)
        rows.update(
            **{**facts, "capacity": capacity},
            is_open=True,
            sequence=F("sequence") + 1,
            changed_at=timezone.now(),
        )
    return Occasion.objects.get(key=page.translation_key)


@transaction.atomic
def open_challenge(*, page: ChallengePage) -> tuple[Challenge, bool]:
    """Copy a published challenge's facts; also say whether progress must be counted anew."""
    facts = page.shared_facts()
    changed = _copy(Challenge, page, facts)
    if changed:
        rows = Challenge.objects.filter(key=page.translation_key)
        rows.update(**facts, is_open=True)
    return Challenge.objects.get(key=page.translation_key), changed


@transaction.atomic
def open_contest(*, page: ContestPage) -> Contest:
    """Copy a published contest's facts; a decided one keeps the dates by which it was decided."""
    facts = page.shared_facts()
    if _copy(Contest, page, facts):
        rows = Contest.objects.filter(key=page.translation_key)
        rows.update(is_open=True)
        rows.filter(closed_at=None).update(**facts)
    return Contest.objects.get(key=page.translation_key)


def shut(*, page: Page, model: Any) -> None:
    """Nobody can take part any more once the last language has left the site."""
    rows = type(page).objects.live().filter(translation_key=page.translation_key)
    if not rows.exclude(pk=page.pk).exists():
        model.objects.filter(key=page.translation_key).update(is_open=False)


def _copy(model: Any, page: Any, facts: dict) -> bool:
    """Make the row if it is missing; True when it is there and says something else."""
    row, is_new = model.objects.get_or_create(key=page.translation_key, defaults=facts)
    others = type(page).objects.filter(translation_key=page.translation_key)
    others.exclude(pk=page.pk).update(**facts)
    if is_new:
        return False
    return not row.is_open or any(getattr(row, name) != value for name, value in facts.items())
