from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.activity.registry import is_known_verb, verb_choices


def validate_verbs(verbs: object) -> None:
    if not isinstance(verbs, list) or not all(isinstance(verb, str) for verb in verbs):
        raise ValidationError(_("Choose from the list."))
    unknown = [verb for verb in verbs if not is_known_verb(verb)]
    if unknown:
        raise ValidationError(_("Unknown activity: %(verb)s") % {"verb": ", ".join(unknown)})


class VerbsField(models.JSONField):
    """A list of verbs; in forms a box for each registered verb, with its words."""

    default_validators = [validate_verbs]

    def formfield(self, **kwargs):
        return forms.MultipleChoiceField(
            label=kwargs.get("label", self.verbose_name),
            help_text=kwargs.get("help_text", self.help_text),
            required=not self.blank,
            choices=verb_choices,
            widget=forms.CheckboxSelectMultiple,
        )
