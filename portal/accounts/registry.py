"""What the apps above tell the accounts about themselves, from `AppConfig.ready()`.

Exporters hand out what an app keeps about a member, erasers empty it when the account is closed,
followers hear who appears in lists, steps make up the list of a member's first week.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from portal.ui.places import address_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.accounts.models import Member

Exporter = Callable[["Member"], Any]
Eraser = Callable[["Member"], None]
Follower = Callable[["Member"], None]


@dataclass(frozen=True)
class Step:
    """One thing to do in the first week; any of `verbs` marks it as done."""

    code: str
    label: "StrOrPromise"
    target: str
    verbs: tuple[str, ...]
    icon: str = "circle"
    order: int = 50

    @property
    def url(self) -> str:
        """The address in the language of the page; empty where there is no such place yet."""
        return address_of(self.target)


_exporters: dict[str, Exporter] = {}
_erasers: list[tuple[Eraser, bool]] = []
_steps: dict[str, Step] = {}
_followers: list[Follower] = []
_program_zone: Callable[[], str] = lambda: settings.PROGRAM_TIMEZONE  # noqa: E731


def register_exporter(name: str, exporter: Exporter) -> None:
    """Put `exporter(member)`, anything that JSON can hold, into a member's export as `name`."""
    _exporters[name] = exporter


def exporters() -> dict[str, Exporter]:
    return dict(sorted(_exporters.items()))


def register_eraser(eraser: Eraser, *, is_public: bool = False) -> None:
    """Call `eraser(member)` when an account is closed, in the closing's transaction.

    One that `is_public` empties what others may read, and is left out where the leaving member
    wants to leave that to them, under no name.
    """
    if (eraser, is_public) not in _erasers:
        _erasers.append((eraser, is_public))


def erasers(*, with_public: bool) -> list[Eraser]:
    return [eraser for eraser, is_public in _erasers if with_public or not is_public]


def register_follower(follower: Follower) -> None:
    """Call `follower(member)` when a member enters or leaves lists, in that transaction."""
    if follower not in _followers:
        _followers.append(follower)


def tell_followers(member: "Member") -> None:
    """Say that `member` may have entered or left lists, within the transaction that did it."""
    for follow in _followers:
        follow(member)


def register_step(
    code: str,
    label: "StrOrPromise",
    target: str,
    *verbs: str,
    icon: str = "circle",
    order: int = 50,
) -> None:
    """Put a step on the first week's list.

    Arguments: `label` is lazy; `target` is the name of a URL or a path without language; the
    step is done once the member has a standing activity with one of `verbs`.
    """
    _steps[code] = Step(code, label, target, verbs, icon, order)


def register_program_time_zone(zone: Callable[[], str]) -> None:
    """Let `zone()` say in which time zone the programme counts."""
    global _program_zone
    _program_zone = zone


def program_time_zone() -> str:
    """The programme's time zone: for members of whom nothing else is known."""
    return _program_zone()


def steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: (step.order, step.code))
