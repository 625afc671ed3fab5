"""Wagtail's own signals, translated: published pages open what members take part in."""

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from events.models import Challenge, ChallengePage, Contest, ContestPage, EventPage, Occasion
from events.services.mirror import open_challenge, open_contest, open_occasion, shut
from events.tasks import recount_challenge


@receiver(page_published, sender=EventPage)
def event_published(instance, **kwargs):
    open_occasion(page=instance)


@receiver(page_published, sender=ChallengePage)
def challenge_published(instance, **kwargs):
    challenge, has_changed = open_challenge(page=instance)
    if has_changed:
        recount_challenge.enqueue(str(challenge.key))


@receiver(page_published, sender=ContestPage)
def contest_published(instance, **kwargs):
    open_contest(page=instance)


@receiver(page_unpublished, sender=EventPage)
def event_unpublished(instance, **kwargs):
    shut(page=instance, model=Occasion)


@receiver(page_unpublished, sender=ChallengePage)
def challenge_unpublished(instance, **kwargs):
    shut(page=instance, model=Challenge)


@receiver(page_unpublished, sender=ContestPage)
def contest_unpublished(instance, **kwargs):
    shut(page=instance, model=Contest)
