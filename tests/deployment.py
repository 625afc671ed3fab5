"""The layout of `deploy/` started on loopback: nginx as it is shipped, granian behind it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:" + os.environ.get("PATH", ""))
# Where the requirements of production are installed: a folder with bin/ in it.
PRODUCTION = Path(os.environ.get("PRODUCTION_VENV", Path(sys.executable).parents[1]))
GRANIAN = PRODUCTION / "bin/granian"
MISSING = [
    *([] if NGINX else ["nginx"]),
    *([] if GRANIAN.exists() else ["granian (set PRODUCTION_VENV)"]),
]
NAME = "community.example.com"
CERTIFICATE = "/etc/letsencrypt/live/community.example.com/"
MAIN = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
daemon off;
master_process off;
events {{ worker_connections 4096; }}
http {{
    types {{ text/html html; text/css css; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def shipped(folder: Path, port: int, changes: dict[str, str]) -> str:
    """The shipped site, with only places and the port changed; without TLS, which costs time."""
    text = (DEPLOY / "nginx/meydan.conf").read_text()
    plain, encrypted = text.index("server {"), text.rindex("\nserver {")
    text = text[:plain] + text[encrypted:]
    changes = changes | {
        "    listen 443 ssl http2;\n": f"    listen 127.0.0.1:{port};\n",
        "    listen [::]:443 ssl http2;\n": "",
        f"    ssl_certificate {CERTIFICATE}fullchain.pem;\n": "",
        f"    ssl_certificate_key {CERTIFICATE}privkey.pem;\n": "",
        "    ssl_protocols TLSv1.2 TLSv1.3;\n": "",
        "/run/meydan/": f"{folder}/",
        "/var/lib/meydan/": f"{folder}/",
        "/srv/meydan/deploy/": f"{DEPLOY}/",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def answers(port: int, path: str = "/") -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as link:
            link.sendall(f"GET {path} HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
            return link.recv(15)[9:12] == b"200"
    except OSError:
        return False


def wait_for(port: int, seconds: float = 60, path: str = "/") -> None:
    end = time.monotonic() + seconds
    while not answers(port, path):
        if time.monotonic() > end:
            raise TimeoutError(f"nobody answers on port {port}")
        time.sleep(0.05)


@contextmanager
def nginx(folder: Path, **changes: str) -> Iterator[int]:
    """nginx with the shipped site on a free port; `changes` give other values to directives."""
    port = free_port()
    named = {_directive(name): f"{name} {value};" for name, value in changes.items()}
    (folder / "site.conf").write_text(shipped(folder, port, named))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    command = [str(NGINX), "-p", str(folder), "-e", f"{folder}/error.log"]
    with running([*command, "-c", f"{folder}/nginx.conf"]):
        yield port


def _directive(name: str) -> str:
    """The first one of that name, as it is shipped."""
    text = (DEPLOY / "nginx/meydan.conf").read_text()
    begin = text.index(f"{name} ")
    return text[begin : text.index(";", begin) + 1]


@contextmanager
def granian(application: str, *where: str, **environment: str) -> Iterator[subprocess.Popen]:
    """The pages as the unit starts them, with two workers."""
    command = [str(GRANIAN), "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]
    command += ["--workers-kill-timeout", "3", "--no-ws", *where, application]
    with running(command, **environment) as process:
        yield process


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[subprocess.Popen]:
    quiet = None if os.environ.get("DEPLOYMENT_SPEAKS") else subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=quiet, stderr=quiet
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
