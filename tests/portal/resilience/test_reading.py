"""Whoever reads is served although nothing can be written: every address there is."""

import contextlib
import errno
import gc
import resource
import warnings

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file

from community.models import Idea
from portal.cms.models import PortalImage
from portal.notifications.models import Notice
from portal.notifications.services import claim_toasts, notify
from portal.resilience import health
from portal.resilience.reading import best_effort
from tests.authorization_world import build_world, routes

# What says by 5xx how things are; and where Wagtail itself makes a profile of who looks.
NO_PAGES = {"readyz", "cms/failwhale/", "cms/account/"}


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


@contextlib.contextmanager
def no_writing():
    """The database refuses writes, and no file can grow, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute("SET LOCAL transaction_read_only=ON")
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA query_only=OFF")
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files_that_were_not_saved():
    """Wagtail leaves the file of a size that cannot be saved to the collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture(scope="module")
def sessions(world):
    cookies = {}
    for role, member in world.people.items():
        notify(recipient=member, kind="badges.points_earned")
        client = Client()
        client.force_login(member)
        cookies[role] = client.cookies["sessionid"].value
    return cookies


def read(address: str, cookie: str) -> int:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = cookie
    with no_writing():
        return client.get(address).status_code


def places(role: str) -> list[str]:
    """An administrator sees everything; a member's pages are other ones, but not in the CMS."""
    found = [route for route, _is_ours in routes() if route not in NO_PAGES]
    return [one for one in found if role == "administrator" or not one.startswith("cms/")]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["member", "administrator"])
def test_every_address_can_be_read_where_nothing_can_be_written(world, sessions, role, caplog):
    failed = []
    for route in places(role):
        # Of Wagtail's own addresses not all have something behind them here.
        with contextlib.suppress(KeyError):
            status = read(world.address(route), sessions[role])
            if status >= 500:
                failed.append((route, status))
    caplog.clear()

    assert failed == []


@pytest.mark.django_db
def test_readiness_says_that_nothing_can_be_written(world, client, monkeypatch):
    monkeypatch.setattr(health, "_tried", {})
    with no_writing():
        answer, reading = client.get("/readyz"), client.get("/readyz?only=reading")
    monkeypatch.setattr(health, "_tried", {})

    assert (answer.status_code, reading.status_code) == (503, 200)
    assert answer.json() == {
        "status": "failing",
        "database": "cannot write",
        "cache": "ok",
        "files": "cannot write",
    }
    assert client.get("/readyz").json()["status"] == "ok"


@pytest.mark.django_db
def test_toast_that_cannot_be_claimed_waits_for_a_page_that_can(member_client):
    notify(recipient=member_client.member, kind="badges.points_earned")
    unshown = Notice.objects.filter(recipient=member_client.member, shown_at=None)

    with no_writing():
        assert claim_toasts(member=member_client.member, session="a") == []

    assert unshown.count() == 1
    claim_toasts(member=member_client.member, session="a")
    assert unshown.count() == 0


@pytest.mark.django_db
def test_picture_whose_size_cannot_be_made_is_shown_as_it_is():
    image = PortalImage.objects.create(title="Pier", file=get_test_image_file())

    with no_writing():
        made, others = image.get_rendition("max-20x20"), image.get_renditions("max-10x10")

    assert made.url == others["max-10x10"].url == image.file.url
    cache.clear()
    assert PortalImage.objects.get(pk=image.pk).get_rendition("max-20x20").url != image.file.url


@pytest.mark.django_db
def test_writing_that_is_refused_is_an_error_in_words_and_does_nothing(member_client, caplog):
    member_client.raise_request_exception, before = False, Idea.objects.count()
    with no_writing():
        said = {"title": "Bike racks", "body": "A rack for forty bikes, by the gate."}
        answer = member_client.post("/ideas/new/", said)
    caplog.clear()

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Nothing can be saved at the moment" in answer.content.decode()
    assert "A rack for forty bikes, by the gate." in answer.content.decode()
    assert Idea.objects.count() == before


@pytest.mark.django_db
def test_fault_that_is_no_outage_is_not_taken_for_one():
    with pytest.raises(ValueError, match="ours"), best_effort("nothing"):
        raise ValueError("ours")


@pytest.mark.django_db
def test_refused_write_is_logged_once(caplog):
    for _time in range(3):
        with best_effort("a thing of this test"):
            raise OSError(errno.ENOSPC, "No space left on device")

    assert len([one for one in caplog.records if "not_remembered" in str(one.msg)]) == 1
