"""The portal served by processes of its own, on the database at hand."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.test import Client

from portal.accounts.models import Member
from tests.databases import database_url

WAIT = 90
MANAGE = Path(__file__).resolve().parents[1] / "manage.py"


class Process:
    """A command of manage.py on the drill's database."""

    def __init__(self, *arguments: str, hosts: str = "") -> None:
        self.hosts = f"{hosts},127.0.0.1" if hosts else "127.0.0.1"
        self.arguments = [sys.executable, str(MANAGE), *arguments]
        self.start()

    def start(self) -> None:
        environment = os.environ | {"DATABASE_URL": database_url(), "RATE_LIMITS": "off"}
        environment["ALLOWED_HOSTS"] = self.hosts
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(self.arguments, env=environment, stdout=quiet, stderr=quiet)

    def kill(self) -> None:
        self.running.kill()
        self.running.wait()

    def freeze(self) -> None:
        self.running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.running.send_signal(signal.SIGCONT)


def collect_static() -> None:
    """Pages name files by their digests, which a folder that is new does not know."""
    Process("collectstatic", "--noinput", "--verbosity", "0").running.wait()


def session_of(member: Member) -> str:
    """The cookie of a browser in which the member is logged in."""
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(port: int) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            link.close()
    connections.close_all()
    raise TimeoutError(f"nobody serves on port {port} after {WAIT} seconds")


class Browser:
    """A member who is logged in, and posts forms."""

    def __init__(self, member: Member, port: int) -> None:
        self._port, token = port, secrets.token_hex(16)
        cookies = f"sessionid={session_of(member)}; csrftoken={token}"
        self._headers = {
            "Cookie": cookies,
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self, path: str, body: str = "") -> int:
        """Send a form and return the status of the answer."""
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            link.request("POST", path, body=body, headers=self._headers)
            return link.getresponse().status
        finally:
            link.close()
