import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.models import DraftStep, ProgramVersion
from badges.models.programs import program_of
from badges.program.differences import changed_parts
from badges.program.loading import canonical_json, check, to_document
from badges.program.problems import ProgramError
from badges.program.schema import EMPTY_PROGRAM, Program
from badges.services.counting import count_anew, counted_otherwise
from portal.accounts.models import Member
from portal.activity.registry import is_known_verb

Status = ProgramVersion.Status


class DraftConflictError(ProgramError):
    """The draft is no longer the one that was read."""

    def __init__(self) -> None:
        super().__init__([("draft", _("Somebody else has changed the draft meanwhile."))])


@dataclass(frozen=True)
class Desk:
    """What the next edit begins with: the draft, or what is in force where there is none.

    `mark` names exactly this state; an edit that brings an older mark is refused.
    """

    document: dict
    mark: str
    is_draft: bool

    @cached_property
    def program(self) -> Program:
        return Program.model_validate(self.document)


@transaction.atomic
def publish(
    *, document: dict, by: Member | None = None, note: str = ""
) -> tuple[ProgramVersion, bool]:
    """Check a whole programme and put it in force; the former one is archived.

    Returns the version in force and whether it is new: an equal document makes none.
    Raises ProgramError with every problem and its place.
    """
    program = check(document, is_known_verb=is_known_verb)
    canonical = to_document(program)
    digest = hashlib.sha256(canonical_json(canonical).encode()).hexdigest()
    former = ProgramVersion.objects.select_for_update().published().first()
    if former and former.content_hash == digest:
        return former, False
    if former:
        former.status = Status.ARCHIVED
        former.save(update_fields=["status"])
        before = program_of(former.pk, former.content_hash)
        count_anew(counted_otherwise(before, program), program)
    version = ProgramVersion.objects.create(
        number=former.number + 1 if former else 1,
        status=Status.PUBLISHED,
        document=canonical,
        content_hash=digest,
        note=note,
        published_at=timezone.now(),
        published_by=by,
    )
    return version, True


def published_document() -> dict:
    """The document in force, or the empty programme's."""
    version = ProgramVersion.objects.published().first()
    return version.document if version else EMPTY_PROGRAM


@transaction.atomic
def draft() -> ProgramVersion:
    """The one draft, begun as a copy of what is in force."""
    known = ProgramVersion.objects.filter(status=Status.DRAFT).first()
    if known:
        return known
    return ProgramVersion.objects.create(
        status=Status.DRAFT, document=published_document(), content_hash=""
    )


def open_desk() -> Desk:
    """Read the draft without beginning one."""
    known = ProgramVersion.objects.filter(status=Status.DRAFT).first()
    if known:
        return Desk(known.document, f"draft-{known.pk}-{known.revision}", is_draft=True)
    version = ProgramVersion.objects.published().first()
    if version:
        return Desk(version.document, f"version-{version.number}", is_draft=False)
    return Desk(EMPTY_PROGRAM, "version-0", is_draft=False)


@transaction.atomic
def save_draft(*, document: dict, revision: int) -> ProgramVersion:
    """Keep a changed draft. Raises ProgramError when invalid, DraftConflictError when overtaken."""
    canonical = to_document(check(document, is_known_verb=is_known_verb))
    rows = ProgramVersion.objects.filter(status=Status.DRAFT, revision=revision)
    if not rows.update(document=canonical, revision=revision + 1, changed_at=timezone.now()):
        raise DraftConflictError
    return ProgramVersion.objects.get(status=Status.DRAFT)


@transaction.atomic
def keep_draft(*, document: dict, mark: str, by: Member | None = None) -> ProgramVersion:
    """Keep `document` as the draft, begun where needed, if nothing happened since `mark`.

    Raises ProgramError when it is invalid, DraftConflictError when somebody else was faster.
    """
    _refuse_overtaken(mark)
    try:
        with transaction.atomic():
            current = draft()
    except IntegrityError as error:
        raise DraftConflictError from error
    kept = save_draft(document=document, revision=current.revision)
    if changes := changed_parts(current.document, kept.document):
        DraftStep.objects.create(kind=DraftStep.Kind.KEPT, changes=changes, taken_by=by)
    return kept


@transaction.atomic
def publish_draft(*, by: Member, note: str = "", mark: str = "") -> tuple[ProgramVersion, bool]:
    """Put the draft in force and forget it, so that the next change begins with what holds.

    With a mark, only if the draft is still the one that was looked at.
    """
    _refuse_overtaken(mark)
    current = draft()
    version, is_new = publish(document=current.document, by=by, note=note)
    current.delete()
    return version, is_new


@transaction.atomic
def discard_draft(*, mark: str = "", by: Member | None = None) -> None:
    """Forget the draft; what is in force stays."""
    _refuse_overtaken(mark)
    known = ProgramVersion.objects.filter(status=Status.DRAFT).first()
    if known is None:
        return
    changes = changed_parts(published_document(), known.document)
    known.delete()
    DraftStep.objects.create(kind=DraftStep.Kind.DISCARDED, changes=changes, taken_by=by)


def _refuse_overtaken(mark: str) -> None:
    if mark and mark != open_desk().mark:
        raise DraftConflictError
