"""The log of what matters to security: who came in, who was refused, whose powers changed.

One line an event, named `security.<event>`, with ids and never with addresses or names. Request,
network and time are added by the logging itself.
"""

from typing import Any

import structlog
from django.utils.crypto import salted_hmac

logger = structlog.get_logger("portal.security")


def log_event(event: str, **facts: Any) -> None:
    """Write down something that went as it should. `facts` are ids, codes and numbers."""
    logger.info(f"security.{event}", **facts)


def log_refusal(event: str, **facts: Any) -> None:
    """Write down an attempt that was refused, for whoever watches the log."""
    logger.warning(f"security.{event}", **facts)


def account_digest(email: str) -> str:
    """A name for an address in the log: the same address has the same, and it says no more."""
    digest = salted_hmac("portal.security", email.strip().lower(), algorithm="sha256")
    return digest.hexdigest()[:16]
