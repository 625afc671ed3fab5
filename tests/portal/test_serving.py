import asyncio
import gc

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.db import connection

from portal.asgi import application
from portal.serving import AlreadyServingError, Lifespan, Lock
from tests.races import needs_postgresql


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


async def answer_to(path):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    scope["headers"] = [(b"host", b"testserver")]
    asked = ApplicationCommunicator(application, scope)
    await asked.send_input({"type": "http.request", "body": b""})
    start = await asked.receive_output(timeout=10)
    await asked.wait(timeout=10)
    return start["status"]


@database_sync_to_async
def sessions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
async def test_requests_leave_no_connection_behind():
    before = await sessions()
    gc.disable()
    try:
        answers = [await answer_to("/readyz") for _ in range(8)]
        for _moment in range(50):
            if await sessions() <= before:
                break
            await asyncio.sleep(0.1)
    finally:
        gc.enable()

    assert answers == [200] * 8
    assert await sessions() <= before
