"""Pages of the knowledge base under a small tree of their own, in both languages."""

from django.core.files.base import ContentFile
from wagtail.models import Collection, Locale, Page, Site

from knowledgebase.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeIndexPage,
    SurveyIndexPage,
    SurveyPage,
    SurveyQuestion,
    VideoPage,
)
from portal.cms.models import PortalMedia
from portal.home.models import HomePage

CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:04.000
Find the <b>wind</b> first.

00:00:05.500 --> 00:00:09.000
Then peg the corners.
"""


def locale(code="en"):
    return Locale.objects.get_or_create(language_code=code)[0]


def home(code="en"):
    """The home page of a language; the English one is the site's root."""
    found = HomePage.objects.filter(locale__language_code=code).first()
    if found:
        return found
    root = Page.get_first_root_node() or Page.add_root(title="Root", locale=locale())
    page = HomePage(title=f"Home {code}", slug=f"home-{code}", locale=locale(code))
    english = HomePage.objects.first()
    if english:
        page.translation_key = english.translation_key
    root.add_child(instance=page)
    if code == "en":
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": page}
        )
    return page


def translated(page, code="tr", **fields):
    """The page in another language, below the parent's translation, published."""
    if not page.get_parent().has_translation(locale(code)):
        parent = page.get_parent().specific
        home(code) if isinstance(parent, HomePage) else translated(parent, code)
    copy = page.copy_for_translation(locale(code))
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)


def _publish(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def knowledge_index(code="en"):
    found = KnowledgeIndexPage.objects.filter(locale__language_code=code).first()
    page = KnowledgeIndexPage(title="Knowledge", slug="knowledge", locale=locale(code))
    return found or _publish(home(code), page)


def category(title="At camp", **fields):
    page = CategoryPage(title=title, locale=locale(), **fields)
    return _publish(knowledge_index(), page)


def article(title="Sleep warm", *, parent=None, words=100, **fields):
    fields.setdefault(
        "body", [("heading", "First"), ("paragraph", "<p>" + "word " * words + "</p>")]
    )
    page = ArticlePage(title=title, locale=locale(), **fields)
    parent = parent or CategoryPage.objects.first() or category()
    return _publish(parent, page)


def media(duration=100.0, captions=CAPTIONS):
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    row = PortalMedia(title="Pitching", type="video", duration=duration, collection=root)
    row.file.save("pitching.mp4", ContentFile(b"\0" * 64), save=False)
    if captions:
        row.captions_en.save("pitching.vtt", ContentFile(captions.encode()), save=False)
    row.save()
    return row


def video(title="Pitch in wind", *, parent=None, duration=100.0, **fields):
    fields.setdefault("media", media(duration))
    page = VideoPage(title=title, locale=locale(), **fields)
    return _publish(parent or CategoryPage.objects.first() or category(), page)


def survey_index():
    page = SurveyIndexPage(title="Surveys", slug="surveys", locale=locale())
    return SurveyIndexPage.objects.first() or _publish(home(), page)


QUESTIONS = [
    {"code": "q1", "kind": "single", "text": "Where do you camp?", "options": "Sea\nMountain"},
    {"code": "q2", "kind": "multiple", "text": "With whom?", "options": "Alone\nFriends\nDog"},
    {"code": "q3", "kind": "rating", "text": "How was it?"},
    {"code": "q4", "kind": "nps", "text": "Would you recommend it?"},
    {"code": "q5", "kind": "text", "text": "Anything else?", "is_required": False},
]
ANSWERS = {"q1": 1, "q2": [0, 2], "q3": 4, "q4": 9, "q5": "More shade."}


def survey(title="Your summer", *, questions=QUESTIONS, **fields):
    page = SurveyPage(title=title, locale=locale(), **fields)
    page.questions = [
        SurveyQuestion(sort_order=place, **question) for place, question in enumerate(questions)
    ]
    return _publish(survey_index(), page)
