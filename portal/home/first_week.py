"""The steps of a member's first week that lead into the features."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.registry import register_step


def register() -> None:
    register_step(
        "video",
        _("Watch a video"),
        "/knowledge/",
        "knowledgebase.video_watched",
        icon="player-play",
        order=20,
    )
    register_step(
        "vote",
        _("Vote for an idea"),
        "community:idea_list",
        "community.vote_cast",
        icon="arrow-big-up",
        order=30,
    )
    register_step(
        "survey",
        _("Answer a survey"),
        "/surveys/",
        "knowledgebase.survey_answered",
        icon="list-check",
        order=40,
    )
    register_step(
        "take-part",
        _("Register for an event or join a challenge"),
        "/events/",
        "events.registration_made",
        "events.challenge_joined",
        icon="calendar-event",
        order=50,
    )
