"""What `deploy/` ships: started where it can be, and attacked; read with care where it cannot."""

import asyncio
import contextlib
import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import pytest
import yaml
from django.conf import settings

from portal.bodies import FORM_LIMIT, MEGABYTE
from tests.deployment import DEPLOY, MISSING, ROOT, answers, free_port, granian, nginx, wait_for
from tests.slow_clients import ATTACKS, GET, HEAD, attacked, connect, send_slowly

ECHO = "tests.echo_wsgi:application"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SITE = (DEPLOY / "nginx/meydan.conf").read_text()
needs_layout = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {MISSING}")
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here"
)
SPOOFED = [
    "X-Forwarded-For",
    "X_Forwarded_For",
    "X-Forwarded_For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Real-IP",
    "X_Real_IP",
    "Forwarded",
    "CF-Connecting-IP",
    "True-Client-IP",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The layout with a small application, less patient than it is shipped."""
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o755)
    hurry = dict.fromkeys(["client_header_timeout", "client_body_timeout", "send_timeout"], "1s")
    where = ["--uds", f"{folder}/pages.sock", "--uds-permissions", "0660"]
    with (
        granian(ECHO, *where) as pages,
        nginx(folder, keepalive_timeout="1s", lingering_timeout="200ms", **hurry) as port,
    ):
        wait_for(port)
        yield port, folder, pages


@pytest.fixture(autouse=True)
async def settled():
    """What a test has closed is closed before its loop ends."""
    yield
    await asyncio.sleep(0.05)


def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), 10, ("127.1.0.9", 0)) as link:
        link.sendall(request)
        heard = b""
        # Who has not sent all that was announced is cut off in the end.
        with contextlib.suppress(ConnectionResetError):
            while part := link.recv(65536):
                heard += part
        return heard.decode()


def get(port, path="/", *lines):
    lines = [f"GET {path} HTTP/1.1", "Host: community.example.com", "Connection: close", *lines]
    head, _, body = ask(port, "\r\n".join([*lines, "", ""]).encode()).partition("\r\n\r\n")
    return head, body


@needs_layout
def test_nothing_that_a_client_says_about_addresses_is_passed_on(site):
    spoofed = [f"{name}: 6.6.6.6" for name in SPOOFED] * 2

    _head, body = get(site[0], "/", *spoofed, "X-Forwarded-Proto: https")

    assert "6.6.6.6" not in body
    assert (json.loads(body)["REMOTE_ADDR"], json.loads(body)["scheme"]) == ("127.1.0.9", "http")


@needs_layout
async def test_two_hundred_slow_clients_of_every_kind_keep_nobody_waiting(site):
    port = site[0]
    kinds = [kind for kind in ATTACKS for _ in range(25)]
    crowd = [asyncio.create_task(ATTACKS[kind](port, number)) for number, kind in enumerate(kinds)]
    await asyncio.sleep(0.5)
    times = await attacked(port, "heads that trickle", 0, 2)
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)

    assert len(times) > 10
    assert times[-1] < 2


@needs_layout
async def test_without_the_proxy_as_many_slow_bodies_as_workers_stop_everybody():
    port = free_port()
    with granian(ECHO, "--host", "127.0.0.1", "--port", str(port)):
        await asyncio.to_thread(wait_for, port)
        stop = HEAD + b"Content-Length: 1000\r\n\r\nabc"
        crowd = [asyncio.create_task(send_slowly(port, n, stop, b"", 0.2)) for n in range(24)]
        # A busy machine takes its time to let all of them in.
        for _try in range(20):
            await asyncio.sleep(0.5)
            if not (still_answers := await asyncio.to_thread(answers, port)):
                break

        assert not still_answers

        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)


@needs_layout
@pytest.mark.parametrize("kind", ["heads that trickle", "bodies that stop", "idle connections"])
async def test_who_is_silent_is_given_up(site, kind):
    await asyncio.wait_for(ATTACKS[kind](site[0], 1), 8)


@needs_layout
async def test_answer_that_nobody_reads_is_given_up(site):
    reader, writer = await connect(site[0], 2)
    writer.write(GET)
    await asyncio.sleep(2.5)

    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(20_000_000), 5)
    writer.close()


@needs_layout
@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/", FORM_LIMIT + 1, "413"),
        ("/api/v1/activities", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, "413"),
        ("/cms/", settings.CMS_UPLOAD_LIMIT + 1, "413"),
        ("/ws/", 2048, "413"),
    ],
)
def test_too_large_is_said_in_both_languages(site, path, length, status):
    heard = ask(
        site[0],
        f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n"
        "Connection: close\r\n\r\n".encode(),
    )

    assert heard.split()[1] == status
    assert "That is too large" in heard
    assert "Bu çok büyük" in heard


@needs_layout
def test_stored_files_come_through_the_portal_alone(site):
    port, folder, _pages = site
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media/secret.txt").write_text("kept")

    assert get(port, "/stored/secret.txt")[0].split()[1] == "404"
    assert get(port, "/media/secret.txt")[1] != "kept"
    assert get(port, "/file/secret.txt")[1] == "kept"


@needs_layout
async def test_pages_end_in_time_and_the_proxy_says_so(tmp_path):
    tmp_path.chmod(0o755)
    with granian(ECHO, "--uds", f"{tmp_path}/pages.sock") as pages, nginx(tmp_path) as port:
        await asyncio.to_thread(wait_for, port)
        _reader, writer = await connect(port, 3)
        writer.write(GET)

        pages.send_signal(signal.SIGTERM)
        began = time.monotonic()
        await asyncio.to_thread(pages.wait, 10)
        took = time.monotonic() - began
        head, body = await asyncio.to_thread(get, port)
        writer.close()

    assert took < 5
    assert head.split()[1] == "502"
    assert "started again" in body


def test_limits_of_the_proxy_are_those_of_the_portal():
    sizes = {"k": 1024, "m": MEGABYTE, "": 1}
    told = re.findall(r"client_max_body_size (\d+)([km]?);", SITE)
    limits = [int(number) * sizes[unit] for number, unit in told]

    assert limits == [
        FORM_LIMIT,
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        settings.CMS_UPLOAD_LIMIT,
        1024,
    ]


def test_containers_run_what_the_units_run():
    units = {unit.stem.removeprefix("meydan-"): unit.read_text() for unit in UNITS}
    started = {
        name: re.search(r"^ExecStart=\S+ (.*)$", text, re.MULTILINE)[1]
        for name, text in units.items()
        if name != "backup"
    }
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    image = (DEPLOY / "Dockerfile").read_text()
    pages = re.sub(r'[",\\\n]+', " ", image[image.index("CMD [") + 5 :]).rstrip("] ")

    assert pages.split()[1:] == started["pages"].replace("0660", "0666").split()
    assert services["sockets"]["command"].split()[1:] == started["sockets"].split()
    assert services["jobs"]["command"].split()[1:] == started["jobs"].split()
    mounted = [one for service in services.values() for one in service.get("volumes", [])]
    for source in {one.split(":")[0] for one in mounted} - {"./certificates"}:
        assert source in compose["volumes"] or (DEPLOY / source).exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_unit_ends_in_time_and_may_do_little(unit):
    text = unit.read_text()

    if "Type=oneshot" not in text:
        assert re.search(r"^TimeoutStopSec=5$", text, re.MULTILINE)
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in text


@needs_systemd
def test_units_are_understood_by_systemd(tmp_path):
    for unit in (DEPLOY / "systemd").iterdir():
        text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)

    run = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stderr) == (0, "")


def test_example_of_the_environment_sets_what_production_demands():
    lines = (DEPLOY / "meydan.env.example").read_text().splitlines()
    named = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    page = (ROOT / "docs/operations.md").read_text()

    assert {"SECRET_KEY", "CREDENTIAL_KEY", "ALLOWED_HOSTS", "PUBLIC_URL"} < named
    assert {"DATABASE_URL", "REDIS_URL", "TRUSTED_PROXIES", "FILES_ACCEL_PREFIX"} < named
    assert [name for name in named if f"`{name}`" not in page] == []


def backup(folder, *arguments, **more):
    environment = {"PATH": "/usr/bin:/bin", "VAR_DIR": str(folder), **more}
    command = [str(DEPLOY / "backup.sh"), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture
def backed_up(tmp_path):
    """A folder in use, and a backup of it that was made while somebody was writing."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media/picture").write_bytes(b"picture" * 1000)
    writer = sqlite3.connect(tmp_path / "portal.sqlite3", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE ledger (amount INTEGER)")
    writer.execute("BEGIN")
    writer.executemany("INSERT INTO ledger VALUES (?)", [[n] for n in range(5000)])
    writer.execute("COMMIT")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO ledger VALUES (9)")
    run = backup(tmp_path, tmp_path / "backups")
    assert run.returncode == 0, run.stderr
    writer.execute("COMMIT")
    writer.close()
    [made] = (tmp_path / "backups").iterdir()
    return tmp_path, made


def test_backup_holds_what_was_committed(backed_up):
    folder, made = backed_up

    copy = sqlite3.connect(made / "portal.sqlite3")
    counted = copy.execute("SELECT COUNT(*) FROM ledger").fetchone()
    copy.close()

    assert counted == (5000,)
    assert {one.name for one in made.iterdir()} == {"SHA256SUMS", "media.tar", "portal.sqlite3"}
    assert backup(folder, "--check", made).returncode == 0


def test_backup_is_of_the_database_that_is_named(backed_up):
    folder, _made = backed_up
    (folder / "portal.sqlite3").rename(folder / "elsewhere.sqlite3")

    named = f"sqlite:///{folder}/elsewhere.sqlite3"
    run = backup(folder, folder / "others", DATABASE_URL=named)

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["portal.sqlite3", "media.tar", "SHA256SUMS"])
@pytest.mark.parametrize("harm", ["a byte", "the end", "all of it"])
def test_damaged_backup_is_found(backed_up, name, harm):
    folder, made = backed_up
    file = made / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    whole = file.read_bytes()
    left = {"a byte": bytes(content), "the end": whole[: len(whole) // 2], "all of it": b""}
    file.write_bytes(left[harm])

    assert backup(folder, "--check", made).returncode != 0
