"""Stored HTML follows the renderer's version: over all features."""

import pytest
from django.core.management import call_command

from community.models import Comment, Idea, StatusChange
from community.services.answers import answer_idea
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.rendering import render_all_anew
from community.tasks import render_texts
from events.models import Entry
from events.services.contests import enter_contest
from portal.ui.markdown import RENDERER_VERSION
from tests.factories.community import IdeaFactory
from tests.factories.events import make_contest, picture
from tests.factories.staff import manager

STORED = {
    Idea: "body_html",
    Comment: "body_html",
    StatusChange: "response_html",
    Entry: "text_html",
}


@pytest.fixture
def texts(first_pages, member, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    idea = post_idea(author=member, title="Racks", body="*By* the gate")
    post_comment(idea=idea, author=member, body="*Me* too")
    answer_idea(idea=idea, status="planned", response="*Soon*", by=manager())
    enter_contest(
        contest=make_contest(), member=member, title="Fog", text="*By day*", picture=picture()
    )
    fresh = {
        model: model.objects.values_list(field, flat=True).get() for model, field in STORED.items()
    }
    for model, field in STORED.items():
        model.objects.update(**{field: "<b>old</b>", "renderer": RENDERER_VERSION - 1})
    return fresh


def stored():
    return {
        model: model.objects.values_list(field, flat=True).get() for model, field in STORED.items()
    }


def test_setup_renders_what_an_older_renderer_made(texts):
    call_command("setup", verbosity=0)

    assert stored() == texts
    assert [model.objects.get().renderer for model in STORED] == [RENDERER_VERSION] * 4


def test_rendering_anew_is_done_once_and_leaves_the_words(texts):
    before = Idea.objects.values("title", "body", "edited_at", "excerpt").get()

    first, second = render_all_anew(), render_texts.call()

    assert (first, second) == (3, 0)
    assert Idea.objects.values("title", "body", "edited_at", "excerpt").get() == before


def test_imported_html_stays_html(db):
    idea = IdeaFactory(body="<p>5 * 3</p>", is_html=True, body_html="", renderer=0)

    render_all_anew()

    idea.refresh_from_db()
    assert idea.body_html == "<p>5 * 3</p>"


def test_setup_asks_for_nothing_when_all_is_new(texts):
    call_command("setup", verbosity=0)
    Idea.objects.update(body_html="<b>kept</b>")

    call_command("setup", verbosity=0)

    assert Idea.objects.get().body_html == "<b>kept</b>"
