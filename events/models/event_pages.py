from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from events.models.editing import EventPageForm
from events.models.ending import SHARED
from events.models.occasions import Occasion, Registration
from events.models.reading import TakePartQuerySet, attach
from portal.cms.blocks import StoryBlock
from portal.cms.models import BasePage

if TYPE_CHECKING:
    from portal.accounts.models import Member
    from portal.accounts.people import Viewer

FACES = 8
PAST_ON_A_PAGE = 12


def validate_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(
            _("This is not a time zone that we know. Write one like Europe/Istanbul.")
        ) from error


def default_zone() -> str:
    return settings.PROGRAM_TIMEZONE


class EventIndexPage(BasePage):
    """The calendar: coming events by month, and those that are over."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.EventPage"]
    max_count_per_parent = 1
    template = "events/event_index_page.html"

    class Show(models.TextChoices):
        COMING = "coming", _("Coming")
        PLACE = "place", _("In person")
        ONLINE = "online", _("Online")
        MINE = "mine", _("Mine")
        PAST = "past", _("Past")

    class Meta:
        verbose_name = _("event calendar")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        wish = request.GET.get("show", "")
        show = wish if wish in self.Show.values else self.Show.COMING
        start = _offset(request.GET.get("from"))
        events = EventPage.objects.for_list(request.user, self.locale_id)
        found = events.shown_as(show, request.user)
        rows = list(found[start : start + PAST_ON_A_PAGE + 1]) if show == "past" else list(found)
        shown = rows[:PAST_ON_A_PAGE] if show == "past" else rows
        months = by_month(with_seats(shown, request.user))
        older = f"?show=past&from={start + PAST_ON_A_PAGE}" if len(rows) > len(shown) else ""
        newer = f"?show=past&from={max(0, start - PAST_ON_A_PAGE)}" if start else ""
        chips = [(value, label, value == show) for value, label in self.Show.choices]
        return context | {
            "months": months,
            "show": show,
            "chips": [chip for chip in chips if chip[0] != "mine" or request.user.is_authenticated],
            "older": older if show == "past" else "",
            "newer": newer if show == "past" else "",
        }


def _offset(text: str | None) -> int:
    """The place in the list that an address asks for; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _is_one_day(occasion: Occasion) -> bool:
    """Whether it starts and ends on one day of the reader."""
    start, end = timezone.localtime(occasion.starts_at), timezone.localtime(occasion.ends_at)
    return start.date() == end.date()


def by_month(pages):
    """Group pages, sorted by their start, into (first start of the month, pages)."""
    local = groupby(pages, key=lambda page: timezone.localtime(page.starts_at).strftime("%Y-%m"))
    groups = [list(group) for _month, group in local]
    return [(group[0].starts_at, group) for group in groups]


def with_seats(pages: Iterable[Any], member: "Viewer") -> list:
    """Give each event page its `occasion` and `is_mine`, in two queries for all."""
    pages = attach(pages, Occasion.objects.all(), "occasion")
    mine = set()
    if member.is_authenticated and pages:
        rows = Registration.objects.standing().filter(member=member)
        rows = rows.filter(occasion__in=[page.occasion for page in pages])
        mine = set(rows.values_list("occasion_id", flat=True))
    for page in pages:
        page.is_mine = page.occasion.pk in mine
    return pages


class EventPageQuerySet(TakePartQuerySet):
    def shown_as(self, show: str, member: "Member") -> Self:
        """The events behind one chip of the calendar, in the order in which it lists them."""
        now, wishes = timezone.now(), EventIndexPage.Show
        if show == wishes.PAST:
            return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")
        coming = self.filter(ends_at__gt=now).order_by("starts_at", "pk")
        if show == wishes.PLACE:
            return coming.exclude(place="")
        if show == wishes.ONLINE:
            return coming.exclude(online_url="")
        if show == wishes.MINE:
            mine = Registration.objects.standing().filter(member_id=member.pk)
            return coming.filter(translation_key__in=mine.values("occasion__key"))
        return coming


class EventPage(BasePage):
    """A calendar event that members register for and attend."""

    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []
    template = "events/event_page.html"

    starts_at = models.DateTimeField(_("starts at"), help_text=SHARED)
    ends_at = models.DateTimeField(_("ends at"), help_text=SHARED)
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default=default_zone,
        validators=[validate_zone],
        help_text=_("Whose clock the event goes by, like Europe/Istanbul."),
    )
    place = models.CharField(
        _("place"),
        max_length=140,
        blank=True,
        help_text=_("Name and address. Leave empty for an event that is online only."),
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    online_url = models.URLField(
        _("link to take part online"),
        max_length=500,
        blank=True,
        help_text=_("Only members who are registered see it."),
    )
    capacity = models.PositiveIntegerField(
        _("capacity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many seats there are, in all languages together; empty: no limit."),
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes at"),
        null=True,
        blank=True,
        help_text=_("Empty means: when the event starts."),
    )
    body = StreamField(StoryBlock(), verbose_name=_("what it is about"), blank=True)

    objects = PageManager.from_queryset(EventPageQuerySet)()

    base_form_class = EventPageForm
    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("time_zone"),
            ],
            _("When"),
        ),
        MultiFieldPanel(
            [FieldPanel("place"), FieldPanel("city"), FieldPanel("online_url")], _("Where")
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("capacity"), FieldPanel("registration_closes_at")])],
            _("Registration"),
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("place"),
        index.SearchField("city"),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self):
        super().clean()
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("An event ends after it has started.")
        closes_at = self.registration_closes_at
        if closes_at and self.starts_at and closes_at > self.starts_at:
            errors["registration_closes_at"] = _("Registration closes before the event starts.")
        if not self.place and not self.online_url:
            errors["place"] = _("Say where it is, or give a link to take part online.")
        if errors:
            raise ValidationError(errors)

    def shared_facts(self) -> dict:
        """What all languages of the event have in common."""
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "time_zone": self.time_zone,
            "registration_closes_at": self.registration_closes_at,
            "capacity": self.capacity,
        }

    def state_for(self, member: "Viewer") -> dict:
        """What the facts card shows to one member."""
        occasion = Occasion.objects.filter(key=self.translation_key).first()
        context: dict[str, Any] = {
            "page": self,
            "occasion": occasion,
            "registration": None,
            "faces": [],
        }
        if occasion is None:
            return context
        here = timezone.localtime(occasion.starts_at).utcoffset()
        context["is_other_clock"] = here != occasion.starts_at.astimezone(occasion.zone).utcoffset()
        context["is_one_day"] = _is_one_day(occasion)
        if not member.is_authenticated:
            return context
        context["registration"] = occasion.registrations.filter(member=member).first()
        context["faces"] = list(Registration.objects.faces(occasion)[:FACES])
        return context

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | self.state_for(request.user)
