"""Open pages are told when nothing wakes them any more, and when something does again."""

import asyncio
import json
import time

import pytest
from channels.db import database_sync_to_async

from portal.notifications import wake
from portal.notifications.services import notify
from portal.resilience.redis import redis_part
from tests.portal.notifications.test_consumers import signed_in, socket
from tests.servers import OwnRedis, has_redis, own_redis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not has_redis(), reason="redis-server is not installed"),
]


@pytest.fixture
def redis(settings, monkeypatch):
    monkeypatch.setattr(wake, "ASK_EVERY", 0.2)
    monkeypatch.setattr(wake, "GONE_AFTER", 0.6)
    monkeypatch.setattr(wake, "PAUSE_AFTER_ERROR", 0.3)
    with own_redis() as server:
        settings.REDIS_URL = server.url
        yield server
        server.thaw()
        wake.hub.is_paused = False


async def hear_until(page, kind):
    """The first message of a kind, and how long it took."""
    begun = time.monotonic()
    while True:
        message = json.loads((await page.receive_output(timeout=10))["text"])
        if message["type"] == kind:
            return message, time.monotonic() - begun


def bring_back(server):
    server.thaw()
    if server.process.poll() is not None:
        server.start()


@pytest.mark.parametrize("fault", [OwnRedis.kill, OwnRedis.freeze])
async def test_socket_says_that_it_is_paused_and_that_it_is_live_again(redis, fault):
    member, client = await signed_in()
    page = socket(client)
    await page.connect()
    await hear_until(page, "notices")

    fault(redis)
    await hear_until(page, "paused")
    await database_sync_to_async(notify)(recipient=member, kind="a.thing")
    bring_back(redis)
    _message, seconds = await hear_until(page, "live")
    while redis_part(redis.url).is_away:
        await asyncio.sleep(0.05)
    answer = await database_sync_to_async(client.get)("/notifications/live/?after=0")
    await database_sync_to_async(notify)(recipient=member, kind="a.thing")
    seen = 0
    while seen != 2:
        message, _seconds = await hear_until(page, "notices")
        seen = message.get("seq", 0)
    await page.leave()

    assert seconds < 10
    assert answer.headers["X-Live-Seq"] == "1"
