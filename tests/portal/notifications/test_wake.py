import asyncio
import threading

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
