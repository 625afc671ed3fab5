"""Pictures that lead a page and those that go with shared links."""

import gc
import re
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import override_settings
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from portal.cms import cards
from portal.cms.models import BrandSettings
from portal.home.models import HomePage
from portal.ui import lettering

# Wagtail leaves the temporary files of new renditions to the collector of garbage.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
LETTERS = "abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ₺–’…0123456789"


@pytest.fixture
def site(first_pages, commits, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path
    gc.collect()


def social(client, address):
    html = client.get(address).content.decode()
    found = re.findall(r'<meta property="og:image(:\w+)?" content="([^"]+)">', html)
    return {name.strip(":") or "url": value for name, value in found}


def stored(url):
    name = url.removeprefix(settings.PUBLIC_URL).removeprefix(settings.MEDIA_URL)
    with default_storage.open(name) as file:
        return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize("address", ["/", "/ideas/", "/tr/leaderboard/"])
def test_page_without_a_picture_shares_the_brands_card(client, site, address):
    card = social(client, address)

    assert card["url"].startswith(f"{settings.PUBLIC_URL}/media/cards/")
    assert (card["width"], card["height"]) == ("1200", "630")
    image = stored(card["url"])
    assert (image.format, image.size) == ("PNG", (1200, 630))


def test_card_is_drawn_once_and_anew_with_other_words(client, site):
    first = social(client, "/")["url"]
    drawn = stored(first).tobytes()

    again = cards.brand_card(name="Kıyı", tagline="Dağ ve deniz", primary="#7a1f4b")["url"]

    assert social(client, "/")["url"] == first
    assert len(list((site / "cards").iterdir())) == 2
    assert stored(again).tobytes() != drawn


def test_page_shares_its_editors_picture(client, site):
    page = HomePage.objects.get(locale__language_code="en")
    file = get_test_image_file(size=(1600, 1200))
    page.picture = get_image_model().objects.create(title="Shore", file=file)
    page.save_revision().publish()

    card = social(client, "/")

    assert stored(card["url"]).size == (1200, 630)
    assert (card["width"], card["height"]) == ("1200", "630")
    assert not (site / "cards").exists()


def test_lead_picture_has_a_crop_for_phones(client, site):
    page = HomePage.objects.get(locale__language_code="en")
    file = get_test_image_file(size=(1600, 1200))
    page.picture = get_image_model().objects.create(title="Shore", file=file)
    page.save_revision().publish()

    html = client.get("/").content.decode()

    assert re.findall(r'media="\(max-width: 559\.98px\)"[^>]* width="(\d+)" height="(\d+)"', html)
    assert re.search(r'<img [^>]*width="960" height="720" fetchpriority="high">', html)


def test_long_names_and_taglines_stay_on_the_card(db):
    brand = BrandSettings(name="A name of exactly forty letters, as told")
    tagline = " ".join(["mountains"] * 16)

    image = Image.open(BytesIO(cards.drawn(name=brand.name, tagline=tagline, primary="#035e63")))

    edge = image.crop((1200 - 40, 0, 1200, 440)).getcolors()
    assert edge == [(40 * 440, (252, 249, 245))]


@pytest.mark.parametrize("face", [lettering.TEXT, lettering.HEADING])
def test_typefaces_hold_every_letter_of_both_languages(face):
    missing = [
        letter
        for letter in LETTERS
        for font, run in lettering._runs(letter, face, 40)
        if font.getmask(run).getbbox() is None
    ]

    assert missing == []
