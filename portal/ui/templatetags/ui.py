"""The components of the design system; `docs/design-system.md` shows each of them.

Properties are keyword-only, so Django refuses a misspelt one when the template compiles.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui import places
from portal.ui.art import COLOURS, TIERS, badge_layers, hue_of, initials_of

register = template.Library()

MINUTE = timedelta(minutes=1)
AVATAR_SIZES = (24, 32, 40, 48, 64, 96, 128)
RING_SIZES = (48, 64, 96, 160)
ALERT_ICONS = {
    "info": "info-circle",
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-triangle",
}
MESSAGE_VARIANTS = {"success": "good", "error": "bad", "warning": "bad"}


def percent_of(value: float, maximum: float) -> int:
    """Return `value` of `maximum` in whole percent, kept between 0 and 100."""
    return max(0, min(100, int(100 * value / maximum))) if maximum else 0


def grouped(number: int) -> str:
    """Return the number with the language's thousands separator: 1,234 or 1.234."""
    return number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True)


@register.filter
def thousands(number: int | None) -> str:
    return "" if number is None else grouped(int(number))


@register.simple_tag
def icon(name: str, *, size: int | None = None, label: str = "") -> SafeString:
    """Draw one icon of the sprite; with a label it is a picture, else decoration."""
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>',
        f" icon-{size}" if size else "",
        spoken,
        static("icons.svg"),
        name,
    )


@register.simple_block_tag
def button(
    content: str,
    *,
    variant: str = "",
    size: str = "",
    icon: str = "",
    href: str = "",
    type: str = "submit",
    name: str = "",
    value: Any = "",
    form: str = "",
    label: str = "",
    dialog: str = "",
    pressed: bool | None = None,
    disabled: bool = False,
    wide: bool = False,
    only_icon: bool = False,
) -> str:
    """A button, or with `href` a link that looks like one; `pressed` makes it a toggle."""
    classes = _button_classes(variant, size, "btn-wide" * wide, "btn-icon" * only_icon)
    sent = {"href": href, "type": type, "name": name, "value": value, "form": form}
    said = {"icon": icon, "label": label, "dialog": dialog, "pressed": pressed}
    context = {"content": mark_safe(content.strip()), "classes": classes, "disabled": disabled}
    return render_to_string("components/button.html", {**context, **sent, **said})


def _button_classes(variant: str, size: str, *others: str) -> str:
    named = [variant and f"btn-{variant}", size and f"btn-{size}"]
    return " ".join(filter(None, ["btn", *named, *others]))


@register.inclusion_tag("components/avatar.html")
def avatar(
    member: Any,
    *,
    size: int = 40,
    ring: bool = False,
    progress: float = 0,
    label: str = "",
) -> dict:
    """A member's face, or initials; with `ring` the way to the next level around it."""
    if size not in AVATAR_SIZES:
        raise template.TemplateSyntaxError(f"avatar size {size} is none of {AVATAR_SIZES}")
    return {
        "url": member.avatar_url(size * 2) if member else "",
        "size": size,
        "ring": ring,
        "progress": percent_of(progress, 100),
        "label": label,
        "initials": initials_of(member.display_name or member.handle) if member else "?",
        "hue": hue_of(member.handle) if member else 0,
    }


@register.simple_block_tag
def card(
    content: str, *, title: str = "", variant: str = "", level: int = 2, label: str = ""
) -> str:
    """A bordered surface; variants: sunken, tint, warm, large."""
    context = {"content": content, "title": title, "variant": variant, "level": level}
    return render_to_string("components/card.html", {**context, "label": label})


@register.simple_block_tag
def chip(
    content: str, *, variant: str = "", icon: str = "", href: str = "", current: bool = False
) -> str:
    """A small fact; with `href` a filter, of which the current one is marked."""
    context = {
        "content": mark_safe(content.strip()),
        "variant": variant,
        "icon": icon,
        "href": href,
    }
    return render_to_string("components/chip.html", {**context, "current": current})


@register.inclusion_tag("components/badge_art.html")
def badge_art(
    *,
    shape: str = "circle",
    tier: str = "bronze",
    icon: str = "star",
    colour: str = "teal",
    earned: bool = True,
    size: int = 64,
    label: str = "",
) -> dict:
    """A badge drawn from its properties; not yet earned it is an outline."""
    return {
        **badge_layers(shape),
        "tier": tier if tier in TIERS else TIERS[0],
        "icon": icon,
        "colour": colour if colour in COLOURS else COLOURS[0],
        "earned": earned,
        "size": size,
        "label": label,
    }


@register.inclusion_tag("components/coin.html")
def coin() -> dict:
    """The amber coin: the sign of points and of nothing else."""
    return {}


@register.inclusion_tag("components/points.html")
def points(
    amount: int, *, signed: bool = False, word: bool = True, large: bool = False, key: str = ""
) -> dict:
    """Coin, number and the word (for screen readers alone with `word=False`)."""
    sign = ("+" if amount > 0 else "\u2212" if amount < 0 else "") if signed else ""
    return {
        "amount": amount,
        "text": f"{sign}{grouped(abs(amount) if sign else amount)}",
        "unit": ngettext("point", "points", abs(amount)),
        "word": word,
        "large": large,
        "minus": amount < 0,
        "key": key,
    }


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(
    *,
    value: float,
    max: float = 100,
    label: str,
    text: str = "",
    variant: str = "",
    bare: bool = False,
) -> dict:
    """A bar under its label; `bare` shows the bar alone and says the label to screen readers."""
    return {
        "value": percent_of(value, max),
        "label": label,
        "text": text,
        "variant": variant,
        "bare": bare,
    }


@register.inclusion_tag("components/progress_ring.html")
def progress_ring(
    *, value: float, max: float = 100, label: str, size: int = 96, text: str = "", variant: str = ""
) -> dict:
    """A ring that fills; the percentage stands in it unless `text` says something better."""
    if size not in RING_SIZES:
        raise template.TemplateSyntaxError(f"ring size {size} is none of {RING_SIZES}")
    percent = percent_of(value, max)
    context = {"percent": percent, "label": label, "size": size, "variant": variant}
    return {**context, "text": text}


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    *,
    title: str,
    text: str = "",
    icon: str = "",
    picture: str = "",
    url: str = "",
    action: str = "",
    level: int = 2,
) -> dict:
    """What to say when there is nothing yet, and what to do next."""
    context = {"title": title, "text": text, "icon": icon, "picture": picture, "url": url}
    return {**context, "action": action, "level": level}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: dict, *, page: Page | None = None, newer: str = "", older: str = "", key: str = "page"
) -> dict:
    """Numbered pages of a Django `Page`, or `newer` and `older` addresses of a cursor."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    numbers: list[dict] = []
    if page is not None and page.paginator.num_pages > 1:
        around = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        numbers = [{"number": number, "url": page_url(query, key, number)} for number in around]
        newer = page_url(query, key, page.number - 1) if page.has_previous() else ""
        older = page_url(query, key, page.number + 1) if page.has_next() else ""
    return {"numbers": numbers, "page": page, "newer": newer, "older": older}


def page_url(query: Any, key: str, number: Any) -> str:
    """Return the address of a page with the other filters kept; empty for an ellipsis."""
    if not isinstance(number, int):
        return ""
    if query is None:
        return f"?{key}={number}"
    query[key] = number
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/field.html")
def field(
    field: forms.BoundField, *, help: str = "", optional: bool = True, scale: bool = False
) -> dict:
    """A bound field with label, help and errors beside it, tied together for screen readers."""
    widget = field.field.widget
    kind = "input"
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        kind = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "check"
    elif isinstance(widget, forms.Select):
        kind = "select"
    classes = {"input": "input", "select": "select", "check": "check-input"}.get(kind, "")
    own = widget.attrs.get("class", "")
    attributes: dict[str, Any] = {"class": f"{own} {classes}".strip()} if classes else {}
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") in (None, "10"):
        attributes["rows"] = 5
    return {
        "field": field,
        "kind": "hidden" if field.is_hidden else kind,
        "control": "" if kind == "choices" else field.as_widget(attrs=attributes),
        "help": help or field.help_text,
        "optional": optional and not field.field.required and kind != "check",
        "scale": scale,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict:
    """What is wrong with a form as a whole, above its fields."""
    return {"form": form, "errors": form.non_field_errors()}


@register.inclusion_tag("components/date_block.html")
def date_block(value: date | datetime) -> dict:
    """Month, day and weekday in a block; the words stand beside it, so it is silent."""
    return {"value": value}


@register.inclusion_tag("components/stat.html")
def stat(*, value: Any, label: str) -> dict:
    """A figure and what it counts; belongs into `<dl class="stats">`."""
    return {"value": grouped(value) if isinstance(value, int) else value, "label": label}


@register.simple_block_tag
def alert(content: str, *, variant: str = "info", title: str = "", role: str = "") -> str:
    """A message that stays: info, good, warn, bad."""
    context = {"content": content, "variant": variant, "title": title, "role": role}
    return render_to_string("components/alert.html", {**context, "icon": ALERT_ICONS[variant]})


@register.simple_block_tag
def toast(
    content: str, *, title: str = "", variant: str = "info", amount: int = 0, seq: int | None = None
) -> str:
    """What just happened; with `amount` an award, whose content are `<p>`s with the reasons."""
    context = {"content": content, "title": title, "variant": variant, "amount": amount, "seq": seq}
    return render_to_string("components/toast.html", {**context, "icon": ALERT_ICONS[variant]})


@register.filter
def message_variant(message: Any) -> str:
    """Return the toast variant of a message of Django's message framework."""
    return MESSAGE_VARIANTS.get(message.level_tag, "info")


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(trail: Sequence[tuple[str, str]]) -> dict:
    """The way here, as (title, url) pairs from the top; the page itself is left out."""
    return {"trail": trail}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[tuple[str, str, bool]], *, label: str) -> dict:
    """Places beside each other, as (title, url, is_current)."""
    return {"items": items, "label": label}


@register.simple_block_tag
def dialog(content: str, *, id: str, title: str) -> str:
    """A dialog that `{% button dialog=id %}` opens; it needs JavaScript, so link elsewhere too."""
    return render_to_string(
        "components/dialog.html", {"content": content, "id": id, "title": title}
    )


@register.simple_tag
def time_ago(moment: datetime) -> SafeString:
    """How long ago it was, with the time as its title.

    The page's script says the same in the same words, and keeps those of the last day up to date.
    """
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        local.isoformat(),
        date_format(local, "DATETIME_FORMAT"),
        _since(local),
    )


def _since(moment: datetime) -> str:
    now = datetime.now(moment.tzinfo)
    if abs(now - moment) < MINUTE:
        return _("now")
    if moment < now:
        return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}
    return _("in %(time)s") % {"time": timeuntil(moment, now, depth=1)}


@register.simple_tag(takes_context=True)
def site_places(context: dict, *, bar: bool = False) -> list[places.Place]:
    """The navigation of the header, or with `bar` of the bottom of a phone."""
    request = context.get("request")
    path = request.path if request else ""
    if not bar:
        return places.header_places(path)
    user = getattr(request, "user", None)
    return places.bar_places(path, signed_in=bool(user and user.is_authenticated))


@register.simple_tag(takes_context=True)
def settings_places(context: dict) -> list[places.Place]:
    """What a member can set, for the column beside every page of settings."""
    request = context.get("request")
    return places.settings_places(request.path if request else "")
