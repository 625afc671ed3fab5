"""One key, sent again and again by everybody at once: one effect, one answer, for ever (G3).

Every way of moving value is asked through HTTP with Django's test client, or where it has no page
through its service.
"""

import json
import threading
from collections.abc import Callable, Iterable
from uuid import uuid4

from crowd import Crowd, differs, unexpected
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hammers import PRICE, do, transfers

from badges.models import Adjustment, Redemption
from portal.api.models import Call
from portal.api.scopes import SCOPES
from portal.api.services.keys import create_key
from tests.factories.rewards import make_reward
from tests.factories.staff import staff_with

CALLS, DESK = "/api/v1/activities", "/cms/programme/adjustments/new/"
DESKS_OF = 400  # a desk gives so many times before its cap of a day is reached


class Browser(threading.local):
    """A client for each thread of the crowd, logged in as whoever is asked for."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def post(self, path: str, data, session: str = "", **more):
        self.client.cookies.clear()
        if session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        return self.client.post(path, data, **more)


BROWSER = Browser()


class Calls:
    """The programming interface with its Idempotency-Key."""

    def __init__(self, members: list) -> None:
        _row, key = create_key(name="replayed", scopes=list(SCOPES))
        self.members, self.bearer = members, f"Bearer {key}"
        self.kept: dict[str, bytes] = {}

    def ask(self, key: str, lines: list[dict]):
        body = json.dumps({"source": "replayed", "activities": lines})
        headers = {"Authorization": self.bearer, "Idempotency-Key": key}
        return BROWSER.post(CALLS, body, content_type="application/json", headers=headers)

    def lines(self, number: int) -> list[dict]:
        member = self.members[number % len(self.members)]
        line = {"id": f"r{number}", "occurred_at": "2026-03-12T17:00:00Z", "object": "post:1"}
        return [line | {"verb": "import.brought", "member": member.handle}]

    def round(self, crowd: Crowd, number: int) -> Iterable[str]:
        """Everybody sends the same call; who comes while it is being worked on is told so."""
        key, lines, answers = f"call-{number}", self.lines(number), []
        yield from unexpected(
            crowd.push([lambda: answers.append(self.ask(key, lines))] * crowd.size)
        )
        done = [answer for answer in answers if answer.status_code == 200]
        yield from differs(
            "answers", {answer.status_code for answer in answers} - {200, 409}, set()
        )
        first = [answer for answer in done if "Idempotent-Replayed" not in answer]
        yield from differs("first answers", len(first), 1)
        yield from differs("kinds of answer", len({answer.content for answer in done}), 1)
        yield from differs("awards", transfers(source="replayed", key=f"r{number}").count(), 1)
        other = self.ask(key, self.lines(number + 1))
        yield from differs("for another body", other.status_code, 422)
        self.kept[key] = done[0].content if done else b""

    def finish(self) -> Iterable[str]:
        """Every key of the drill is still known, with the answer that it had."""
        for number, (key, content) in enumerate(self.kept.items()):
            again = self.ask(key, self.lines(number))
            said = again.status_code, again.get("Idempotent-Replayed"), again.content
            yield from differs(f"answer to {key}", said, (200, "true", content))
        yield from differs("calls kept", Call.objects.count(), len(self.kept))


class Forms:
    """What the two forms that move points have in common: a key, and a redirect as answer."""

    def __init__(self, members: list) -> None:
        self.members = members
        self.sent: list[tuple] = []

    def round(self, crowd: Crowd, number: int) -> Iterable[str]:
        ask, effects, other = self.form(number)
        answers = []
        yield from unexpected(crowd.push([lambda: answers.append(ask())] * crowd.size))
        yield from differs("answers", {answer.status_code for answer in answers}, {302})
        other()
        yield from differs("effects", effects(), 1)
        self.sent.append((ask, effects))

    def finish(self) -> Iterable[str]:
        """What was sent first is sent once more, and nothing happens."""
        for ask, effects in self.sent[:100]:
            ask()
            yield from differs("effects of an old key", effects(), 1)

    def form(self, number: int) -> tuple[Callable, Callable, Callable]:
        """What sends the form, what counts its effects, and what sends its key with other words."""
        raise NotImplementedError


class Redeeming(Forms):
    """The form that buys a reward."""

    def __init__(self, members: list) -> None:
        super().__init__(members)
        self.rewards = [make_reward(price=PRICE), make_reward(price=PRICE + 1)]
        self.sessions = [session_of(member) for member in members]

    def form(self, number: int):
        member, key = number % len(self.members), str(uuid4())
        session = self.sessions[member]

        def send(reward):
            path, data = f"/rewards/{reward.pk}/redeem/", {"key": key, "price": reward.price}
            return BROWSER.post(path, data, session)

        bought = Redemption.objects.filter(key=key)
        first, second = self.rewards
        return (
            lambda: send(first),
            lambda: transfers(redemption__in=bought).count(),
            lambda: send(second),
        )


class Adjusting(Forms):
    """The form with which staff give points."""

    def form(self, number: int):
        if number % DESKS_OF == 0:
            self.session = session_of(staff_with("badges.adjust_points"))
        session, key = self.session, str(uuid4())
        member = self.members[number % len(self.members)]
        words = {"key": key, "member": f"@{member.handle}", "direction": "give"}
        words |= {"currency": "points", "reason": "goodwill"}
        words |= {f"note_{language}": "Thank you." for language in ("en", "tr")}

        def send(amount: int):
            return BROWSER.post(DESK, {**words, "amount": amount}, session)

        asked = Adjustment.objects.filter(key=key)
        return (
            lambda: send(PRICE),
            lambda: transfers(adjustment__in=asked).count(),
            lambda: send(PRICE + 1),
        )


class Recording:
    """The log itself: the portal's own services record under a key."""

    def __init__(self, members: list) -> None:
        self.members = members
        self.at = timezone.now()
        self.last = 0

    def round(self, crowd: Crowd, number: int) -> Iterable[str]:
        self.last = number
        run = lambda: self.record(number)  # noqa: E731
        yield from unexpected(crowd.push([run] * crowd.size))
        yield from differs("awards", transfers(key=f"key-{number}").count(), 1)

    def record(self, number: int):
        member = self.members[number % len(self.members)]
        return do(member, "import.drilled", f"key-{number}", self.at)

    def finish(self) -> Iterable[str]:
        for number in range(min(self.last, 100)):
            self.record(number)
            yield from differs("awards", transfers(key=f"key-{number}").count(), 1)


# Ways of moving value, and the share of all replays that each gets.
REPLAYED = {
    "POST /api/v1/activities, one Idempotency-Key": (Calls, 0.3),
    "the form that redeems, one key": (Redeeming, 0.05),
    "the form that adjusts, one key": (Adjusting, 0.05),
    "record() under one key": (Recording, 0.6),
}


def session_of(member) -> str:
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
