from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.ui.text import sort_key

is_code = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use small letters and digits, joined by hyphens.")
)


class InterestQuerySet(models.QuerySet):
    def offered(self):
        """What members can choose today, in the order of the language in force."""
        return sorted(self.filter(is_offered=True), key=lambda interest: sort_key(interest.name))

    def named(self, codes):
        """The names behind a member's codes, in alphabetical order."""
        return sorted((str(interest) for interest in self.filter(code__in=codes)), key=sort_key)


class Interest(models.Model):
    """A subject that members may choose; the code never changes its meaning."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[is_code])
    name_en = models.CharField(_("name (English)"), max_length=60)
    name_tr = models.CharField(_("name (Turkish)"), max_length=60)
    is_offered = models.BooleanField(_("can be chosen"), default=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")

    def __str__(self):
        return self.name

    @property
    def name(self):
        return self.name_tr if (get_language() or "").startswith("tr") else self.name_en
