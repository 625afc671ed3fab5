"""Every route that may write: what it asks for, how often it may be used, and by which factor.

Views say so themselves: `asks` and `rate_limited` leave their words on the view, and Wagtail's
class-based views have a policy. So the table (`docs/routes.md`) is made from what runs.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import rules
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from portal.ui.limits import API, CMS, WRITES, Limit, limit_for

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# Words for what is no permission: nobody is asked who they are, somebody is, or a link says it.
ANYONE = "anyone"
MEMBERS = "members"
LINK = "whoever has the link"
KEY = "a key with its scope"
# Who logs in, or is logged in, about their own account: allauth asks by itself.
ACCOUNT = "the account itself"
WORDS = {ANYONE, MEMBERS, LINK, KEY, ACCOUNT}


@dataclass(frozen=True)
class Route:
    """A route that takes something else than reading."""

    route: str
    view: Any
    permission: str
    limit: Limit
    is_own: bool

    @property
    def needs_factor(self) -> bool:
        """Whether only a role gives the permission, which counts with a second factor alone."""
        return self.permission not in WORDS and not rules.perm_exists(self.permission)


def asks(permission: str) -> Callable[[View], View]:
    """Say of a view what it, or the service that it calls, asks of the member for each object."""

    def decorate(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return decorate


def reads(view: View) -> View:
    """Say of a view that it only reads, whatever the method: a test posts to each of them."""
    view.is_reading = True  # type: ignore[attr-defined]
    return view


def writing_routes(patterns: list | None = None) -> list[Route]:
    """All routes, in the order of the resolver, whose view may answer another method than GET."""
    return [
        Route(route, view, permission_of(route, view), limit_for(route, view), is_own(view))
        for route, view in walk(patterns)
        if takes_writes(view) and not getattr(view, "is_reading", False)
    ]


def walk(patterns: list | None = None) -> Iterator[tuple[str, Any]]:
    """Every route with its view, of the resolver or of these patterns."""
    return _below(get_resolver().url_patterns if patterns is None else patterns, "")


def takes_writes(view: Any) -> bool:
    """Whether nothing around a view keeps every writing method out."""
    return not any(WRITES_SET.isdisjoint(methods) for methods in _allowed(view))


def permission_of(route: str, view: Any) -> str:
    """What a view asks for; empty where it says nothing."""
    said = getattr(view, "permission", "")
    if said or (is_own(view) and not hasattr(view, "view_class")):
        return said or (KEY if route.startswith(API) else "")
    root = _root(view)
    if root == "wagtail" and not route.startswith(CMS):
        return ANYONE
    return _policy_of(view) or _OTHERS.get(root, "")


def is_own(view: Any) -> bool:
    """Whether a view is the product's and not a library's."""
    return _root(view) not in _OTHERS


WRITES_SET = frozenset(WRITES)
# What the views of others ask, where they do not say it themselves.
_OTHERS = {
    "wagtail": "wagtailadmin.access_admin",
    "wagtailmedia": "wagtailadmin.access_admin",
    "allauth": ACCOUNT,
    "django": ANYONE,
    "ninja": KEY,
}


def _root(view: Any) -> str:
    """Whose view it is: the first word of its module."""
    return getattr(view, "func", view).__module__.split(".")[0]


def _policy_of(view: Any) -> str:
    """`app.action_model` of a class-based view with a permission policy; empty where none is."""
    view_class = getattr(view, "view_class", None)
    options: dict[str, Any] = {**vars(view_class or object), **getattr(view, "view_initkwargs", {})}
    action = options.get("permission_required") or getattr(view_class, "permission_required", None)
    meta = getattr(options.get("model"), "_meta", None)
    if not action or "." in action:
        return action or ""
    return f"{meta.app_label}.{action}_{meta.model_name}" if meta else ""


def _allowed(view: Any) -> Iterator[frozenset]:
    """The methods that decorators let through, from the outermost on, and a class's own."""
    layer = view
    while layer is not None:
        known = inspect.getclosurevars(layer).nonlocals if inspect.isfunction(layer) else {}
        if "request_method_list" in known:
            yield frozenset(known["request_method_list"])
        layer = getattr(layer, "__wrapped__", None)
    if view_class := getattr(view, "view_class", None):
        names = view_class.http_method_names
        yield frozenset(name.upper() for name in names if hasattr(view_class, name))


def _below(patterns: list, before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback
