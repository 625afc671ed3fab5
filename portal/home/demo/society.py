"""Ideas, votes, comments, answers, registrations and contest entries of the demo community."""

import random
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from community.models import Category, Idea
from community.services.answers import answer_idea
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.votes import cast_vote
from events.models import Challenge, Contest, Entry, Occasion, Registration
from events.services.challenges import join_challenge
from events.services.contests import approve_entry, enter_contest, vote_for_entry
from events.services.registrations import mark_attended, register_for_event
from portal.accounts.models import Member
from portal.home.demo.content import FOLDER, ago, read
from portal.home.demo.timeline import Timeline


def load_boards() -> None:
    for number, row in enumerate(read("idea_categories")["idea_categories"]):
        names = {"name_en": row["name"]["en"], "name_tr": row["name"]["tr"], "icon": row["icon"]}
        Category.objects.get_or_create(code=row["code"], defaults={**names, "position": number})


class Society:
    """Plans what the members do with and for each other."""

    def __init__(self, line: Timeline, members: dict, staff: dict):
        self.line, self.members, self.staff = line, members, staff
        self.dice: random.Random = line.dice
        self.boards = {board.code: board for board in Category.objects.all()}
        self.ideas: dict[str, Idea] = {}
        self.comments: dict[tuple, object] = {}

    def somebody(self, count: int, *, since: datetime, besides: Collection[Any] = ()) -> list:
        """So many different members who had joined by then."""
        there = [m for m in self.members.values() if m.date_joined <= since and m not in besides]
        return self.dice.sample(there, min(count, len(there)))

    def plan_idea(self, row: dict) -> None:
        posted = ago(row["posted_days_ago"])
        self.line.add(posted, lambda at: self._post(row, at))
        author = self.members[row["author"]]
        for voter in self.somebody(row["voters"], since=timezone.now(), besides=[author]):
            start = max(posted, voter.date_joined) + timedelta(hours=2)
            end = min(timezone.now(), start + timedelta(days=25))
            self.line.add(
                self.line.between(start, end), lambda at, voter=voter: self._vote(row, voter, at)
            )
        for number, comment in enumerate(row.get("comments", [])):
            self._plan_comment(row, comment, (row["key"], number), None)
        if answer := row.get("official_response"):
            self.line.add(ago(answer["days_ago"]), lambda at: self._answer(row, answer, at))

    def _post(self, row: dict, at: datetime) -> None:
        self.ideas[row["key"]] = post_idea(
            author=self.members[row["author"]],
            title=row["title"],
            body=row["body"],
            category=self.boards[row["category"]],
            language=row["language"],
            at=at,
        )

    def _vote(self, row: dict, voter: Member, at: datetime) -> None:
        cast_vote(idea=self.ideas[row["key"]], member=voter, at=at)

    def _plan_comment(self, row: dict, comment: dict, key: tuple, parent: tuple | None) -> None:
        """Plan a comment and its replies; in a small community its author may be missing."""
        author = self._person(comment["author"])
        if author is None:
            return

        def say(at: datetime) -> None:
            self.comments[key] = post_comment(
                idea=self.ideas[row["key"]],
                author=author,
                body=comment["body"],
                parent=self.comments.get(parent) if parent else None,
                language=row["language"],
                at=at,
            )

        hours = len(key)
        self.line.add(ago(comment["days_ago"], hours=-hours), say)
        for number, reply in enumerate(comment.get("replies", [])):
            self._plan_comment(row, reply, (*key, number), key)

    def _answer(self, row: dict, answer: dict, at: datetime) -> None:
        answer_idea(
            idea=self.ideas[row["key"]],
            status=row["status"],
            response=answer["text"],
            by=self.staff["brand_manager"],
            at=at,
        )

    def _person(self, handle: str) -> Any:
        """Whoever goes by this handle, or nobody when the community is smaller than that."""
        return self.staff["brand_manager"] if handle == "manager" else self.members.get(handle)

    def plan_event(self, row: dict, pages: dict) -> None:
        page = next(iter(pages.values()))
        occasion = Occasion.objects.get(key=page.translation_key)
        latest = min(page.starts_at - timedelta(hours=6), timezone.now())
        for number, guest in enumerate(self.somebody(row["registrations"], since=latest)):
            start = max(guest.date_joined, latest - timedelta(days=14))
            moment = min(self.line.between(start, latest), latest)
            self.line.add(
                moment,
                lambda at, guest=guest: register_for_event(occasion=occasion, member=guest, at=at),
            )
            if number < row["attended"]:
                door = page.starts_at + timedelta(minutes=10)
                self.line.add(door, lambda at, guest=guest: self._attend(occasion, guest, at))

    def _attend(self, occasion: Occasion, guest: Member, at: datetime) -> None:
        registration = Registration.objects.filter(occasion=occasion, member=guest).first()
        if registration:
            manager = self.staff["brand_manager"]
            mark_attended(registration=registration, staff=manager, at=at)

    def plan_challenge(self, row: dict, pages: dict) -> None:
        page = next(iter(pages.values()))
        challenge = Challenge.objects.get(key=page.translation_key)
        start = challenge.starts_at
        count = max(4, len(self.members) // 4)
        for member in self.somebody(count, since=max(start, ago(12))):
            moment = max(start, member.date_joined) + timedelta(hours=self.dice.randint(1, 40))
            self.line.add(
                min(moment, challenge.ends_at - timedelta(hours=2)),
                lambda at, member=member: join_challenge(challenge=challenge, member=member, at=at),
            )

    def plan_contest(self, row: dict, pages: dict) -> None:
        page = next(iter(pages.values()))
        contest = Contest.objects.get(key=page.translation_key)
        for entry in row["entries"]:
            if entry["member"] not in self.members:
                continue
            at = min(ago(entry["days_ago"]), contest.voting_opens_at - timedelta(hours=20))
            self.line.add(at, lambda at, entry=entry: self._enter(contest, entry, at))
        if contest.voting_opens_at < timezone.now():
            for voter in self.somebody(len(self.members) // 2, since=contest.voting_opens_at):
                moment = self.line.between(contest.voting_opens_at, timezone.now())
                moment = max(moment, contest.voting_opens_at + timedelta(minutes=5))
                self.line.add(moment, lambda at, voter=voter: self._choose(contest, voter, at))

    def _enter(self, contest: Contest, row: dict, at: datetime) -> None:
        file = FOLDER / "media" / "pictures" / f"{row['picture']}.webp"
        entry = enter_contest(
            contest=contest,
            member=self.members[row["member"]],
            title=row["title"],
            text=row["text"],
            language=row["language"],
            picture=SimpleUploadedFile(file.name, file.read_bytes(), "image/webp"),
            is_old_enough=True,
            at=at,
        )
        moderator = self.staff["moderator"]
        approve_entry(entry=entry, staff=moderator, at=at + timedelta(hours=3))

    def _choose(self, contest: Contest, voter: Member, at: datetime) -> None:
        entries = Entry.objects.filter(contest=contest, state=Entry.State.APPROVED)
        others = list(entries.exclude(member=voter).select_related("contest").order_by("pk"))
        if others:
            weights = range(len(others), 0, -1)
            entry = self.dice.choices(others, weights=weights)[0]
            vote_for_entry(entry=entry, member=voter, at=at)
