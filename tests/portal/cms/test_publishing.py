from datetime import timedelta

import time_machine
from django.utils import timezone

from events.models import Occasion
from portal.cms.tasks import publish_by_the_clock
from portal.jobs.schedules import SCHEDULES
from tests.factories.events import make_event_page


def test_what_was_planned_is_published_and_taken_down_by_the_clock(client, commits):
    page = make_event_page("Lantern night")
    later = timezone.now() + timedelta(days=1)
    page.expire_at = later + timedelta(hours=1)
    page.save_revision().publish()
    page.title, page.go_live_at = "Lantern walk", later
    page.save_revision().publish()

    assert SCHEDULES["cms.publishing"].cron == "*/5 * * * *"
    assert b"Lantern night" in client.get(page.url).content
    with time_machine.travel(later + timedelta(minutes=1)):
        publish_by_the_clock.call()
        assert b"Lantern walk" in client.get(page.url).content
    with time_machine.travel(later + timedelta(hours=2)):
        assert client.get(page.url).status_code == 404
        publish_by_the_clock.call()
    assert not Occasion.objects.get(key=page.translation_key).is_open
