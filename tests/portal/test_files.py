"""Every file of every model: who gets it in which state, and what others may keep of it."""

import gc
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import FileField
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import CollectionViewRestriction, Site
from wagtail.users.models import UserProfile

from events.models import Entry
from events.services.contests import approve_entry, enter_contest, refuse_entry
from knowledgebase.models import ArticlePage, VideoPage
from portal.accounts.models import Member
from portal.accounts.services.members import set_role
from portal.accounts.services.profiles import remove_picture, set_picture
from portal.cms.models import BrandSettings, PortalImage
from portal.ui.files import Access, folder_of, places, unserved
from portal.ui.sending import LOCKED_DOWN
from tests.factories import knowledge
from tests.factories.events import make_contest, picture
from tests.factories.files import (
    group_collection,
    make_document,
    make_film,
    make_image,
    restrict,
    root_collection,
)
from tests.factories.members import MemberFactory

# Wagtail leaves the temporary files of new renditions to the collector of garbage.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
PUBLIC, PRIVATE, LOGIN, MISSING = "public", "private", "login", "missing"
# Who asks: a visitor, any member, whose file it is or whom its restriction lets in, an editor.
PEOPLE = ("visitor", "member", "insider", "staff")
EVERYBODY = dict.fromkeys(PEOPLE, PUBLIC)
NOBODY = dict.fromkeys(PEOPLE, MISSING)
INSIDE = {"visitor": MISSING, "member": MISSING, "insider": PRIVATE, "staff": PRIVATE}
STAFF_ONLY = {**NOBODY, "staff": PRIVATE}
IN_COLLECTION = {"open": EVERYBODY, "restricted": INSIDE, "on a restricted page": INSIDE}
EXPECTED = {
    "cms.PortalImage.file": IN_COLLECTION,
    "cms.PortalRendition.file": IN_COLLECTION,
    "cms.PortalMedia.file": IN_COLLECTION,
    "cms.PortalMedia.thumbnail": IN_COLLECTION,
    "cms.PortalMedia.captions_en": IN_COLLECTION,
    "cms.PortalMedia.captions_tr": IN_COLLECTION,
    "cms.PortalDocument.file": {
        "open": EVERYBODY,
        "restricted": {**INSIDE, "visitor": LOGIN},
        "on a restricted page": {**INSIDE, "visitor": LOGIN},
        "by its stored name": NOBODY,
    },
    "accounts.Member.avatar": {"shown": EVERYBODY, "removed": NOBODY},
    "events.Entry.picture": {
        "waiting": INSIDE,
        "approved": EVERYBODY,
        "refused": INSIDE,
        "gone": NOBODY,
    },
    "events.Entry.thumb": {
        "waiting": INSIDE,
        "approved": EVERYBODY,
        "refused": INSIDE,
        "gone": NOBODY,
    },
    "wagtailusers.UserProfile.avatar": {"in the CMS": STAFF_ONLY},
}


def fields():
    return {
        f"{model._meta.label}.{field.name}": (model, field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    }


@pytest.fixture
def site(first_pages, commits, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path
    gc.collect()


@pytest.fixture
def people(site):
    found = {"visitor": None, **{name: MemberFactory(handle=name) for name in PEOPLE[1:]}}
    set_role(member=found["staff"], role="administrator")
    found["insider"].groups.add(Group.objects.get_or_create(name="insiders")[0])
    return found


def asked(address, member, **headers):
    client = Client()
    if member:
        client.force_login(Member.objects.get(pk=member.pk))
    return client.get(address, headers=headers)


def heard(address, member):
    """What somebody gets, in a word; the headers must say the same."""
    answer = asked(address, member)
    if answer.status_code == 302:
        return LOGIN
    if answer.status_code == 404:
        return MISSING
    assert answer.status_code == 200
    assert not answer.cookies
    kept = answer["Cache-Control"]
    if kept == "private, no-store":
        return PRIVATE
    assert kept.startswith("public, max-age=")
    return PUBLIC


def in_collection(label, state):
    """A file in a collection: open, restricted, or shown on a restricted page alone."""
    model, name = label.removeprefix("cms.").split(".")
    place = group_collection() if state == "restricted" else root_collection()
    thing = {"PortalDocument": make_document, "PortalMedia": make_film}.get(model, make_image)(
        place
    )
    if state == "on a restricted page":
        _put_on_a_page(thing)
    if model == "PortalRendition":
        return thing.get_rendition("max-20x20").url
    if model == "PortalDocument" and state != "by its stored name":
        return thing.url
    return getattr(thing, name).url


def _put_on_a_page(thing):
    kind = type(thing).__name__
    if kind == "PortalMedia":
        page = knowledge.video(media=thing)
    elif kind == "PortalImage":
        page = knowledge.article(picture=thing)
    else:
        link = f'<p><a linktype="document" id="{thing.pk}">Plan</a></p>'
        page = knowledge.article(body=[("paragraph", link)])
    restrict(page)


def address_of(label, state, people):
    if label.startswith("cms."):
        return in_collection(label, state)
    if label.startswith("events."):
        return _entry_file(label.rpartition(".")[2], state, people)
    if label == "accounts.Member.avatar":
        return _avatar(state, people)
    profile = UserProfile.get_for_user(people["staff"])
    profile.avatar.save("me.png", picture())
    return profile.avatar.url


def _entry_file(field, state, people):
    entry = enter_contest(
        contest=make_contest(),
        member=people["insider"],
        title="Fog",
        text="",
        picture=picture(),
        is_old_enough=True,
    )
    staff = Member.objects.get(pk=people["staff"].pk)
    if state == "approved":
        approve_entry(entry=entry, staff=staff)
    elif state == "refused":
        refuse_entry(entry=entry, staff=staff, reason="Not here.")
    url = getattr(entry, field).url
    if state == "gone":
        Entry.objects.filter(pk=entry.pk).delete()
    return url


def _avatar(state, people):
    set_picture(member=people["insider"], upload=picture())
    name = people["insider"].avatar.name
    if state == "removed":
        remove_picture(member=people["insider"])
        # The file stays where a storage fails to delete it.
        default_storage.save(name, ContentFile(b"left behind"))
    return default_storage.url(name)


def test_every_file_of_every_model_has_an_owner_who_answers_for_it(db):
    registered = {f"{model}.{name}" for place in places().values() for model, name in place.fields}
    folders = {
        label: places().get(folder_of(field, model())) for label, (model, field) in fields().items()
    }

    hidden = {f"{model}.{name}" for model, name in unserved()}
    assert registered == set(EXPECTED)
    assert registered | hidden == set(fields())
    assert registered & hidden == set()
    for label in registered:
        assert tuple(label.rsplit(".", 1)) in folders[label].fields, label


def test_files_that_are_not_served_are_there_for_nobody(people):
    for model, name in unserved():
        row = apps.get_model(model)()
        stored = default_storage.save(
            row._meta.get_field(name).generate_filename(row, "plan.pdf"), ContentFile(b"x")
        )

        assert heard(default_storage.url(stored), people["staff"]) == MISSING, model


@pytest.mark.parametrize("label", sorted(EXPECTED))
def test_names_of_files_cannot_be_guessed(db, label):
    model, field = fields()[label]
    made = {field.generate_filename(model(), "plan.pdf") for _ in range(3)}

    assert len(made) == 3
    for name in made:
        random = name.split("/")[1]
        assert len(random) >= 24
        assert len(name) <= field.max_length


@pytest.mark.parametrize(
    ("label", "state"), [(label, state) for label, states in EXPECTED.items() for state in states]
)
def test_file_is_for_whom_it_should_be(people, label, state):
    address = address_of(label, state, people)

    found = {name: heard(address, member) for name, member in people.items()}

    assert found == EXPECTED[label][state]


def test_missing_and_forbidden_files_answer_alike(people):
    film = make_film(group_collection())

    forbidden = asked(film.file.url, people["member"])
    missing = asked("/media/media/nothing-of-that-name.mp4", people["member"])

    def told(answer):
        return answer.status_code, sorted(answer.headers), "film" in answer.content.decode()

    assert told(forbidden) == told(missing)


def test_folder_that_nobody_registered_is_not_served(site, people):
    default_storage.save("exports/members.csv", ContentFile(b"a,b"))

    assert heard("/media/exports/members.csv", people["staff"]) == MISSING


def test_generated_folders_are_served_and_kept_for_long(site):
    default_storage.save("cards/0a1b.png", ContentFile(b"\x89PNG"))

    answer = asked("/media/cards/0a1b.png", None)

    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=604800")
    assert places()["cards"].guard("cards/0a1b.png", None) is Access.LASTING


def test_picture_that_something_open_shows_too_is_for_everybody(site):
    image = make_image()
    page = knowledge.article(picture=image)
    restrict(page)
    closed = heard(image.file.url, None)
    knowledge.article("Open", picture=image)
    on_an_open_page = heard(image.file.url, None)
    ArticlePage.objects.filter(title="Open").first().delete()
    closed_again = heard(image.file.url, None)
    brand = BrandSettings.for_site(Site.objects.get())
    brand.logo = image
    brand.save()

    assert (closed, on_an_open_page, closed_again) == (MISSING, PUBLIC, MISSING)
    assert heard(image.file.url, None) == PUBLIC


def test_restriction_of_a_section_holds_for_pictures_below_it(site):
    image = make_image()
    page = knowledge.article(picture=image)
    restrict(page.get_parent())

    assert heard(image.get_rendition("max-20x20").url, None) == MISSING


def test_picture_of_a_page_that_members_alone_see_is_theirs(people):
    film = make_film()
    page = knowledge.video(media=film)
    row = page.view_restrictions.create(restriction_type="login")

    assert heard(film.file.url, None) == MISSING
    assert heard(film.file.url, people["member"]) == PRIVATE
    row.delete()
    assert heard(film.file.url, None) == PUBLIC
    assert VideoPage.objects.count() == 1


def test_collection_with_a_password_asks_for_it(people):
    place = root_collection().add_child(name="Press")
    CollectionViewRestriction.objects.create(
        collection=place, restriction_type="password", password="kit"
    )
    document = make_document(place)
    client = Client()
    client.force_login(people["member"])

    form = client.get(document.url)
    way_in = reverse(
        "wagtaildocs_authenticate_with_password", args=[place.view_restrictions.get().pk]
    )
    client.post(way_in, {"password": "kit", "return_url": document.url})
    opened = client.get(document.url)

    assert (form.status_code, b"password" in form.content) == (200, True)
    assert opened["Content-Disposition"] == 'attachment; filename="Plan_2027.pdf"'
    assert opened["Cache-Control"] == "private, no-store"
    assert b"".join(opened.streaming_content).startswith(b"%PDF")


def test_document_answers_only_to_its_own_name(people):
    document = make_document()

    wrong = asked(f"/documents/{document.pk}/Other.pdf", None)
    other_digits = asked(f"/documents/{chr(0x0660 + document.pk % 10)}/Plan_2027.pdf", None)

    assert (wrong.status_code, other_digits.status_code) == (404, 404)


def test_parts_of_private_files_are_as_private(people):
    film = make_film(group_collection())
    wanted = {"Range": "bytes=10-19"}

    inside = asked(film.file.url, people["insider"], **wanted)
    outside = asked(film.file.url, people["member"], **wanted)

    assert (inside.status_code, inside.content) == (206, bytes(range(10, 20)))
    assert inside["Cache-Control"] == "private, no-store"
    assert outside.status_code == 404


def test_public_file_is_not_sent_again_and_a_private_one_always(people):
    shown, hidden = make_image(), make_film(group_collection())
    changed = asked(shown.file.url, None)["Last-Modified"]

    again = asked(shown.file.url, None, If_Modified_Since=changed)
    private = asked(hidden.file.url, people["insider"], If_Modified_Since=changed)

    assert (again.status_code, private.status_code) == (304, 200)


def test_proxy_is_told_only_of_files_that_are_let_out(people):
    film = make_film(group_collection())
    document = make_document(group_collection(), "Plan 2027 Ağustos.pdf")
    with override_settings(FILES_ACCEL_PREFIX="/stored/"):
        inside = asked(film.file.url, people["insider"])
        outside = asked(film.file.url, people["member"])
        saved = asked(document.url, people["insider"])

    assert (inside.content, inside["X-Accel-Redirect"]) == (b"", f"/stored/{film.file.name}")
    assert (outside.status_code, "X-Accel-Redirect" in outside) == (404, False)
    assert saved["Content-Disposition"].startswith("attachment; filename")
    assert saved["X-Accel-Redirect"].isascii()


@pytest.mark.parametrize("page", ["deploy/nginx/meydan.conf", "docs/operations.md"])
def test_proxy_keeps_files_from_running_as_the_portal_does(page):
    """nginx drops these two of the headers that come with X-Accel-Redirect."""
    text = (settings.BASE_DIR / page).read_text(encoding="utf-8")
    (stored,) = re.findall(r"^ *location /stored/ \{.*?\}", text, re.DOTALL | re.MULTILINE)

    assert "internal;" in stored
    assert f'add_header Content-Security-Policy "{LOCKED_DOWN}" always;' in stored
    assert "add_header X-Content-Type-Options nosniff always;" in stored


def test_file_is_found_by_as_many_queries_in_a_large_library(site, django_assert_num_queries):
    for _ in range(3):
        image = make_image()
    image.get_rendition("max-20x20")

    with django_assert_num_queries(3):
        assert heard(image.get_rendition("max-20x20").url, None) == PUBLIC
    assert PortalImage.objects.count() == 3
