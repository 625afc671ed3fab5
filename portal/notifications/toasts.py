"""Notices as words: what pops up on a page, what the inbox lists, what a mail says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.utils.functional import cached_property

from portal.notifications.models import Notice
from portal.notifications.registry import AwardText, Moment, NoticeText, kind_of

logger = structlog.get_logger(__name__)
REASONS = 5


def described(notices: Iterable[Notice]) -> list[tuple[Notice, NoticeText]]:
    """Put notices into words, in the language in force; what has nothing to say is left out.

    One kind's failure costs only its own notices: it is logged, and the page goes on.
    """
    notices = list(notices)
    by_kind: dict[str, list[Notice]] = {}
    for notice in notices:
        by_kind.setdefault(notice.kind, []).append(notice)
    texts: dict[int, NoticeText] = {}
    for code, group in by_kind.items():
        texts |= _texts(code, group)
    return [(notice, texts[notice.pk]) for notice in notices if notice.pk in texts]


def _texts(code: str, notices: list[Notice]) -> dict[int, NoticeText]:
    kind = kind_of(code)
    if kind is None:
        return {}
    try:
        if kind.prepare:
            kind.prepare(notices)
        texts = {notice.pk: kind.describe(notice) for notice in notices}
    except Exception:
        logger.exception("notices_not_described", kind=code)
        return {}
    return {pk: text for pk, text in texts.items() if text}


@dataclass
class ShownAward:
    """Several awards as one: amounts added for each currency, every reason once."""

    amounts: dict[str, tuple[str, int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    last: AwardText | None = None

    def add(self, award: AwardText) -> None:
        for code, name, amount in award.amounts:
            self.amounts[code] = (name, self.amounts.get(code, (name, 0))[1] + amount)
        for reason in award.reasons:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
        self.moments += award.moments
        self.last = award

    @property
    def points(self) -> int:
        return self.amounts.get("points", ("", 0))[1]

    @property
    def others(self) -> list[tuple[str, int]]:
        """Name and amount of what is not points."""
        return [pair for code, pair in self.amounts.items() if code != "points" and pair[1]]

    @property
    def shown_reasons(self) -> list[tuple[str, int]]:
        """The first reasons, each with how often it held."""
        return list(self.reasons.items())[:REASONS]

    @property
    def more_reasons(self) -> int:
        return max(0, len(self.reasons) - REASONS)

    @cached_property
    def progress(self) -> str:
        return self.last.progress() if self.last else ""


@dataclass
class Toasts:
    """What pops up together: at most one award, and one toast for each other notice."""

    award: ShownAward | None = None
    others: list[tuple[Notice, NoticeText]] = field(default_factory=list)
    sequence: int = 0

    def __bool__(self):
        return bool(self.award or self.others)


def toasts_of(notices: list[Notice]) -> Toasts:
    """Gather notices for one page, oldest first."""
    toasts = Toasts()
    for notice, text in described(notices):
        toasts.sequence = max(toasts.sequence, notice.sequence)
        if text.award is None:
            toasts.others.append((notice, text))
            continue
        toasts.award = toasts.award or ShownAward()
        toasts.award.add(text.award)
    return toasts
