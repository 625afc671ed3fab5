import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from badges.program.schema import Badge
from badges.services import pictures
from badges.services.cards import share_card
from badges.services.pictures import SIZES, badge_picture_url, badge_png
from portal.cms.models import BrandSettings
from tests.factories.programs import badge, publish_program

COUNT = {"count": {"verb": "import.done"}, "at_least": 1}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_badge(**fields):
    return Badge.model_validate(badge("first", COUNT, **fields))


def kept():
    return sorted(default_storage.listdir(pictures.FOLDER)[1])


def test_picture_is_painted_once_for_every_size():
    for _time in range(2):
        sizes = [Image.open(io.BytesIO(badge_png(a_badge(), size=size))).size for size in SIZES]

    assert sizes == [(size, size) for size in SIZES]
    assert len(kept()) == len(SIZES)


def test_picture_has_a_new_address_when_its_look_changes_and_only_then():
    plain = badge_picture_url(a_badge(), size=64)

    assert badge_picture_url(a_badge(description={"en": "a", "tr": "b"}), size=64) == plain
    assert badge_picture_url(a_badge(tier="gold"), size=64) != plain


def test_picture_of_another_size_is_refused():
    with pytest.raises(ValueError, match="pixels wide"):
        badge_png(a_badge(), size=100)


def test_picture_that_another_request_has_just_stored_is_kept_once():
    badge_png(a_badge(), size=64)
    [name] = kept()

    pictures._store(f"{pictures.FOLDER}/{name}", b"the same picture, painted twice")

    assert kept() == [name]


def test_picture_in_a_storage_elsewhere_keeps_its_whole_address(settings):
    settings.PUBLIC_URL = "https://community.example.com"
    local = badge_picture_url(a_badge(), size=64)
    settings.MEDIA_URL = "https://media.example.com/"

    assert local.startswith("https://community.example.com/media/badge-pictures/")
    assert badge_picture_url(a_badge(), size=64).startswith("https://media.example.com/badge-")


def test_badge_page_names_its_picture_for_other_sites(client, db):
    publish_program(badges=[badge("first", COUNT)])

    page = client.get(reverse("badges:badge_detail", args=["first"])).content.decode()

    assert f'<meta property="og:image" content="{badge_picture_url(a_badge(), size=512)}">' in page


@pytest.mark.parametrize("name", ["Ridge walker", "A name of many words " * 6, "Unbroken" * 20])
@pytest.mark.parametrize("holder", ["", "Işıl Çağlayan", "Иван"])
def test_card_holds_names_of_any_length(name, holder):
    card = share_card(
        badge=a_badge(),
        name=name.strip(),
        holder=holder,
        awarded_at=timezone.now(),
        brand=BrandSettings(name="Kıyı", primary="#7a1f5c"),
        language="tr",
    )

    picture = Image.open(io.BytesIO(card))
    assert picture.size == (1200, 630)
    assert picture.getpixel((600, 4)) == (122, 31, 92)


def test_card_is_the_same_for_the_same_facts_and_holds_no_other():
    facts = {
        "badge": a_badge(),
        "name": "First",
        "holder": "Işıl",
        "awarded_at": timezone.now(),
        "brand": BrandSettings(name="Kıyı"),
        "language": "en",
    }

    assert share_card(**facts) == share_card(**facts)
    assert share_card(**{**facts, "holder": "Ayşe"}) != share_card(**facts)
