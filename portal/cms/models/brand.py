import hashlib
import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.cms.colours import is_legible

HEX_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
is_hex_colour = RegexValidator(HEX_COLOUR.pattern, _("Write a colour like #0f766e."))


@register_setting(icon="cog")
class BrandSettings(BaseSiteSetting):
    """The brand's name, words and colours."""

    name = models.CharField(_("name"), max_length=40, default="Meydan")
    tagline_en = models.CharField(_("tagline (English)"), max_length=160, blank=True)
    tagline_tr = models.CharField(_("tagline (Turkish)"), max_length=160, blank=True)
    logo = models.ForeignKey(
        "cms.PortalImage", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    primary = models.CharField(
        _("primary colour"), max_length=7, blank=True, validators=[is_hex_colour]
    )
    accent = models.CharField(
        _("accent colour"), max_length=7, blank=True, validators=[is_hex_colour]
    )

    panels = [
        FieldPanel("name"),
        MultiFieldPanel([FieldPanel("tagline_en"), FieldPanel("tagline_tr")], _("Tagline")),
        FieldPanel("logo"),
        MultiFieldPanel([FieldPanel("primary"), FieldPanel("accent")], _("Colours")),
    ]

    class Meta:
        verbose_name = _("brand")

    def __str__(self):
        return self.name

    def clean(self):
        for field in ("primary", "accent"):
            colour = getattr(self, field)
            if colour and HEX_COLOUR.match(colour) and not is_legible(colour, field):
                message = _("Text on this colour would be hard to read. Choose a darker one.")
                raise ValidationError({field: message})

    @property
    def stylesheet_url(self) -> str:
        """The address of the brand's colours, new when they change; empty for stock ones."""
        if not (self.primary or self.accent):
            return ""
        digest = hashlib.sha256(f"{self.primary}{self.accent}".encode()).hexdigest()[:12]
        return reverse("brand_stylesheet", args=[digest])
