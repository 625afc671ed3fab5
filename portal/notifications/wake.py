"""Waking open pages. A wake-up carries no facts: a page that missed one asks for what follows."""


def wake(member_id: int, sequence: int) -> None:
    """Tell a member's open sockets that notices up to `sequence` wait for them."""
