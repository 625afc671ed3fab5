from dataclasses import dataclass

from portal.accounts.models import Member
from portal.accounts.registry import Step, steps


@dataclass(frozen=True)
class StepState:
    """A step of the first week and whether the member has done it."""

    step: Step
    is_done: bool

    @property
    def label(self) -> str:
        return str(self.step.label)

    @property
    def url(self) -> str:
        return self.step.url

    @property
    def verb(self) -> str:
        """The verb whose award is shown beside the step."""
        return self.step.verbs[0]


@dataclass(frozen=True)
class FirstWeek:
    """The list that a new member starts with."""

    steps: list[StepState]

    @property
    def done(self) -> int:
        return sum(state.is_done for state in self.steps)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next_step(self) -> StepState | None:
        return next((state for state in self.steps if not state.is_done), None)


def first_week(member: Member) -> FirstWeek:
    """The steps whose places exist, each with its state; one query, whatever their number."""
    offered = [step for step in steps() if step.url]
    verbs = {verb for step in offered for verb in step.verbs}
    facts = member.activities.filter(verb__in=verbs).order_by("-depth", "-pk")
    standing: dict[int, bool] = {}
    done = set()
    for pk, origin, depth, verb in facts.values_list("pk", "origin_id", "depth", "verb"):
        if standing.setdefault(origin or pk, depth % 2 == 0):
            done.add(verb)
    return FirstWeek([StepState(step, not done.isdisjoint(step.verbs)) for step in offered])
