"""Files in collections, and the restrictions around them."""

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from portal.cms.models import PortalDocument, PortalImage, PortalMedia


def root_collection():
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


def group_collection(group="insiders"):
    """A collection for one group of members, made once."""
    found = Collection.objects.filter(name=group).first()
    if found:
        return found
    made = root_collection().add_child(name=group)
    row = CollectionViewRestriction.objects.create(collection=made, restriction_type="groups")
    row.groups.add(Group.objects.get_or_create(name=group)[0])
    return made


def restrict(page, group="insiders"):
    """Let only one group of members see a page and what lies below it."""
    row = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    row.groups.add(Group.objects.get_or_create(name=group)[0])


def make_image(collection=None, title="Shore"):
    place = collection or root_collection()
    file = get_test_image_file("shore.png", size=(40, 30))
    return PortalImage.objects.create(title=title, file=file, collection=place)


def make_document(collection=None, name="Plan 2027.pdf"):
    place = collection or root_collection()
    file = ContentFile(b"%PDF-1.4 plan", name=name)
    return PortalDocument.objects.create(title="Plan", file=file, collection=place)


def make_film(collection=None):
    row = PortalMedia(title="Film", type="video", duration=9.0)
    row.collection = collection or root_collection()
    for name, ending in (("file", "mp4"), ("thumbnail", "png")):
        getattr(row, name).save(f"film.{ending}", ContentFile(bytes(range(200))), save=False)
    for name in ("captions_en", "captions_tr"):
        getattr(row, name).save("film.vtt", ContentFile(b"WEBVTT\n"), save=False)
    row.save()
    return row
