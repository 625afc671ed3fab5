import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from portal.cms.models import BrandSettings


@pytest.fixture
def brand(db):
    return BrandSettings.for_site(Site.objects.get(is_default_site=True))


def test_brand_colours_are_served_as_a_stylesheet_of_their_own(client, brand):
    brand.primary = "#7a1f4b"
    brand.save()

    answer = client.get(brand.stylesheet_url)

    assert answer["Content-Type"] == "text/css"
    assert "--primary: #7a1f4b" in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]


def test_stock_colours_need_no_stylesheet(brand):
    assert brand.stylesheet_url == ""


@pytest.mark.parametrize(("field", "colour"), [("primary", "#ffee00"), ("accent", "#101010")])
def test_illegible_colour_is_refused(brand, field, colour):
    setattr(brand, field, colour)

    with pytest.raises(ValidationError) as caught:
        brand.clean()

    assert list(caught.value.message_dict) == [field]
