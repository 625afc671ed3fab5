"""One step that is worth taking now: chosen, never a list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Vote
from events.services.agenda import challenges_of
from portal.accounts.models import Member
from portal.accounts.services.steps import first_week


@dataclass(frozen=True)
class NextStep:
    """What to do, why, and where."""

    title: str
    text: str
    url: str
    action: str
    icon: str


def next_step(member: Member) -> NextStep:
    """The first open step of the first week, else a running challenge, else a vote."""
    if step := first_week(member).next_step:
        text = _("It is one of five steps of your first week.")
        return NextStep(step.label, text, step.url, _("Do it now"), "sparkles")
    for page in challenges_of(member=member):
        if not page.participation.is_finished:
            text = _("You are on your way: %(current)s of %(goal)s.") % {
                "current": page.participation.shown_progress,
                "goal": page.goal,
            }
            return NextStep(page.title, text, page.url, _("See the challenge"), "target-arrow")
    ideas = reverse("community:idea_list")
    if not Vote.objects.filter(member=member).exists():
        text = _("Your vote helps the brand to see what matters.")
        return NextStep(_("Vote for an idea"), text, ideas, _("See the ideas"), "bulb")
    text = _("Something that should be different? Others may think so too.")
    url = reverse("community:idea_new")
    return NextStep(_("Share an idea"), text, url, _("Share an idea"), "bulb")
