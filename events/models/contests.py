from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal.cms.visibility import visible_keys


class ContestQuerySet(models.QuerySet):
    def due(self, now: datetime) -> Self:
        """Those whose time is over and whose votes are not yet counted."""
        return self.filter(ends_at__lte=now, closed_at=None)


class Contest(models.Model):
    """What a contest has once for all its languages; copied from the page when published."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("Opens soon")
        ENTRIES = "entries", _("Entries are open")
        VOTING = "voting", _("Voting is open")
        COUNTING = "counting", _("Votes are being counted")
        CLOSED = "closed", _("Decided")

    key = models.UUIDField(unique=True)
    entries_open_at = models.DateTimeField(_("entries open at"))
    voting_opens_at = models.DateTimeField(_("voting opens at"))
    ends_at = models.DateTimeField(_("ends at"))
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), default=0)
    is_open = models.BooleanField(_("published"), default=True)
    closed_at = models.DateTimeField(_("decided at"), null=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        constraints = [
            models.CheckConstraint(
                condition=Q(voting_opens_at__gt=F("entries_open_at"))
                & Q(ends_at__gt=F("voting_opens_at")),
                name="events_contest_phases_in_order",
            )
        ]

    def __str__(self):
        return str(self.key)

    @property
    def object(self):
        """The name by which activities know this contest."""
        return f"contest:{self.key}"

    def phase(self, now: datetime | None = None) -> str:
        now = now or timezone.now()
        if self.closed_at:
            return self.Phase.CLOSED
        if now >= self.ends_at:
            return self.Phase.COUNTING
        if now >= self.voting_opens_at:
            return self.Phase.VOTING
        return self.Phase.ENTRIES if now >= self.entries_open_at else self.Phase.BEFORE


def entry_path(entry, filename):
    """A random name, so that a picture's address says nothing and cannot be guessed."""
    return f"entries/{get_random_string(24)}.webp"


class EntryQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(state=Entry.State.APPROVED)

    def in_contests_of(self, viewer):
        """Those whose contest `viewer` may see; None is the public."""
        return self.filter(contest__key__in=visible_keys(viewer))

    def visible_to(self, member):
        """Approved entries, one's own, and all for those who judge; of contests that one sees."""
        rows = self.in_contests_of(member)
        if member.has_perm("events.judge_contest"):
            return rows
        return rows.filter(Q(state=Entry.State.APPROVED) | Q(member_id=member.pk))

    def for_wall(self, contest):
        """The approved entries of a contest; votes decide the order only when all is decided."""
        rows = self.approved().filter(contest=contest).select_related("member")
        if contest.closed_at:
            return rows.in_order()
        return rows.order_by("-entered_at", "-pk")

    def in_order(self):
        """The order of a decided contest, the winner first."""
        return self.order_by("-is_winner", "-vote_count", "entered_at", "pk")

    def with_count(self):
        """Annotate `counted`, the votes cast so far: for those who close the contest alone."""
        return self.annotate(counted=Count("votes"))

    def ranked(self, contest):
        """The approved entries, most votes first; at a tie the earlier entry wins."""
        rows = self.approved().filter(contest=contest).with_count()
        return rows.order_by("-counted", "entered_at", "pk")

    def for_queue(self, state: str) -> Self:
        rows = self.filter(state=state).select_related("member", "contest", "judged_by")
        return rows.order_by("entered_at", "pk")


class Entry(models.Model):
    """What a member sends to a contest; others see it once it is approved."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="entries")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("member"),
    )
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), max_length=2_000, blank=True)
    text_html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=5, default="en")
    picture = models.ImageField(
        _("picture"),
        upload_to=entry_path,
        width_field="picture_width",
        height_field="picture_height",
    )
    picture_width = models.PositiveIntegerField(default=0)
    picture_height = models.PositiveIntegerField(default=0)
    thumb = models.ImageField(upload_to=entry_path)
    age_confirmed_at = models.DateTimeField(_("age confirmed at"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    judged_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    vote_count = models.PositiveIntegerField(_("votes"), default=0)
    is_winner = models.BooleanField(_("winner"), default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("contest entry")
        verbose_name_plural = _("contest entries")
        constraints = [
            models.UniqueConstraint(fields=["contest", "member"], name="events_one_entry_a_member"),
            models.UniqueConstraint(
                fields=["contest"], condition=Q(is_winner=True), name="events_one_winner"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="events_refused_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["contest", "state", "-entered_at"], name="events_entry_wall"),
            models.Index(fields=["picture"], name="events_entry_picture"),
            models.Index(fields=["thumb"], name="events_entry_thumb"),
        ]
        permissions = [("judge_contest", "Can approve and refuse entries and close contests")]

    def __str__(self):
        return self.title

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    def get_absolute_url(self):
        return reverse("events:entry_detail", args=[self.contest.key, self.pk])


class EntryVote(models.Model):
    """A member's one voice in a contest; it may move to another entry until the end."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="votes")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="entry_votes")
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "member"], name="events_one_vote_a_member_and_contest"
            )
        ]

    def __str__(self):
        return f"{self.member_id} for {self.entry_id}"
