from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationQuerySet(models.QuerySet):
    def for_list(self):
        """Every application with who made it and who took it back, the newest first."""
        people = ("version", "applied_by", "undone_by")
        return self.select_related(*people).order_by("-pk")


class Application(models.Model):
    """A version applied to facts that were recorded before it: visible, and undone as a whole."""

    version = models.ForeignKey(
        "badges.ProgramVersion", models.PROTECT, related_name="applications"
    )
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    rules = models.JSONField(_("rules"), default=list)
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    summary = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to the past")
        verbose_name_plural = _("applications to the past")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="badges_application_has_a_length"
            )
        ]

    def __str__(self):
        return f"{self.version}: {self.since:%Y-%m-%d} - {self.until:%Y-%m-%d}"


class PastOrder(models.Model):
    """An application that is too long for a request: asked for, then made in the background.

    `key` comes with the form, so one form asks once; of a version one order is open at a time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", pgettext_lazy("application", "Done")
        FAILED = "failed", pgettext_lazy("application", "Failed")

    class Fault(models.TextChoices):
        NOTHING = "nothing", _("There was nothing left to pay or to give.")
        VERSION = "version", _("Another version was published meanwhile.")
        WITHDRAWN = "withdrawn", _("It was withdrawn.")
        ERROR = "error", _("Something went wrong; nothing was paid. The log of the jobs says what.")

    OPEN = (State.WAITING, State.RUNNING)

    version = models.ForeignKey("badges.ProgramVersion", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    rules = models.JSONField(default=list)
    note = models.CharField(max_length=200)
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="order")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="badges_form_orders_once"),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["waiting", "running"]),
                name="badges_one_open_order",
            ),
            models.CheckConstraint(
                condition=Q(state="done", application__isnull=False)
                | (~Q(state="done") & Q(application=None)),
                name="badges_done_order_is_applied",
            ),
        ]

    def __str__(self):
        return f"order of {self.version_id}: {self.state}"

    @property
    def is_open(self):
        return self.state in self.OPEN
