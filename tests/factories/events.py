"""Published pages for events, challenges and contests, with the rows that publishing makes."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Locale, Page, Site

from events.models import (
    Challenge,
    ChallengeIndexPage,
    ChallengePage,
    Contest,
    ContestIndexPage,
    ContestPage,
    EventIndexPage,
    EventPage,
    Occasion,
)
from portal.home.models import HomePage


def home_page(language="en"):
    """The home page of a language; the English one is what the site serves."""
    locale, _ = Locale.objects.get_or_create(language_code=language)
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        root = Page.objects.get(depth=1)
        english = None if language == "en" else home_page()
        home = HomePage(title=f"Home {language}", slug=f"home-{language}", locale=locale)
        if english:
            home.translation_key = english.translation_key
        root.add_child(instance=home)
        if language == "en":
            Site.objects.update_or_create(
                is_default_site=True, defaults={"hostname": "testserver", "root_page": home}
            )
    return home


def index_page(model, language="en"):
    home = home_page(language)
    page = model.objects.filter(locale=home.locale).first()
    if page is None:
        slug = {EventIndexPage: "events", ChallengeIndexPage: "challenges"}.get(model, "contests")
        page = model(title=slug.capitalize(), slug=slug, locale=home.locale)
        if language != "en":
            page.translation_key = index_page(model).translation_key
        home.add_child(instance=page)
    return page


def publish(page, parent):
    page.locale = parent.locale
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_event_page(title="Night walk", *, language="en", **fields):
    starts_at = fields.pop("starts_at", timezone.now() + timedelta(days=7))
    fields = {"ends_at": starts_at + timedelta(hours=2), "place": "Harbour", **fields}
    page = EventPage(title=title, starts_at=starts_at, **fields)
    return publish(page, index_page(EventIndexPage, language))


def make_event(title="Night walk", **fields):
    """The row with the seats of a published event."""
    return Occasion.objects.get(key=make_event_page(title, **fields).translation_key)


def make_challenge_page(title="Three ideas", *, language="en", **fields):
    now = timezone.now()
    fields = {
        "verbs": ["community.idea_posted"],
        "goal": 2,
        "unit": "ideas",
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=7),
        **fields,
    }
    return publish(ChallengePage(title=title, **fields), index_page(ChallengeIndexPage, language))


def make_challenge(title="Three ideas", **fields):
    return Challenge.objects.get(key=make_challenge_page(title, **fields).translation_key)


def make_contest_page(title="Shore in fog", *, language="en", phase="entries", **fields):
    days = {"before": (1, 2, 3), "entries": (-1, 2, 3), "voting": (-2, -1, 3), "over": (-3, -2, -1)}
    opens, votes, ends = (timezone.now() + timedelta(days=day) for day in days[phase])
    fields = {
        "rules": "<p>One picture each.</p>",
        "entries_open_at": opens,
        "voting_opens_at": votes,
        "ends_at": ends,
        **fields,
    }
    return publish(ContestPage(title=title, **fields), index_page(ContestIndexPage, language))


def make_contest(title="Shore in fog", **fields):
    return Contest.objects.get(key=make_contest_page(title, **fields).translation_key)


def picture(size=(800, 600), form="JPEG", colour="teal", name="photo.jpg", **options):
    stream = BytesIO()
    Image.new("RGB", size, colour).save(stream, form, **options)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")
