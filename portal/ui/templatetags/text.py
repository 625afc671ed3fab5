"""Text and numbers as templates show them: `{% load text %}`."""

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe

from portal.ui.markdown import plain_text
from portal.ui.text import excerpt as shorten

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """Show text that `render_markdown` or `clean_html` has made and a field has kept.

    Nothing else may pass through here: it is not cleaned again.
    """
    return mark_safe(html or "")


@register.filter
def excerpt(html: str, length: int = 160) -> str:
    """Shorten rendered text to a line without markup."""
    return shorten(plain_text(html or ""), length)


@register.filter
def number(value: float, decimals: int | None = None) -> str:
    """Group the digits as the language does: `1,234` and `1.234`."""
    return number_format(value, decimal_pos=decimals, force_grouping=True)
