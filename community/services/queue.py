"""What waits for moderators: reported things with everything said against them."""

from dataclasses import dataclass, field

from community.models import Comment, Idea, ModerationAction, Report

MOST_REPORTS = 200
MOST_ACTIONS = 50


@dataclass
class Case:
    """One reported thing with its reports, the oldest first."""

    thing: Idea | Comment
    key: str
    reports: list[Report] = field(default_factory=list)

    @property
    def idea(self) -> Idea:
        return self.thing if isinstance(self.thing, Idea) else self.thing.idea


def waiting_cases() -> list[Case]:
    """Reported things, the longest waiting first, in one query."""
    cases: dict[str, Case] = {}
    for report in Report.objects.waiting().for_list()[:MOST_REPORTS]:
        key = key_of(report.thing)
        cases.setdefault(key, Case(report.thing, key)).reports.append(report)
    return list(cases.values())


def objections() -> list[ModerationAction]:
    """Hidings against which the author objected, the longest waiting first."""
    actions = ModerationAction.objects.for_list().objected()
    return list(actions.order_by("objected_at", "pk")[:MOST_REPORTS])


def decisions() -> list[ModerationAction]:
    """The latest decisions."""
    return list(ModerationAction.objects.for_list()[:MOST_ACTIONS])


def key_of(thing: Idea | Comment) -> str:
    return f"{'idea' if isinstance(thing, Idea) else 'comment'}:{thing.pk}"


def thing_of(key: str) -> Idea | Comment | None:
    """The thing that `key_of` named, or nothing."""
    noun, _, pk = key.partition(":")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    if noun == "idea":
        return Idea.objects.select_related("author").filter(pk=pk).first()
    if noun == "comment":
        return Comment.objects.select_related("author").filter(pk=pk).first()
    return None
