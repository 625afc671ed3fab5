"""Months of activity: what everybody did, put in order of time and done through the services."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils import timezone

from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.reading import mark_read
from knowledgebase.services.surveys import answer_survey
from knowledgebase.services.watching import report_watch
from portal.accounts.models import Member

READS = {"newcomer": 2, "regular": 5, "fan": 8, "expert": 9}
WATCHES = {"newcomer": 1, "regular": 2, "fan": 3, "expert": 3}
ANSWERS = {"newcomer": 0.3, "regular": 0.5, "fan": 0.8, "expert": 0.7}


@dataclass(order=True)
class Deed:
    """Something that somebody does at a moment."""

    at: datetime
    number: int
    do: Callable[[datetime], None] = field(compare=False)


class Timeline:
    """Deeds of everybody; `run` does them in the order of time, skipping what is refused."""

    def __init__(self, dice: random.Random):
        self.dice = dice
        self.deeds: list[Deed] = []
        self.refused = 0

    def add(self, at: datetime, do: Callable[[datetime], None]) -> None:
        at = min(at, timezone.now() - timedelta(minutes=2))
        self.deeds.append(Deed(at, len(self.deeds), do))

    def between(self, start: datetime, end: datetime) -> datetime:
        """A moment from `start` to `end`, by day where it can be, more likely in the evening."""
        span = max(0.0, (end - start).total_seconds())
        moment = start + timedelta(seconds=self.dice.uniform(0, span))
        by_day = moment.replace(hour=self.dice.choice((7, 9, 12, 15, 17, 18, 19)), second=0)
        return by_day if start <= by_day <= end else moment

    def run(self, tell: Callable[[int, int], None]) -> None:
        for number, deed in enumerate(sorted(self.deeds), 1):
            try:
                deed.do(deed.at)
            except ValidationError:
                self.refused += 1
            if number % 500 == 0:
                tell(number, len(self.deeds))


def add_learning(
    line: Timeline, member: Member, persona: str, joined: datetime, pages: dict
) -> None:
    """Reading, watching and answering of one member since they joined."""
    dice, now = line.dice, timezone.now()
    since = max(joined, now - timedelta(days=120))
    for article in dice.sample(pages["articles"], min(READS[persona], len(pages["articles"]))):
        page = article[member.language]
        line.add(line.between(since, now), lambda at, page=page: _read(member, page, at, dice))
    for video in dice.sample(pages["videos"], min(WATCHES[persona], len(pages["videos"]))):
        page = video[member.language]
        line.add(line.between(since, now), lambda at, page=page: _watch(member, page, at))
    for survey in pages["surveys"]:
        if dice.random() < ANSWERS[persona]:
            page = survey[member.language]
            start = max(joined, now - timedelta(days=38))
            line.add(
                line.between(start, now), lambda at, page=page: _answer(member, page, at, dice)
            )


def _read(member: Member, page: Any, at: datetime, dice: random.Random) -> None:
    mark_read(member=member, article=page, opened_at=at - timedelta(minutes=6), at=at)
    if dice.random() < 0.25:
        give_feedback(page=page, is_helpful=dice.random() < 0.9, member=member, at=at)


def _watch(member: Member, page: Any, at: datetime) -> None:
    seconds = page.media.duration
    report_watch(
        member=member,
        video=page,
        session=uuid4(),
        intervals=[[0, seconds]],
        opened_at=at - timedelta(seconds=seconds + 1),
        at=at,
    )


def _answer(member: Member, page: Any, at: datetime, dice: random.Random) -> None:
    answers = {}
    for question in page.questions.all():
        options = question.options.splitlines()
        answers[question.code] = {
            "single": lambda options=options: dice.randrange(len(options)),
            "multiple": lambda options=options: dice.sample(range(len(options)), 2),
            "rating": lambda: dice.choice((3, 4, 4, 5, 5)),
            "nps": lambda: dice.choice((6, 7, 8, 9, 9, 10, 10)),
            "text": lambda: "",
        }[question.kind]()
    answer_survey(member=member, survey=page, answers=answers, at=at)
