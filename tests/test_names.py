import re

import pytest
from django.conf import settings
from django.utils import translation

from portal.ui.catalogue.sources import collect

ROW = re.compile(r"^\| (?P<where>[^|]+) \| (?P<what>[^|]+) \| (?P<en>[^|]+) \| (?P<tr>[^|]+) \|$")
PLURALS = {"points": "point"}


def listed():
    """The pairs of docs/names.md, each once."""
    text = (settings.BASE_DIR / "docs/names.md").read_text(encoding="utf-8")
    rows = [found for line in text.splitlines() if (found := ROW.match(line))]
    return sorted({(row["en"], row["tr"]) for row in rows} - {("English", "Turkish")})


@pytest.fixture(scope="module")
def source():
    """Every English string without a context, singular and plural, that the product uses."""
    messages = [one for one in collect(settings.BASE_DIR).values() if not one.context]
    return {one.text for one in messages} | {one.plural for one in messages}


def test_names_are_listed_once_each():
    names = [english for english, _turkish in listed()]

    assert len(names) == 28
    assert sorted(set(names)) == names


@pytest.mark.parametrize(("english", "turkish"), listed())
def test_name_is_used_and_reads_so_in_turkish(english, turkish, source):
    with translation.override("tr"):
        if english in PLURALS:
            said = translation.ngettext(PLURALS[english], english, 3)
        elif english in PLURALS.values():
            said = translation.ngettext(english, f"{english}s", 1)
        else:
            said = translation.gettext(english)

    assert said == turkish
    assert english in source
