import hashlib

from django.db import transaction
from django.utils import timezone

from badges.models import ProgramVersion
from badges.program.loading import ProgramError, canonical_json, check, to_document
from badges.program.schema import EMPTY_PROGRAM
from portal.activity.registry import is_known_verb

Status = ProgramVersion.Status


@transaction.atomic
def publish(*, document: dict, by=None, note: str = "") -> tuple[ProgramVersion, bool]:
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


@transaction.atomic
def save_draft(*, document: dict, revision: int) -> ProgramVersion:
    """Keep a changed draft. Raises ProgramError when it is invalid or somebody else was faster."""
    check(document, is_known_verb=is_known_verb)
    rows = ProgramVersion.objects.filter(status=Status.DRAFT, revision=revision)
    if not rows.update(document=document, revision=revision + 1, changed_at=timezone.now()):
        raise ProgramError([("draft", "somebody else has changed it meanwhile")])
    return ProgramVersion.objects.get(status=Status.DRAFT)


@transaction.atomic
def publish_draft(*, by, note: str = "") -> tuple[ProgramVersion, bool]:
    """Put the draft in force and forget it, so that the next change begins with what holds."""
    current = draft()
    version, is_new = publish(document=current.document, by=by, note=note)
    current.delete()
    return version, is_new


def discard_draft() -> None:
    """Forget the draft; what is in force stays."""
    ProgramVersion.objects.filter(status=Status.DRAFT).delete()
