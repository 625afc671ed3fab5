"""Who may have what editors put into collections: pictures, films, captions, documents.

A file is for everybody unless its collection is restricted, or every page that shows it is.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignObjectRel, Model, Q
from django.http import HttpRequest
from wagtail.contrib.settings.models import AbstractSetting
from wagtail.documents.models import Document
from wagtail.images.models import Image, Rendition
from wagtail.models import (
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    UploadedFile,
)
from wagtail.permissions import policy_registry
from wagtail.users.models import UserProfile
from wagtailmedia.models import Media

from portal.cms.models import PortalDocument, PortalImage, PortalMedia, PortalRendition
from portal.cms.visibility import gates, restrictions_of
from portal.ui.files import (
    Access,
    Guard,
    register_files,
    register_public_folder,
    register_unserved,
)

KEEPERS = ("add", "change", "choose")


def register() -> None:
    register_files("original_images", kept_in(PortalImage, "file"), (PortalImage, "file"))
    register_files("images", rendition_access, (PortalRendition, "file"))
    for folder, name in (("media", "file"), ("media_thumbnails", "thumbnail")):
        register_files(folder, kept_in(PortalMedia, name), (PortalMedia, name))
    captions = ("captions_en", "captions_tr")
    fields = [(PortalMedia, name) for name in captions]
    register_files("captions", kept_in(PortalMedia, *captions), *fields)
    # Documents are asked for at `/documents/`, where a visitor can log in.
    register_files("documents", lambda _name, _request: Access.NONE, (PortalDocument, "file"))
    register_files("avatar_images", staff_access, (UserProfile, "avatar"))
    register_public_folder("cards")
    # What is being uploaded, and the tables that stay empty because we have models of our own.
    for model in (UploadedFile, Document, Image, Rendition, Media):
        register_unserved(model, "file")
    register_unserved(Media, "thumbnail")


def kept_in(model: Any, *names: str) -> Guard:
    """The guard of files that lie in these fields of a model that belongs to collections."""

    def access(name: str, request: HttpRequest) -> Access:
        found = Q()
        for field in names:
            found |= Q(**{field: name})
        thing = model.objects.select_related("collection").filter(found).first()
        return access_to_thing(thing, request) if thing else Access.NONE

    return access


def rendition_access(name: str, request: HttpRequest) -> Access:
    """A rendition is as private as its picture."""
    rows = PortalRendition.objects.select_related("image__collection")
    made = rows.filter(file=name).first()
    return access_to_thing(made.image, request) if made else Access.NONE


def staff_access(name: str, request: HttpRequest) -> Access:
    """Faces that staff chose for the CMS are shown there alone."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return Access.NONE
    return Access.PRIVATE if UserProfile.objects.filter(avatar=name).exists() else Access.NONE


def access_to_thing(thing: Any, request: HttpRequest) -> Access:
    """What `request` gets of a picture, film or document: everybody's, one's own, or nothing."""
    doors = [*_doors_of_collection(thing), *_doors_of_pages(thing)]
    if not doors:
        return Access.PUBLIC
    if all(is_open(request) for is_open in doors) or _keeps(request, thing):
        return Access.PRIVATE
    return Access.NONE


Door = Callable[[HttpRequest], bool]


def _doors_of_collection(thing: Any) -> list[Door]:
    path = thing.collection.path
    rows = CollectionViewRestriction.objects.select_related("collection").order_by("pk")
    return [row.accept_request for row in rows if path.startswith(row.collection.path)]


def _doors_of_pages(thing: Model) -> list[Door]:
    """One door into whichever restricted page shows the thing; none where an open one does."""
    closed = restrictions_of(_pages_with(thing) if gates() else [])
    if not closed or not all(closed):
        return []
    return [lambda request: any(_passes(request, rows) for rows in closed)]


def _passes(request: HttpRequest, restrictions: list[PageViewRestriction]) -> bool:
    return all(row.accept_request(request) for row in restrictions)


def _pages_with(thing: Model) -> list[Page]:
    """The pages that show a thing, or drafts where no page is live.

    Empty where something else shows it as well: the brand's logo is on every page.
    """
    references = ReferenceIndex.get_references_to(thing)
    kind = ContentType.objects.get_for_model(Page).pk
    found = set(references.values_list("base_content_type_id", "object_id"))
    if any(base != kind for base, _pk in found) or (found and _is_in_settings(thing)):
        return []
    rows = Page.objects.filter(pk__in=[pk for _base, pk in found]).order_by("path")
    pages = list(rows.select_related("alias_of"))
    return [page for page in pages if page.live] or pages


def _is_in_settings(thing: Model) -> bool:
    """Whether the site's settings show the thing; Wagtail keeps no references of theirs."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: thing}).exists()
        for relation in thing._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and issubclass(relation.related_model, AbstractSetting)
    )


def _keeps(request: HttpRequest, thing: Model) -> bool:
    """Whether the requester looks after the thing, or picks from its collection, in the CMS."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        return False
    policy = policy_registry.get_by_type(type(thing))
    return policy.user_has_any_permission_for_instance(request.user, KEEPERS, thing)
