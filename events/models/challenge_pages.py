from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.search import index

from events.models.challenges import Challenge, Participation
from events.models.ending import SHARED, EndingPageQuerySet, split_by_end
from events.models.fields import VerbsField
from events.models.reading import attach
from portal.activity.registry import verb_label
from portal.cms.blocks import StoryBlock
from portal.cms.models import BasePage

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

FACES = 12


class ChallengeIndexPage(BasePage):
    """All challenges: those that run now, and those that are over."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.ChallengePage"]
    max_count_per_parent = 1
    template = "events/challenge_index_page.html"

    class Meta:
        verbose_name = _("list of challenges")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = ChallengePage.objects.for_list(request.user, self.locale_id)
        rows = with_progress(pages.present_and_lately_past(), request.user)
        present, past = split_by_end(rows, "challenge")
        return context | {"challenges": present, "past": past}


def with_progress(pages: Iterable[Any], member: "Viewer") -> list:
    """Give each page its `challenge` and the member's `participation`, in two queries for all."""
    pages = attach(pages, Challenge.objects.all(), "challenge")
    mine = {}
    if member.is_authenticated and pages:
        rows = Participation.objects.filter(member=member)
        rows = rows.filter(challenge__in=[page.challenge for page in pages])
        mine = {row.challenge_id: row for row in rows}
    for page in pages:
        page.participation = mine.get(page.challenge.pk)
        if page.participation:
            page.participation.challenge = page.challenge
    return pages


class ChallengePage(BasePage):
    """Do this often enough by then, and the finish is yours."""

    parent_page_types = ["events.ChallengeIndexPage"]
    subpage_types: list[str] = []
    template = "events/challenge_page.html"

    verbs = VerbsField(
        _("what counts"),
        default=list,
        help_text=_("Each of these activities moves a member one step towards the goal."),
    )
    goal = models.PositiveIntegerField(
        _("goal"),
        validators=[MinValueValidator(1)],
        help_text=_("How many steps finish the challenge."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=40,
        help_text=_("What is counted, in the language of this page: “ideas”, “articles”."),
    )
    starts_at = models.DateTimeField(_("starts at"), help_text=SHARED)
    ends_at = models.DateTimeField(_("ends at"), help_text=SHARED)
    prize = models.CharField(
        _("prize"),
        max_length=200,
        blank=True,
        help_text=_("What finishing brings. Points are set in the programme."),
    )
    body = StreamField(StoryBlock(), verbose_name=_("what it is about"), blank=True)

    objects = PageManager.from_queryset(EndingPageQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [FieldPanel("verbs"), FieldRowPanel([FieldPanel("goal"), FieldPanel("unit")])],
            _("Goal"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], _("When")
        ),
        FieldPanel("prize"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("prize"),
        index.FilterField("ends_at"),
    ]

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")

    def clean(self):
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("A challenge ends after it has started.")})

    @property
    def verb_labels(self):
        """What counts, in words."""
        return [verb_label(verb) for verb in self.verbs]

    def shared_facts(self) -> dict:
        """What all languages of the challenge have in common."""
        return {
            "verbs": list(self.verbs),
            "goal": self.goal,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
        }

    def state_for(self, member: "Viewer") -> dict:
        """What the goal card shows to one member."""
        challenge = Challenge.objects.filter(key=self.translation_key).first()
        context: dict[str, Any] = {
            "page": self,
            "challenge": challenge,
            "participation": None,
            "faces": [],
        }
        if challenge is None or not member.is_authenticated:
            return context
        rows = challenge.participations.filter(member=member).select_related("challenge")
        context["participation"] = rows.first()
        context["faces"] = list(Participation.objects.faces(challenge)[:FACES])
        return context

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | self.state_for(request.user)
