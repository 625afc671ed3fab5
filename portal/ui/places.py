"""The places of the site's navigation: what exists is shown, what does not yet is left out."""

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _


@dataclass
class Place:
    """One stop of the navigation, with the places below it."""

    title: str
    url: str
    icon: str
    current: bool = False
    items: list["Place"] = field(default_factory=list)


# Title, icon, address; an address with a slash is a page's path, else the name of a URL.
HOME = (_("Home"), "home", "/")
COMMUNITY = [
    (_("Ideas"), "bulb", "community:idea_list"),
    (_("Roadmap"), "route", "community:roadmap"),
    (_("Discussions"), "messages", "community:topic_list"),
    (_("Stories"), "heart-handshake", "community:story_list"),
]
TAKE_PART = [
    (_("Events"), "calendar-event", "/events/"),
    (_("Challenges"), "target-arrow", "/challenges/"),
    (_("Contests"), "trophy", "/contests/"),
]
KNOWLEDGE = (_("Knowledge"), "book", "/knowledge/")
LEADERBOARD = (_("Leaderboard"), "medal", "badges:leaderboard")
REWARDS = (_("Rewards"), "gift", "badges:reward_list")

SETTINGS = [
    (_("Profile"), "user", "accounts:settings_profile"),
    (_("Notifications"), "bell", "notifications:preferences"),
    (_("Privacy"), "shield-half", "accounts:settings_privacy"),
    (_("Email addresses"), "mail", "account_email"),
    (_("Password"), "lock", "account_change_password"),
    (_("Second factor"), "shield-check", "mfa_index"),
    (_("Devices"), "device-laptop", "usersessions_list"),
    (_("Your data"), "download", "accounts:settings_export"),
    (_("Close the account"), "logout", "accounts:settings_close"),
]


def address_of(target: str) -> str:
    """Return the address in the language of the page, or nothing if there is no such place."""
    if target.startswith("/"):
        language = get_language() or settings.LANGUAGE_CODE
        return target if language == settings.LANGUAGE_CODE else f"/{language}{target}"
    try:
        return reverse(target)
    except NoReverseMatch:
        return ""


def place_of(entry: tuple[str, str, str], path: str) -> Place | None:
    title, icon, target = entry
    url = address_of(target)
    if not url:
        return None
    here = path == url if target == "/" else path.startswith(url)
    return Place(title=gettext(title), url=url, icon=icon, current=here)


def group_of(title: str, icon: str, entries: list, path: str) -> Place | None:
    """Return a place with places below it; a single one stands for itself."""
    items = [place for entry in entries if (place := place_of(entry, path))]
    if not items:
        return None
    current = any(item.current for item in items)
    below = items if len(items) > 1 else []
    return Place(title=title, url=items[0].url, icon=icon, current=current, items=below)


def header_places(path: str) -> list[Place]:
    """Return the places of the header, in order."""
    places = [
        place_of(HOME, path),
        group_of(gettext("Community"), "messages", COMMUNITY, path),
        group_of(gettext("Take part"), "compass", TAKE_PART, path),
        place_of(KNOWLEDGE, path),
        place_of(LEADERBOARD, path),
        place_of(REWARDS, path),
    ]
    return [place for place in places if place]


def bar_places(path: str, *, signed_in: bool) -> list[Place]:
    """Return the places of the bar at the bottom of a phone."""
    me = "home:dashboard" if signed_in else "account_login"
    places = [
        place_of(HOME, path),
        group_of(gettext("Community"), "messages", COMMUNITY, path),
        group_of(gettext("Take part"), "compass", TAKE_PART, path),
        place_of(REWARDS, path),
        place_of((_("Me"), "user-circle", me), path),
    ]
    return [place for place in places if place]


def settings_places(path: str) -> list[Place]:
    """Return what a member can set, beside every page of settings."""
    return [place for entry in SETTINGS if (place := place_of(entry, path))]
