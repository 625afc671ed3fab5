"""A rule on trial: published and silent. What it would have paid is rehearsed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from badges.models import ProgramVersion
from badges.program.schema import Program, Rule
from badges.services.forecasting import PAGE_MOST
from badges.services.past import Report, Stretch
from badges.services.rehearsing import Reading, rehearse_rule


@dataclass(frozen=True)
class Trial:
    """Since when a rule is on trial, and what it would have paid for what was read since."""

    rule: Rule
    since: datetime
    report: Report
    reading: Reading


def trial_of(code: str, *, most: int = PAGE_MOST) -> Trial | None:
    """Judge what was done since the rule's trial began, writing nothing; None where it has none.

    Limits, budget and control group count as if the rule had paid from then on. Of more than
    `most` activities only the latest are read.
    """
    _version, program = ProgramVersion.objects.current()
    rule = _on_trial(program, code)
    since = _begun_at(code)
    if rule is None or since is None:
        return None
    stretch = Stretch(since, timezone.now())
    report, reading = rehearse_rule(rule=rule, program=program, stretch=stretch, most=most)
    return Trial(rule, since, report, reading)


def _begun_at(code: str) -> datetime | None:
    """When the first of the latest versions without a break that have the rule on trial began."""
    versions = ProgramVersion.objects.exclude(published_at=None).order_by("-published_at", "-pk")
    begun = None
    for document, published_at in versions.values_list("document", "published_at").iterator():
        rules = {rule["code"]: rule for rule in document.get("rules", [])}
        if not rules.get(code, {}).get("shadow"):
            break
        begun = published_at
    return begun


def _on_trial(program: Program, code: str) -> Rule | None:
    return next((rule for rule in program.rules if rule.shadow and rule.code == code), None)
