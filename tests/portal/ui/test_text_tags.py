import pytest
from django.template import Context, engines
from django.utils.translation import override


def show(source, **context):
    template = engines["django"].from_string("{% load text %}" + source)
    return template.template.render(Context(context))


def test_rendered_shows_markup_as_it_stands():
    assert show("{{ html|rendered }}", html="<p>a</p>") == "<p>a</p>"
    assert show("{{ html|rendered }}", html=None) == ""


def test_excerpt_is_escaped_text():
    html = "<p>Tom &amp; Jerry</p><p>&lt;b&gt; and much more</p>"

    assert show("{{ html|excerpt:15 }}", html=html) == "Tom &amp; Jerry &lt;b…"
    assert show("{{ html|excerpt }}", html=html) == "Tom &amp; Jerry &lt;b&gt; and much more"


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "1,234,567 12.5"), ("tr", "1.234.567 12,5")]
)
def test_number_follows_the_language(language, shown):
    with override(language):
        assert show("{{ a|number }} {{ b|number:1 }}", a=1234567, b=12.5) == shown
