from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from portal.ui.routes import Route, writing_routes

PAGE = Path(settings.BASE_DIR) / "docs" / "routes.md"
HEAD = """# Every route that may write

Made by `manage.py routes` from the views themselves; `make check` holds it against them. Whoever
adds a route says on its view what it asks for (`asks`, `permitted`) and how often it may be used
(`rate_limited`), or that it only reads (`reads`, Django's `require_safe`).

A limit is counted for a member, or for a visitor's address (of IPv6 the network of a household);
`600/m 20000/d` is 600 a minute and 20,000 a day. The log-in pages have allauth's own limits
besides, and each key of the API 600 calls a minute. *Second factor: yes* is what a role alone may
do: in production it counts only in a session that proved one
([ADR 14](adr/0014-second-factor-by-permission.md)); for an administrator that is also true of the
other rows, about things that are not their own.

| route | permission | limit | second factor |
|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Writes docs/routes.md: every route that may write, with its permission and limit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):
            text = page()
        if not options["check"]:
            PAGE.write_text(text)
        elif not PAGE.exists() or PAGE.read_text() != text:
            raise CommandError("docs/routes.md is behind the routes: run `manage.py routes`.")


def page() -> str:
    """The table of all routes that may write, in the order of the resolver."""
    return HEAD + "".join(map(_row, writing_routes()))


def _row(route: Route) -> str:
    limit = f"{' '.join(route.limit.rates)} ({route.limit.scope})"
    cells = [f"`/{route.route}`", route.permission, limit, "yes" if route.needs_factor else "no"]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
