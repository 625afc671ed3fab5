"""What the apps above tell the accounts about themselves, from `AppConfig.ready()`.

Exporters hand out what an app keeps about a member, erasers empty it when the account is closed,
steps make up the list of a member's first week.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.ui.places import address_of

Exporter = Callable[["Member"], Any]  # noqa: F821
Eraser = Callable[["Member"], None]  # noqa: F821


@dataclass(frozen=True)
class Step:
    """One thing to do in the first week; any of `verbs` marks it as done."""

    code: str
    label: str
    target: str
    verbs: tuple[str, ...]
    icon: str = "circle"
    order: int = 50

    @property
    def url(self) -> str:
        """The address in the language of the page; empty where there is no such place yet."""
        return address_of(self.target)


_exporters: dict[str, Exporter] = {}
_erasers: list[Eraser] = []
_steps: dict[str, Step] = {}


def register_exporter(name: str, exporter: Exporter) -> None:
    """Put `exporter(member)`, anything that JSON can hold, into a member's export as `name`."""
    _exporters[name] = exporter


def exporters() -> dict[str, Exporter]:
    return dict(sorted(_exporters.items()))


def register_eraser(eraser: Eraser) -> None:
    """Call `eraser(member)` when an account is closed, in the closing's transaction."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erasers() -> list[Eraser]:
    return list(_erasers)


def register_step(
    code: str, label: str, target: str, *verbs: str, icon: str = "circle", order: int = 50
) -> None:
    """Put a step on the first week's list.

    Arguments: `label` is lazy; `target` is the name of a URL or a path without language; the
    step is done once the member has a standing activity with one of `verbs`.
    """
    _steps[code] = Step(code, label, target, verbs, icon, order)


def steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: (step.order, step.code))
