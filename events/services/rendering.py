"""Texts of contest entries, rendered anew when the renderer has changed."""

from events.models import Entry
from portal.ui.markdown import render_markdown
from portal.ui.rendering import outdated, render_anew


def has_outdated() -> bool:
    return outdated(Entry.objects.all()).exists()


def render_all_anew() -> int:
    """Bring every stored text up to the renderer's version; return how many changed."""
    return render_anew(
        Entry.objects.all(), lambda entry: {"text_html": render_markdown(entry.text)}
    )
