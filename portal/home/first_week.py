"""The steps of a member's first week that lead into the features."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.registry import register_step

# code, words, way there, icon, the verbs that finish the step
STEPS = [
    ("video", _("Watch a video"), "/knowledge/", "player-play", ["knowledgebase.video_watched"]),
    (
        "vote",
        _("Vote for an idea"),
        "community:idea_list",
        "arrow-big-up",
        ["community.vote_cast"],
    ),
    ("survey", _("Answer a survey"), "/surveys/", "list-check", ["knowledgebase.survey_answered"]),
    (
        "take-part",
        _("Register for an event or join a challenge"),
        "/events/",
        "calendar-event",
        ["events.registration_made", "events.challenge_joined"],
    ),
]


def register() -> None:
    for order, (code, words, way, icon, verbs) in enumerate(STEPS, start=2):
        register_step(code, words, way, *verbs, icon=icon, order=10 * order)
