"""The portal asks for nobody's address: whatever is written, no socket is opened to it."""

import ast
import socket
from itertools import product
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedException
from wagtail.embeds.finders.oembed import OEmbedFinder

from portal.home.bootstrap import bootstrap_site
from portal.ui.markdown import clean_html, render_markdown
from tests.factories.members import MemberFactory

OURS = ("portal", "community", "events", "badges", "knowledgebase")
# What can open a connection; servers and commands that serve are not asked by a member's text.
CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "ftplib", "smtplib", "telnetlib"}
CLIENTS |= {"urllib.request", "http.client", "websockets", "paramiko"}
HOSTS = (
    *("127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.1", "017700000001"),
    *(
        "0177.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.localdomain",
        "[::1]",
        "[::]",
    ),
    *(
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[fe80::1%25eth0]",
        "[fc00::1]",
    ),
    *("10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "[fd00:ec2::254]"),
    *(
        "100.64.0.1",
        "metadata.google.internal",
        "127.0.0.1.nip.example",
        "rebind.example",
        "①②⑦.⓪.⓪.①",
    ),
)
SHAPES = (
    *("http://{}/", "https://{}/", "http://{}:6379/", "http://x@{}/", "http://www.youtube.com@{}/"),
    *("http://{}#@www.youtube.com/watch?v=1", "http://{}/?u=https://www.youtube.com/watch?v=1"),
    *("//{}/", "ftp://{}/", "gopher://{}:6379/_PING", "http:\\\\{}\\", "http://{}/%0d%0aHost:x"),
)
PROVIDERS = ("https://www.youtube.com/watch?v=1", "https://vimeo.com/1", "https://x.com/a/status/1")
FORMS = [shape.format(host) for shape, host in product(SHAPES, HOSTS)] + list(PROVIDERS)
# So many of them go through the pages of the CMS.
SENT = 25


@pytest.fixture
def asked(monkeypatch):
    """Every name and address that somebody tries to reach, other than the stores in use."""
    found = []
    stores = {str(connection.settings_dict.get("PORT") or 0)}

    def refuse(*arguments, **_named):
        if str(arguments[-1]) not in stores:
            found.append(arguments)
        raise OSError("no way out")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: refuse(address))
    monkeypatch.setattr(socket.socket, "connect_ex", lambda _self, address: refuse(address))
    return found


def test_there_are_enough_forms_of_an_address():
    assert len(set(FORMS)) >= 300


def test_no_form_of_an_address_is_asked_for(db, asked):
    for url in FORMS:
        with pytest.raises(EmbedException):
            get_embed(url)
        render_markdown(f"[a]({url}) {url} ![a]({url}) <{url}>")
        clean_html(f'<img src="{url}"><a href="{url}">a</a><link rel="stylesheet" href="{url}">')

    assert asked == []


def _url_fields():
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    return [field for field in fields if isinstance(field, models.URLField)]


def test_no_field_for_addresses_asks_for_what_it_is_given(asked):
    fields = [field.formfield(assume_scheme="https") for field in _url_fields()]
    fields.append(forms.URLField(assume_scheme="https"))

    for field, url in product(fields, FORMS):
        try:
            field.clean(url)
        except forms.ValidationError:
            continue

    assert len(fields) > 3
    assert asked == []


def test_the_cms_asks_for_no_address_that_it_is_given(client, commits, asked):
    bootstrap_site()
    client.force_login(MemberFactory(is_superuser=True, is_staff=True))
    pages = ("/cms/embeds/chooser/upload/", "/cms/choose-external-link/")

    for page, url in product(pages, FORMS[:: len(FORMS) // SENT]):
        sent = {"embed-chooser-url": url, "external-link-chooser-url": url}
        assert client.post(page, sent).status_code < 500

    assert asked == []


def test_the_usual_finder_would_have_asked(asked):
    """The control: what is switched off does reach out, and that is seen."""
    with pytest.raises(EmbedException):
        OEmbedFinder().find_embed(PROVIDERS[0])

    assert asked != []


def test_nothing_of_ours_can_ask():
    """A client in the source needs a guard first; then it gets a place here, with its reason."""
    users = set()
    for app in OURS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                users |= {
                    (str(path), name) for name in names if CLIENTS & {name, name.split(".")[0]}
                }

    assert users == set()
