import asyncio

import pytest

from portal.serving import AlreadyServingError, Lifespan, Lock


def test_second_server_is_refused_in_words_until_the_first_ends(tmp_path):
    first, second = Lock(tmp_path / "portal.lock"), Lock(tmp_path / "portal.lock")
    first.take()

    with pytest.raises(AlreadyServingError, match=r"already serves this portal.*REDIS_URL"):
        second.take()
    first.release()
    second.take()
    second.release()


async def run(lifespan, *messages):
    incoming, sent = asyncio.Queue(), []
    for message in messages:
        incoming.put_nowait({"type": f"lifespan.{message}"})

    async def send(message):
        sent.append(message)

    await lifespan({"type": "lifespan"}, incoming.get, send)
    return sent


async def test_server_starts_and_ends(settings, tmp_path):
    settings.VAR_DIR, settings.REDIS_URL = tmp_path, ""

    sent = await run(Lifespan(), "startup", "shutdown")

    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


async def test_server_on_a_folder_in_use_does_not_start(settings, tmp_path):
    settings.VAR_DIR, settings.REDIS_URL = tmp_path, ""
    holder = Lock(tmp_path / "portal.lock")
    holder.take()

    [answer] = await run(Lifespan(), "startup")
    holder.release()

    assert answer["type"] == "lifespan.startup.failed"
    assert "Another server" in answer["message"]


async def test_with_redis_any_number_of_servers_start(settings, tmp_path):
    settings.VAR_DIR, settings.REDIS_URL = tmp_path, "redis://redis/0"

    for _server in range(2):
        sent = await run(Lifespan(), "startup", "shutdown")
        assert sent[0]["type"] == "lifespan.startup.complete"
    assert not (tmp_path / "portal.lock").exists()
