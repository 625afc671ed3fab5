"""The portal's own address is `PUBLIC_URL`, in pages, mails and feeds, whatever `Host` says."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory, override_settings
from wagtail.models import Site

from portal.cms.checks import site_has_the_public_address
from portal.home.bootstrap import bootstrap_site
from portal.ui.addresses import PublicAddressMiddleware, absolute
from tests.authorization_table import ROUTES
from tests.authorization_world import build_world
from tests.factories.members import MemberFactory

FORGED = "attacker.example"
PUBLIC = "https://community.example.com"
HEADERS = {"Host": FORGED, "X-Forwarded-Host": FORGED, "X-Forwarded-Server": FORGED}
# Addresses that CMS and API make of what is in the database are looked at as whoever runs them.
HIDDEN = re.compile(r"^(cms/|api/)")


@pytest.fixture(autouse=True)
def public_address():
    with override_settings(PUBLIC_URL=PUBLIC, ALLOWED_HOSTS=[FORGED, "testserver"]):
        yield


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


def forged(member=None):
    client = Client(headers=HEADERS)
    if member:
        client.force_login(member)
    return client


def told_by(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return content.decode("utf-8", "replace") + headers


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "member"])
def test_no_page_repeats_the_name_in_host(world, role):
    client = forged(world.people.get(role))
    routes = [route for route in ROUTES if not HIDDEN.match(route)]
    repeating = [route for route in routes if FORGED in told_by(client.get(world.address(route)))]

    assert repeating == []


@pytest.mark.django_db
def test_sitemap_canonicals_and_languages_name_the_public_address(world):
    client = forged()
    sitemap = told_by(client.get("/sitemap.xml"))
    page = told_by(client.get("/knowledge/"))
    robots = told_by(client.get("/robots.txt"))
    calendar = told_by(client.get("/events/calendar.ics"))
    links = re.findall(r'<link rel="(?:canonical|alternate)"[^>]*href="([^"]+)"', page)

    assert set(re.findall(r"<loc>(https?://[^/]+)", sitemap)) == {PUBLIC}
    assert len(links) >= 3
    assert all(link.startswith(f"{PUBLIC}/") for link in links if "://" in link)
    assert f'property="og:url" content="{PUBLIC}/knowledge/"' in page
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in robots
    assert "URL" not in calendar or f"URL:{PUBLIC}" in calendar.replace("\r\n ", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (
            "/accounts/signup/",
            {"name": "Ada", "email": "new@example.org", "password1": "a calm sea"},
        ),
        (
            "/accounts/signup/",
            {"name": "A", "email": "known@example.org", "password1": "a calm sea"},
        ),
        ("/tr/accounts/password/reset/", {"email": "known@example.org"}),
        ("/accounts/password/reset/", {"email": "unknown@example.org"}),
    ],
)
def test_mails_lead_to_the_public_address(first_pages, commits, address, fields):
    MemberFactory(email="known@example.org")
    mail.outbox.clear()

    forged().post(address, fields)

    assert mail.outbox
    for message in mail.outbox:
        words = message.body + "".join(part.content for part in message.alternatives)
        assert FORGED not in words
        assert PUBLIC in words


def test_request_makes_addresses_of_the_public_one():
    request = RequestFactory(headers=HEADERS).get("/ideas/?sort=top")
    PublicAddressMiddleware(lambda _request: None)(request)

    assert request.build_absolute_uri() == f"{PUBLIC}/ideas/?sort=top"
    assert request.build_absolute_uri("/x/") == f"{PUBLIC}/x/"
    assert request.build_absolute_uri("new/") == f"{PUBLIC}/ideas/new/"
    assert request.build_absolute_uri("https://other.example/") == "https://other.example/"
    assert absolute("") == ""


@pytest.mark.django_db
def test_setup_keeps_wagtails_site_at_the_public_address(first_pages, commits):
    Site.objects.update(hostname="old.example", port=8080)
    with override_settings(PUBLIC_URL="http://127.0.0.1:8123"):
        bootstrap_site()
        local = Site.objects.values_list("hostname", "port").get()
    bootstrap_site()
    site = Site.objects.get()

    assert local == ("127.0.0.1", 8123)
    assert (site.hostname, site.port) == ("community.example.com", 443)
    assert site.site_name == settings.WAGTAIL_SITE_NAME


@pytest.mark.django_db
def test_check_says_when_site_and_public_address_differ(first_pages, commits):
    bootstrap_site()
    assert site_has_the_public_address(databases=["default"]) == []
    Site.objects.update(hostname="old.example")

    (warning,) = site_has_the_public_address(databases=["default"])

    assert warning.id == "cms.W001"
    assert f"old.example:443, PUBLIC_URL is {PUBLIC}" in warning.msg
    assert site_has_the_public_address() == []
