import asyncio
import threading
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings

from portal.notifications import wake
from portal.notifications.wake import Hub


async def test_wake_up_from_a_thread_reaches_every_socket_of_the_member():
    hub, heard = Hub(), []
    first = hub.add(1, lambda sequence: heard.append(("first", sequence)))
    hub.add(1, lambda sequence: heard.append(("second", sequence)))
    hub.add(2, lambda sequence: heard.append(("other", sequence)))

    thread = threading.Thread(target=hub.publish, args=(1, 7))
    thread.start()
    thread.join()
    await asyncio.sleep(0)

    assert sorted(heard) == [("first", 7), ("second", 7)]
    hub.remove(1, first)
    assert hub.count(1) == 1


async def test_after_a_gap_everybody_is_told_to_ask():
    hub, heard = Hub(), []
    hub.add(1, heard.append)
    hub.add(2, heard.append)

    hub.publish_to_all()
    await asyncio.sleep(0)

    assert heard == [None, None]


def test_wake_up_for_a_loop_that_has_ended_is_dropped():
    hub = Hub()

    async def listen():
        hub.add(1, lambda sequence: None)

    asyncio.run(listen())
    hub.publish(1, 3)

    assert hub.count(1) == 1


@pytest.mark.skipif(not settings.REDIS_URL, reason="Without Redis one process wakes only itself.")
async def test_a_portal_in_another_database_of_redis_wakes_nobody_here():
    heard = asyncio.Queue()
    listener = wake.hub.add(1, heard.put_nowait)
    wake.ensure_subscribed()
    began_to_hear = await asyncio.wait_for(heard.get(), 5)

    with override_settings(REDIS_URL=neighbour_of(settings.REDIS_URL)):
        wake.wake({1: 99})
    wake.wake({1: 2})

    assert began_to_hear is None
    assert await asyncio.wait_for(heard.get(), 5) == 2
    wake.hub.remove(1, listener)


def neighbour_of(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(path=f"/{(int(parts.path[1:] or 0) + 1) % 16}").geturl()
