"""What all pages of the programme share: the permission, the frame, keeping the draft."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from badges.program.problems import ProgramError
from badges.services.programs import DraftConflictError, keep_draft, published_document
from portal.ui.requests import MemberRequest
from portal.ui.staff import page_head, permitted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERMISSION = "badges.manage_program"
manages_program = permitted(PERMISSION)


def page(
    request: HttpRequest,
    template: str,
    *,
    title: str,
    trail: "Iterable[tuple[StrOrPromise, str]] | None" = (),
    icon: str = "crosshairs",
    **context: Any,
) -> HttpResponse:
    """Render a page of the programme under its breadcrumbs; `trail` are (label, URL name) pairs."""
    names = [] if trail is None else [(_("Programme"), "programme:overview"), *trail]
    frame = page_head(title, icon, [(reverse(name), label) for label, name in names])
    return render(request, f"badges/cms/{template}", {**frame, **context})


def published_codes(kind: str) -> set[str]:
    """Codes that members' history may hold already, so that they stay as they are."""
    return {part["code"] for part in published_document().get(kind, [])}


def keep(request: MemberRequest, document: dict, tell: Callable[[Any], object]) -> bool:
    """Keep the draft, or tell why not: `tell(problems)` shows (place, message) pairs."""
    try:
        keep_draft(document=document, mark=request.POST.get("mark", ""), by=request.user)
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


def tell_on(request: HttpRequest) -> Callable[[Any], None]:
    """Show problems as messages at the top of the next page."""

    def tell(problems):
        for place, message in problems:
            messages.error(request, f"{place}: {message}" if place else message)

    return tell
