"""Every template compiles, uses icons that exist, and keeps the content policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from tests.portal.ui.test_components import NoteForm, Person

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
SPRITE = (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text()
ICONS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
NAMED = re.compile(r'(?:{% icon |icon=)"([^"]+)"')
INLINE = re.compile(
    r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*(?:src=|application/json))', re.I
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_uses_icons_of_the_sprite(name):
    source = (ROOT / name).read_text()
    used = set(NAMED.findall(source))

    # Wagtail's pages draw from its own sprite.
    known = ICONS if "wagtailadmin_tags" not in source else used
    assert used - known == set()


@pytest.mark.parametrize("name", [name for name in TEMPLATES if "email/" not in name])
def test_template_has_no_inline_script_or_style(name):
    assert INLINE.findall((ROOT / name).read_text()) == []


def rendered(name, *, language="en", **context):
    request = RequestFactory().get("/ideas/")
    request.user = AnonymousUser()
    with translation.override(language):
        return render_to_string(name, {"user": request.user, **context}, request=request)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_error_page_says_what_to_do(name, language):
    html = rendered(name, language=language)

    assert ["<h1>" in html, 'class="btn' in html] == [True, True]


def test_server_error_page_needs_neither_context_nor_database():
    html = get_template("500.html").render()

    assert "<h1>The wind took our tent</h1>" in html


@pytest.mark.django_db
def test_gallery_draws_every_component():
    folder = Path(__file__).parent / "templates" / "gallery.html"
    source = folder.read_text()
    members = [Person(), Person("/media/a.webp"), Person(), Person(), Person()]
    request = RequestFactory().get("/ideas/")
    request.user = AnonymousUser()
    context = {
        "user": request.user,
        "members": members,
        "now": timezone.now(),
        "form": NoteForm({"title": ""}),
        "page": Paginator(range(200), 20).page(4),
        "chips": ["All", "Tents"],
        "badges": [("circle", "gold", "star", "amber"), ("drop", "silver", "leaf", "slate")],
        "ideas": [{"title": "A kit", "score": 3, "voted": True, "author": members[0]}],
    }

    html = engines["django"].from_string(source).render(context, request)

    assert INLINE.findall(html) == []
