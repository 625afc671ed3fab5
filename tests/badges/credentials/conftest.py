import pytest
from django.urls import reverse

from badges.models import BadgeAward
from badges.services.credentials.issuing import ShownAs, issue_credential
from portal.activity.services import record
from tests.factories.programs import badge, publish_program

RIDGE = badge(
    "ridge-walker",
    {"count": {"verb": "import.walked"}, "at_least": 1},
    name={"en": "Ridge walker", "tr": "Sırt yürüyüşçüsü"},
    description={"en": "Walked a whole ridge", "tr": "Bütün bir sırtı yürüdü"},
    tier="gold",
    picture={"shape": "hexagon", "icon": "mountain", "colour": "plum"},
)


@pytest.fixture(autouse=True)
def _served_from(settings, tmp_path):
    """An address as in production, and an empty folder for pictures."""
    settings.PUBLIC_URL = "https://community.example.com"
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def award(member):
    publish_program(badges=[RIDGE])
    record(member=member, verb="import.walked")
    return BadgeAward.objects.get(owner_id=member.pk)


@pytest.fixture
def credential(award, member):
    return issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=True)


@pytest.fixture
def download(client):
    """How a verifier fetches: addresses of the portal, answered by the test client."""

    def fetch(url):
        assert url.startswith("https://community.example.com/")
        path = url.removeprefix("https://community.example.com")
        accept = "application/vc+jwt" if "/status/" in url else "*/*"
        return client.get(path, headers={"accept": accept}).content

    return fetch


@pytest.fixture
def page(client, credential):
    def read():
        address = reverse("badges:credential_detail", args=[credential.token])
        return client.get(address).content.decode()

    return read
