"""The embedded server ends within five seconds of being told to, whatever its clients do."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from portal.serving import Lock
from tests.databases import database_url
from tests.factories.members import MemberFactory

WITHIN = 5
SLOW = b"POST /ideas/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc"


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextlib.contextmanager
def served(folder):
    """`manage.py serve` on the database of the tests, once it answers; killed in the end."""
    port = free_port()
    environment = os.environ | {"VAR_DIR": str(folder), "DATABASE_URL": database_url()}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.base", "REDIS_URL": ""}
    environment |= {"SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                answer(port, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 12)
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.1)
        yield process, port
    finally:
        process.kill()
        process.wait()


def answer(port, request, size):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(request)
        return link.recv(size)


@pytest.mark.django_db(transaction=True)
def test_server_ends_in_time_with_sockets_bodies_and_idle_connections_open(tmp_path):
    client = Client()
    client.force_login(MemberFactory())
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    connections.close_all()
    with served(tmp_path) as (process, port):
        address = f"127.0.0.1:{port}"
        headers = {"Cookie": cookie}
        with (
            socket.create_connection(("127.0.0.1", port)),
            socket.create_connection(("127.0.0.1", port)) as slow,
            connect(
                f"ws://{address}/ws/", origin=f"http://{address}", additional_headers=headers
            ) as page,
        ):
            slow.sendall(SLOW)
            first = page.recv(timeout=10)

            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.wait(WITHIN + 5)
            took = time.monotonic() - began

            with pytest.raises(ConnectionClosed) as closed:
                page.recv(timeout=5)

    assert first == '{"type": "notices", "seq": 0}'
    assert took < WITHIN
    assert closed.value.rcvd.code == 1012
    lock = Lock(tmp_path / "portal.lock")
    lock.take()
    lock.release()
