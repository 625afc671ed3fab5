from events.models.challenge_pages import ChallengeIndexPage, ChallengePage
from events.models.challenges import Challenge, Participation
from events.models.contest_pages import ContestIndexPage, ContestPage
from events.models.contests import Contest, Entry, EntryVote
from events.models.event_pages import EventIndexPage, EventPage
from events.models.occasions import Occasion, Registration

__all__ = [
    "Challenge",
    "ChallengeIndexPage",
    "ChallengePage",
    "Contest",
    "ContestIndexPage",
    "ContestPage",
    "Entry",
    "EntryVote",
    "EventIndexPage",
    "EventPage",
    "Occasion",
    "Participation",
    "Registration",
]
