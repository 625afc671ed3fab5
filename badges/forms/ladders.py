"""Levels and seasons: short lists that are edited as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from badges.forms.parts import code_field, words_of
from badges.program.vocabulary import MAX_AMOUNT


class LineForm(forms.Form):
    code = code_field()
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    name_tr = forms.CharField(label=gettext_lazy("Name in Turkish"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = ""

    def to_part(self) -> dict:
        data = self.cleaned_data
        return {"code": data["code"], "name": {"en": data["name_en"], "tr": data["name_tr"]}}


class LevelForm(LineForm):
    experience = forms.IntegerField(
        label=gettext_lazy("From experience"), min_value=0, max_value=MAX_AMOUNT
    )

    def to_part(self) -> dict:
        return {**super().to_part(), "experience": self.cleaned_data["experience"]}

    @staticmethod
    def initial_of(part: dict) -> dict:
        values = {"code": part["code"], "experience": part["experience"]}
        return {**values, **words_of(part, "name")}


class SeasonForm(LineForm):
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateInput)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=AdminDateInput)

    def clean(self):
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day cannot lie before the first."))
        return self.cleaned_data

    def to_part(self) -> dict:
        data = self.cleaned_data
        dates = {key: data[key].isoformat() for key in ("starts_on", "ends_on")}
        return {**super().to_part(), **dates}

    @staticmethod
    def initial_of(part: dict) -> dict:
        dates = {"starts_on": part["starts_on"], "ends_on": part["ends_on"]}
        return {"code": part["code"], **dates, **words_of(part, "name")}


class LineFormSet(forms.BaseFormSet):
    """A whole list; codes are not used twice, and levels not on one threshold."""

    def __init__(self, *args, published=(), **kwargs):
        self.published = set(published)
        super().__init__(*args, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        if form.initial.get("code") in self.published:
            form.fields["code"].widget.attrs["readonly"] = True

    def kept(self) -> list[Any]:
        forms_ = [form for form in self.forms if form.has_changed() or form.initial]
        return [form for form in forms_ if form not in self.deleted_forms]

    def clean(self):
        seen: dict[tuple, forms.Form] = {}
        for form in self.kept():
            for name in ("code", "experience"):
                value = form.cleaned_data.get(name) if form.is_valid() else None
                if value is None:
                    continue
                if (name, value) in seen:
                    form.add_error(name, _("Another one has this already."))
                seen[name, value] = form

    def to_parts(self) -> list[dict]:
        return [form.to_part() for form in self.kept()]


def _formset(form):
    return forms.formset_factory(
        form, formset=LineFormSet, extra=3, max_num=60, validate_max=True, can_delete=True
    )


LevelFormSet = _formset(LevelForm)
SeasonFormSet = _formset(SeasonForm)
