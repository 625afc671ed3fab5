import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from wagtail.models import Site

from portal.cms.models import BrandSettings


@pytest.fixture
def brand(db):
    return BrandSettings.objects.create(site=Site.objects.first(), name="Kıyı")


@pytest.mark.parametrize(
    "password", ["Meydan-2026!", "kıyıKIYI2026", "KIYI.meydan.1", "parola12345", "Şifre!!!2026"]
)
def test_password_of_names_of_this_place_is_refused(brand, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)

    assert "password_of_context_words" in [error.code for error in refused.value.error_list]


@pytest.mark.parametrize(
    "password", ["kıyıda sakin bir kare", "meydan okuyan lacivert kedi", "8472-9183-4765"]
)
def test_password_that_holds_a_name_among_other_words_is_taken(brand, password):
    assert validate_password(password) is None


def test_password_is_checked_before_there_is_a_brand(db):
    with pytest.raises(ValidationError, match="names of this place"):
        validate_password("Community#2026")
