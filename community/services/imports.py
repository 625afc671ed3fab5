"""Ideas from other forums: read in a stream, written in batches, known ones left as they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from wagtail.search.backends import get_search_backend

from community.models import Idea
from community.services.rows import RowError, idea_of

BATCH = 250


@dataclass
class ImportReport:
    """What became of the rows; `refused` holds line and reason, the first thousand of them."""

    added: int = 0
    known: int = 0
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def readable(self) -> int:
        return self.added + self.known

    def refuse(self, line: int, reason: str) -> None:
        self.refused_count += 1
        if len(self.refused) < 1_000:
            self.refused.append((line, reason))


def import_rows(
    rows: Iterable[tuple[int, Mapping[str, str] | RowError]],
    *,
    source: str,
    zone: ZoneInfo,
    is_dry_run: bool = False,
    tell: Callable[[ImportReport], None] = lambda report: None,
) -> ImportReport:
    """Keep every row that can be read whole, once by (source, id); nobody is told or paid.

    Arguments: `rows` are line numbers with rows under our field names, or with what was wrong;
    `tell` is called after each batch. A batch is one transaction, found by search at once.
    """
    report = ImportReport()
    stream = iter(rows)
    seen: set[str] = set()
    while batch := list(islice(stream, BATCH)):
        ideas = list(_readable(batch, source, zone, report))
        fresh = _unknown(ideas, source, seen)
        report.known += len(ideas) - len(fresh)
        report.added += len(fresh)
        if fresh and not is_dry_run:
            _write(fresh)
        tell(report)
    return report


def _readable(batch: Any, source: str, zone: ZoneInfo, report: ImportReport) -> Iterator[Idea]:
    for line, row in batch:
        try:
            if isinstance(row, RowError):
                raise row
            yield idea_of(row, source=source, zone=zone)
        except RowError as error:
            report.refuse(line, str(error))


def _unknown(ideas: list[Idea], source: str, seen: set[str]) -> list[Idea]:
    """The ideas that neither the database nor an earlier row of this file holds."""
    ids = [idea.source_id for idea in ideas]
    known = Idea.objects.filter(source=source, source_id__in=ids)
    seen.update(known.values_list("source_id", flat=True))
    fresh = []
    for idea in ideas:
        if idea.source_id not in seen:
            seen.add(idea.source_id)
            fresh.append(idea)
    return fresh


@transaction.atomic
def _write(ideas: list[Idea]) -> None:
    written = Idea.objects.bulk_create(ideas)
    get_search_backend().add_bulk(Idea, written)
