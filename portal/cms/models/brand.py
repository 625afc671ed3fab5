from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

is_hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour like #0f766e."))


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
