"""Logging: quiet lines on the embedded default, JSON without local variables in production."""

from typing import Any

import structlog

from portal.ui.masking import mask_line

# Servers bring handlers of their own; their lines go the way of all others.
SERVERS = (
    "uvicorn",
    "uvicorn.access",
    "uvicorn.error",
    "granian.access",
    "_granian",
    "django.server",
)


def configure(*, is_production: bool, level: str, keeps_loggers: bool = True) -> dict:
    """Configure structlog and return Django's LOGGING.

    With `keeps_loggers` each logger stays as it is at its first line, which is quicker; what
    configures again, or listens to the lines, needs them to look anew.

    Tracebacks never print local variables: they may hold what members wrote. The last step before
    a line is written masks keys, searches and addresses, whoever wrote it.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=keeps_loggers,
    )
    formatter: dict[str, Any] = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": _rendered(is_production),
    }
    below = {"handlers": [], "level": level, "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {name: dict(below) for name in ("django", *SERVERS)},
    }


def _rendered(is_production: bool) -> list[Any]:
    """The last steps, the mask among them: JSON for a collector, or lines to read."""
    plain = structlog.dev.ConsoleRenderer(colors=False)
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask_line,
        structlog.processors.JSONRenderer() if is_production else plain,
    ]
