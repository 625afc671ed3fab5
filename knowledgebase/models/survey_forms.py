"""What the CMS checks before a survey is saved."""

import re
from uuid import UUID

from django.apps import apps
from django.forms import ModelForm
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

NUMBERED = re.compile(r"^q(\d+)$")
NEEDED_OPTIONS = 2
CHOICES = ("single", "multiple")


class SurveyPageForm(WagtailAdminPageForm):
    """Gives questions their codes and keeps the options of answered questions in place."""

    def clean(self):
        cleaned = super().clean()
        formset = self.formsets.get("questions")
        if formset is not None:
            self._give_codes(formset.forms)
            answered = _answered_codes(self.instance.translation_key)
            for form in formset.forms:
                if form not in formset.deleted_forms:
                    _check_options(form, answered)
        return cleaned

    def _give_codes(self, forms):
        taken = {form.instance.code for form in forms if form.instance.code}
        numbers = [int(match[1]) for code in taken if (match := NUMBERED.match(code))]
        following = max(numbers, default=0)
        for form in forms:
            if not form.instance.code and form.has_changed():
                following += 1
                form.instance.code = f"q{following}"


def _answered_codes(translation_key: UUID) -> set[str]:
    answers = apps.get_model("knowledgebase", "SurveyAnswer").objects
    rows = answers.filter(response__survey_key=translation_key)
    return set(rows.values_list("question", flat=True).distinct())


def _check_options(form: ModelForm, answered: set[str]) -> None:
    data = getattr(form, "cleaned_data", {})
    kind = data.get("kind")
    lines = [line for line in data.get("options", "").splitlines() if line.strip()]
    if kind in CHOICES and len(lines) < NEEDED_OPTIONS:
        form.add_error("options", _("Give at least two options, one a line."))
    if form.instance.code not in answered or not form.instance.pk:
        return
    if "kind" in form.changed_data:
        form.add_error("kind", _("Members have answered this question; add a new one instead."))
    before = [line for line in (form.initial.get("options") or "").splitlines() if line.strip()]
    if len(lines) < len(before):
        form.add_error("options", _("Members have chosen among these; only add at the end."))
