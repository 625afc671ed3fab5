import threading
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.program.schema import EMPTY_PROGRAM, Program
from portal.activity.bundles import Answer, Bundle

# Asked with every activity, so it is not put together anew each time.
CURRENT = "SELECT id, content_hash FROM badges_programversion WHERE status = %s"
_last = threading.local()


class ProgramVersionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=ProgramVersion.Status.PUBLISHED)

    def current(self) -> tuple[int | None, Program]:
        """The version in force and its programme; an empty programme before the first."""
        return current_of(ask_current(Bundle()))


class ProgramVersion(models.Model):
    """One whole programme. A published one never changes; the next is written as a draft."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    number = models.PositiveIntegerField(_("number"), unique=True, null=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    document = models.JSONField(_("document"))
    content_hash = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    published_at = models.DateTimeField(_("published at"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ProgramVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme version")
        verbose_name_plural = _("programme versions")
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="draft"), name="badges_one_draft"
            ),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="published"), name="badges_one_published"
            ),
        ]
        permissions = [("manage_program", "Can edit and publish the programme")]

    def __str__(self):
        return f"{self.get_status_display()} {self.number or ''}".strip()


@lru_cache(maxsize=64)
def program_of(pk: int, content_hash: str) -> Program:
    """The programme of a published version, read once a process: its hash never changes."""
    rows = ProgramVersion.objects.filter(content_hash=content_hash)
    return Program.model_validate(rows.values_list("document", flat=True).get(pk=pk))


@lru_cache(maxsize=1)
def empty_program() -> Program:
    return Program.model_validate(EMPTY_PROGRAM)


def ask_current(bundle: Bundle) -> Answer:
    """Ask for the version in force, for `current_of`."""
    return bundle.ask(CURRENT, [ProgramVersion.Status.PUBLISHED.value])


def current_of(answer: Answer) -> tuple[int | None, Program]:
    """The version in force and its programme, as `ask_current` was answered."""
    version = next(iter(answer.rows), None)
    _last.found = (version[0], program_of(*version)) if version else (None, empty_program())
    return _last.found


def last_known() -> Program:
    """The programme that this thread saw last, which need not be in force any more."""
    return _last.found[1] if hasattr(_last, "found") else empty_program()
