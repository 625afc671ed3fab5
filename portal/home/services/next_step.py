"""One step that is worth taking now: chosen, never a list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from events.services.agenda import challenges_of

from community.models import Vote
from portal.accounts.services.first_week import first_week


@dataclass(frozen=True)
class NextStep:
    """What to do, why, and where."""

    title: str
    text: str
    url: str
    action: str
    icon: str


def next_step(member) -> NextStep:
    """The first open step of the first week, else a running challenge, else something to vote on."""
    for step in first_week(member).steps:
        if not step.is_done:
            text = _("It is one of five steps of your first week.")
            return NextStep(str(step.label), text, step.url, _("Do it now"), "sparkles")
    for challenge in challenges_of(member):
        text = _("You are on your way: %(current)s of %(goal)s.") % {
            "current": challenge.current,
            "goal": challenge.goal,
        }
        title, url = challenge.title, challenge.url
        return NextStep(title, text, url, _("See the challenge"), "target-arrow")
    ideas = reverse("community:idea_list")
    if not Vote.objects.filter(member=member).exists():
        text = _("Your vote helps the brand to see what matters.")
        return NextStep(_("Vote for an idea"), text, ideas, _("See the ideas"), "bulb")
    text = _("Something that should be different? Others may think so too.")
    url = reverse("community:idea_new")
    return NextStep(_("Share an idea"), text, url, _("Share an idea"), "bulb")
