"""Who sees which page: Wagtail's view restrictions, one rule for lists, records and actions.

A restriction shuts the page that it stands on and everything below, in every language, and aliases
of it. Within a request the restrictions are read once, and the session that gave a password passes;
elsewhere (jobs, mails, feeds without a session) a password shuts out everybody.
"""

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

NOTHING = Q(pk__in=[])


@dataclass
class Gate:
    """A restriction with what it shuts: pages by their keys, and all below the paths of some."""

    restriction: PageViewRestriction
    keys: set[UUID]
    paths: set[str] = field(default_factory=set)

    def touches(self, keys: Iterable[UUID], paths: Iterable[str]) -> bool:
        below = tuple(self.paths)
        return not self.keys.isdisjoint(keys) or any(path.startswith(below) for path in paths)

    def spread(self, families: "dict[UUID, list[Branch]]") -> set[str]:
        """Take in the families that it touches; return the paths below which it shuts now too."""
        before = set(self.paths)
        for key, family in families.items():
            if self.touches([key], (one.path for one in family)):
                self.keys.add(key)
                self.paths |= {one.path for one in family if one.has_children}
        return self.paths - before


class Branch(NamedTuple):
    """One language, or an alias, of a page."""

    path: str
    has_children: bool


@dataclass
class Reading:
    """What one request knows: its session's passwords, and what was read for it already."""

    request: HttpRequest
    gates: list[Gate] | None = None
    groups: dict[int, set[int]] = field(default_factory=dict)
    closed: dict[tuple, Q] = field(default_factory=dict)

    def passes(self, viewer: "Viewer | None") -> set[int]:
        """The restrictions whose password this browser gave, if it is the viewer's."""
        if not self.is_of(viewer):
            return set()
        session = getattr(self.request, "session", {})
        return set(session.get(PageViewRestriction.passed_view_restrictions_session_key, ()))

    def is_of(self, viewer: "Viewer | None") -> bool:
        """Whether the viewer is who sent the request; visitors are told apart by the object."""
        reader = getattr(self.request, "user", None)
        if viewer is None or reader is None or viewer.pk is None:
            return viewer is not None and viewer is reader
        return viewer.pk == reader.pk


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def begin_reading(request: HttpRequest) -> None:
    """From now on questions are asked for this request."""
    _reading.set(Reading(request))


def end_reading() -> None:
    _reading.set(None)


def gates() -> list[Gate]:
    """Every restriction with all that it shuts; read once a request."""
    reading = _reading.get()
    if reading is None:
        return _read_gates()
    if reading.gates is None:
        reading.gates = _read_gates()
    return reading.gates


def restrictions_of(pages: Sequence[Page]) -> list[list[PageViewRestriction]]:
    """The restrictions that hold for each page, in whichever language they stand."""
    shut = gates()
    if not shut:
        return [[] for _page in pages]
    keys = [_keys_of(page) for page in pages]
    paths: dict[UUID, set[str]] = {}
    twins = Page.objects.filter(translation_key__in=set().union(*keys)).order_by()
    for key, path in twins.values_list("translation_key", "path"):
        paths.setdefault(key, set()).add(path)
    found = []
    for page, own in zip(pages, keys, strict=True):
        places = {page.path}.union(*(paths.get(key, ()) for key in own))
        found.append([gate.restriction for gate in shut if gate.touches(own, places)])
    return found


def _keys_of(page: Page) -> set[UUID]:
    """The page's own key, and that of the page whose alias it is."""
    own = {page.translation_key}
    return own | {page.alias_of.translation_key} if page.alias_of_id else own


def closed_to(viewer: "Viewer | None", *, knows_passwords: bool = False) -> Q:
    """Which pages restrictions keep from `viewer`; None is the public.

    `knows_passwords` is for telling those who take part already: a password does not say who
    somebody is, so it keeps nothing from those who were let in.
    """
    reading = _reading.get()
    kept = reading.closed if reading else {}
    is_reader = reading is not None and reading.is_of(viewer)
    asked = (viewer and viewer.pk, viewer is None, knows_passwords, is_reader)
    if asked not in kept:
        shut = [gate for gate in gates() if not _opens_for(gate.restriction, viewer)]
        kept[asked] = _behind(shut, knows_passwords)
    return kept[asked]


def _behind(shut: list[Gate], knows_passwords: bool) -> Q:
    """Which pages lie behind these gates, or are translations or aliases of such."""
    if knows_passwords:
        kind = PageViewRestriction.PASSWORD
        shut = [gate for gate in shut if gate.restriction.restriction_type != kind]
    keys = {key for gate in shut for key in gate.keys}
    paths = {path for gate in shut for path in gate.paths}
    if not keys:
        return NOTHING
    closed = Q(translation_key__in=keys) | Q(alias_of__translation_key__in=keys)
    if not paths:
        return closed
    below = Page.objects.filter(_under(paths))
    twin = below.filter(translation_key=OuterRef("translation_key"))
    source = below.filter(translation_key=OuterRef("alias_of__translation_key"))
    return closed | Q(Exists(twin)) | Q(Exists(source))


def seen_by(pages: Any, viewer: "Viewer | None", *, knows_passwords: bool = False) -> Any:
    """Of some pages the published ones that have not expired and that `viewer` may see."""
    expired = Q(expire_at__lte=timezone.now())
    closed = closed_to(viewer, knows_passwords=knows_passwords)
    return pages.filter(live=True).exclude(expired).exclude(closed)


def visible_keys(viewer: "Viewer | None") -> Any:
    """The translation keys of whatever `viewer` may see, for rows that hang on a key."""
    return seen_by(Page.objects.all(), viewer).order_by().values("translation_key")


def is_visible(key: UUID | str, viewer: "Viewer | None") -> bool:
    """Whether `viewer` may see what this translation key stands for, in any language."""
    return bool(seen_by(Page.objects.filter(translation_key=key), viewer).exists())


def require_visible(key: UUID | str, viewer: "Viewer | None") -> None:
    """Let nobody act on a page that they may not see. Raises PermissionDenied."""
    if not is_visible(key, viewer) and Page.objects.filter(translation_key=key).exists():
        raise PermissionDenied


def _opens_for(restriction: PageViewRestriction, viewer: "Viewer | None") -> bool:
    kind = restriction.restriction_type
    if kind == PageViewRestriction.PASSWORD:
        reading = _reading.get()
        return reading is not None and restriction.pk in reading.passes(viewer)
    if kind == PageViewRestriction.NONE:
        return True
    if viewer is None or not viewer.is_authenticated:
        return False
    if kind == PageViewRestriction.LOGIN or viewer.is_superuser:
        return True
    return not _groups_of(viewer).isdisjoint(group.pk for group in restriction.groups.all())


def _groups_of(viewer: Any) -> set[int]:
    reading = _reading.get()
    kept = reading.groups if reading else {}
    if viewer.pk not in kept:
        kept[viewer.pk] = set(viewer.groups.values_list("pk", flat=True))
    return kept[viewer.pk]


def _read_gates() -> list[Gate]:
    rows = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    found = [Gate(row, {row.page.translation_key}) for row in rows.order_by("pk")]
    wanted = Q(translation_key__in={gate.restriction.page.translation_key for gate in found})
    fresh = bool(found)
    while fresh:
        families = _families(wanted)
        paths = {path for gate in found for path in gate.spread(families)}
        wanted, fresh = _under(paths) & Q(numchild__gt=0), bool(paths)
    return found


def _families(wanted: Q) -> dict[UUID, list[Branch]]:
    """All languages and aliases of some pages, by the key of the original.

    Leaves below a restriction are never asked for: a page is compared by its own key as well.
    """
    keys = Page.objects.filter(wanted).order_by().values("translation_key")
    pages = Page.objects.annotate(key=Coalesce("alias_of__translation_key", "translation_key"))
    rows = pages.filter(key__in=keys).order_by().values_list("key", "path", "numchild")
    found: dict[UUID, list[Branch]] = {}
    for key, path, children in rows:
        found.setdefault(key, []).append(Branch(path, children > 0))
    return found


def _under(paths: Iterable[str]) -> Q:
    """At or below these paths, each branch named once."""
    top: list[str] = []
    for path in sorted(paths):
        if not top or not path.startswith(top[-1]):
            top.append(path)
    below = NOTHING
    for path in top:
        below |= Q(path__startswith=path)
    return below
