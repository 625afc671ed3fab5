"""Pictures that lead a page: `{% load pictures %}`."""

from typing import Any

from django import template

register = template.Library()

# The crop of wide screens and that of phones, each with its size; both in one query.
PHONE = 760
SHAPES = {
    "band": ((1160, 498), (PHONE, 475)),
    "hero": ((960, 720), (PHONE, 570)),
    "article": ((1280, 640), (PHONE, 380)),
}


@register.inclusion_tag("components/lead_picture.html")
def lead_picture(picture: Any, *, shape: str) -> dict:
    """The largest picture of a page, cropped for the screen and fetched before all others."""
    wide, phone = (f"fill-{width}x{height}|format-webp" for width, height in SHAPES[shape])
    made = picture.get_renditions(wide, phone)
    return {"wide": made[wide], "phone": made[phone]}
