"""The time zones that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Their names, as `Europe/Istanbul`; some hundred files are looked into only once a process."""
    return frozenset(available_timezones())
