"""What editing and removing one rule or one badge of the draft have in common."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from badges.forms.parts import PartForm
from badges.services.programs import Desk, open_desk
from badges.views.program.pages import keep, page, tell_on
from portal.ui.requests import MemberRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Kind:
    """A list of the programme whose parts are edited one by one.

    `key` is its place in the document, `name` begins the names of its URLs.
    """

    key: str
    name: str
    icon: str
    label: "StrPromise"

    @property
    def list_url(self) -> str:
        return f"programme:{self.name}_list"

    @property
    def trail(self) -> list:
        return [(self.label, self.list_url)]

    def part(self, document: dict, code: str) -> dict | None:
        return next((part for part in self.parts(document) if part["code"] == code), None)

    def parts(self, document: dict) -> list[dict]:
        return document.get(self.key, [])

    def put(self, document: dict, part: dict | None, *, replaces: str = "") -> dict:
        """A copy of the document with one part put in its place, added, or (None) left out."""
        parts = list(self.parts(document))
        place = next((n for n, known in enumerate(parts) if known["code"] == replaces), len(parts))
        parts[place : place + 1] = [part] if part else []
        return {**document, self.key: parts}


# Buttons that look ahead and keep nothing.
ASKING = {"preview", "cost"}
RULES = Kind("rules", "rule", "list-ul", gettext_lazy("Rules"))
BADGES = Kind("badges", "badge", "success", gettext_lazy("Badges"))


def open_part(request: MemberRequest, kind: Kind, code: str) -> tuple[Desk, dict]:
    """The desk and the part to edit; what is sent for one that has gone meanwhile is kept."""
    desk = open_desk()
    current = kind.part(desk.document, code)
    if current is None and request.method != "POST":
        raise Http404
    return desk, current or {"code": code}


def keep_part(
    request: MemberRequest, kind: Kind, desk: Desk, part: dict, code: str, form: PartForm
) -> bool:
    """Keep the draft with this part, unless only a preview was asked for."""
    if ASKING & request.POST.keys():
        return False
    return keep(request, kind.put(desk.document, part, replaces=code), form.add_problems)


def delete_part(
    request: MemberRequest, kind: Kind, desk: Desk, code: str, *, hindrance: str = "", **shown: Any
) -> HttpResponse:
    """Ask whether a part shall go, and take it out of the draft where nothing hinders it."""
    if request.method == "POST" and not hindrance:
        if keep(request, kind.put(desk.document, None, replaces=code), tell_on(request)):
            return redirect(kind.list_url)
        return redirect(f"programme:{kind.name}_delete", code)
    frame: dict[str, Any] = {"trail": kind.trail, "icon": "bin", "back": kind.list_url}
    shown = {"mark": desk.mark, "hindrance": hindrance, **shown}
    return page(request, "part_delete.html", **frame, **shown)
