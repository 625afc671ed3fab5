"""What all pages of the programme share: the permission, the frame, keeping the draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from badges.program.loading import ProgramError
from badges.services.programs import DraftConflictError, keep_draft, published_document

PERMISSION = "badges.manage_program"
manages_program = permission_required(PERMISSION)


def page(
    request: HttpRequest, template: str, *, title: str, trail=(), icon="crosshairs", **context
) -> HttpResponse:
    """Render a page of the programme under its breadcrumbs; `trail` are (label, URL name) pairs."""
    steps = [(_("Home"), "wagtailadmin_home")]
    if trail is not None:
        steps += [(_("Programme"), "programme:overview"), *trail]
    crumbs = [{"label": label, "url": reverse(name)} for label, name in steps]
    frame = {
        "breadcrumbs_items": [*crumbs, {"label": title, "url": ""}],
        "header_title": title,
        "page_title": title,
        "header_icon": icon,
    }
    return render(request, f"badges/cms/{template}", {**frame, **context})


def published_codes(kind: str) -> set[str]:
    """Codes that members' history may hold already, so that they stay as they are."""
    return {part["code"] for part in published_document().get(kind, [])}


def part_of(document: dict, kind: str, code: str) -> dict | None:
    return next((part for part in document.get(kind, []) if part["code"] == code), None)


def with_part(document: dict, kind: str, part: dict | None, *, replaces: str = "") -> dict:
    """A copy of the document with one part put in its place, added, or (None) left out."""
    parts = list(document.get(kind, []))
    place = next((n for n, known in enumerate(parts) if known["code"] == replaces), len(parts))
    parts[place : place + 1] = [part] if part else []
    return {**document, kind: parts}


def keep(request: HttpRequest, document: dict, tell) -> bool:
    """Keep the draft, or tell why not: `tell(problems)` shows (place, message) pairs."""
    try:
        keep_draft(document=document, mark=request.POST.get("mark", ""))
    except DraftConflictError:
        tell([("", conflict_text())])
    except ProgramError as error:
        tell(error.problems)
    else:
        messages.success(request, _("Kept in the draft. It holds once you publish."))
        return True
    return False


def conflict_text() -> str:
    return _(
        "Somebody else has changed the draft while you were editing. Nothing of yours is lost:"
        " it stands below. Look it over and save again."
    )


def tell_on(request: HttpRequest):
    """Show problems as messages at the top of the next page."""

    def tell(problems):
        for place, message in problems:
            messages.error(request, f"{place}: {message}" if place else message)

    return tell
