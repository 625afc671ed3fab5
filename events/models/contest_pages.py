from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import PageManager
from wagtail.search import index

from events.models.contests import Contest, Entry, EntryVote
from events.models.ending import SHARED, EndingPageQuerySet, split_by_end
from events.models.reading import attach
from portal.cms.blocks import StoryBlock
from portal.cms.models import BasePage

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

WALL = 60


class ContestIndexPage(BasePage):
    """All contests: those that run now, and those that are decided."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["events.ContestPage"]
    max_count_per_parent = 1
    template = "events/contest_index_page.html"

    class Meta:
        verbose_name = _("list of contests")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        pages = ContestPage.objects.for_list(request.user, self.locale_id)
        rows = attach(pages.present_and_lately_past(), Contest.objects.all(), "contest")
        present, past = split_by_end(rows, "contest")
        return context | {"contests": present, "past": past}


class ContestPage(BasePage):
    """Members send pictures, the community votes, one entry wins."""

    parent_page_types = ["events.ContestIndexPage"]
    subpage_types: list[str] = []
    template = "events/contest_page.html"

    body = StreamField(StoryBlock(), verbose_name=_("what it is about"), blank=True)
    rules = RichTextField(
        _("rules"), help_text=_("Who may take part, what is asked for, who owns the pictures.")
    )
    prize = models.CharField(
        _("prize"),
        max_length=200,
        blank=True,
        help_text=_("What winning brings. Points are set in the programme."),
    )
    entries_open_at = models.DateTimeField(_("entries open at"), help_text=SHARED)
    voting_opens_at = models.DateTimeField(
        _("voting opens at"), help_text=_("From then on nothing can be entered any more.")
    )
    ends_at = models.DateTimeField(
        _("ends at"), help_text=_("Votes are counted then and shown for the first time.")
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("minimum age"),
        default=0,
        validators=[MaxValueValidator(99)],
        help_text=_("Members confirm it when they enter; 0 means no limit."),
    )

    objects = PageManager.from_queryset(EndingPageQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("body"),
        FieldPanel("rules"),
        FieldPanel("prize"),
        MultiFieldPanel(
            [
                FieldPanel("entries_open_at"),
                FieldRowPanel([FieldPanel("voting_opens_at"), FieldPanel("ends_at")]),
            ],
            _("When"),
        ),
        FieldPanel("minimum_age"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("rules"),
        index.FilterField("ends_at"),
    ]

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")

    def clean(self):
        super().clean()
        moments = (self.entries_open_at, self.voting_opens_at, self.ends_at)
        if not all(moments):
            return
        if self.voting_opens_at <= self.entries_open_at:
            raise ValidationError({"voting_opens_at": _("Voting opens after entries have opened.")})
        if self.ends_at <= self.voting_opens_at:
            raise ValidationError({"ends_at": _("A contest ends after voting has opened.")})

    def shared_facts(self) -> dict:
        """What all languages of the contest have in common."""
        return {
            "entries_open_at": self.entries_open_at,
            "voting_opens_at": self.voting_opens_at,
            "ends_at": self.ends_at,
            "minimum_age": self.minimum_age,
        }

    def state_for(self, member: "Viewer") -> dict:
        """Phase, wall and what one member has to do with them; four queries whatever its size."""
        contest = Contest.objects.filter(key=self.translation_key).first()
        context: dict[str, Any] = {
            "page": self,
            "contest": contest,
            "entries": [],
            "my_entry": None,
        }
        context["my_vote"] = None
        if contest is None:
            return context
        context["phase"] = contest.phase()
        context["entries"] = wall = list(Entry.objects.for_wall(contest)[:WALL])
        for entry in wall:
            entry.contest = contest
        if member.is_authenticated:
            context["my_entry"] = contest.entries.filter(member=member).first()
            votes = EntryVote.objects.filter(contest=contest, member=member)
            context["my_vote"] = votes.values_list("entry_id", flat=True).first()
        return context

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | self.state_for(request.user)
