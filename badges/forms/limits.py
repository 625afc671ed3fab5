from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from badges.forms.parts import whole_number

# What a new rule begins with: scripted repetition pays no more than this.
NEW_RULE = [{"number": 10, "measure": "times", "per": "day"}]


class LimitForm(forms.Form):
    """At most so many times, or so much, in a period."""

    number = whole_number(gettext_lazy("At most"))
    measure = forms.ChoiceField(
        label=gettext_lazy("Of what"),
        choices=[("times", gettext_lazy("times")), ("amount", gettext_lazy("in points"))],
    )
    per = forms.ChoiceField(
        label=gettext_lazy("In which time"),
        choices=[
            ("day", gettext_lazy("a day")),
            ("week", gettext_lazy("a week")),
            ("month", gettext_lazy("a month")),
            ("ever", gettext_lazy("ever")),
        ],
    )

    def has_changed(self):
        """A row without a number says nothing."""
        return bool(self["number"].value())


BaseLimitFormSet: Any = forms.formset_factory(LimitForm, extra=2, max_num=10, validate_max=True)


class LimitFormSet(BaseLimitFormSet):
    @staticmethod
    def initial_of(rule: dict | None) -> list[dict]:
        """The lines of a rule; a new one (None) begins with a daily limit."""
        if rule is None:
            return NEW_RULE
        lines = []
        for limit in rule.get("limit", []):
            measure = "times" if "times" in limit else "amount"
            lines.append({"number": limit[measure], "measure": measure, "per": limit["per"]})
        return lines

    def to_limits(self) -> list[dict]:
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data.get("number")]
        return [{line["measure"]: line["number"], "per": line["per"]} for line in lines]
