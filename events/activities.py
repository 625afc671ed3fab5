"""What members do at events, in challenges and contests, with the words for a ledger line."""

from django.utils.translation import gettext_lazy as _

REGISTRATION_MADE = "events.registration_made"
ATTENDED = "events.attended"
CHALLENGE_FINISHED = "events.challenge_finished"
CONTEST_ENTERED = "events.contest_entered"
CONTEST_WON = "events.contest_won"

VERBS = {
    REGISTRATION_MADE: _("Registered for an event"),
    ATTENDED: _("Went to an event"),
    CHALLENGE_FINISHED: _("Finished a challenge"),
    CONTEST_ENTERED: _("Entered a contest"),
    CONTEST_WON: _("Won a contest"),
}
