from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from badges.forms.parts import (
    ImportVerbsField,
    PartForm,
    code_field,
    is_import,
    known_verbs,
    whole_number,
    words_of,
)
from badges.program.details import ROLE_NAMES, role_name
from badges.program.sentences import name_of
from badges.program.vocabulary import MAX_AMOUNT
from portal.ui.choices import offer

FIXED, PER_VALUE = "amount", "per_value"
WAYS = [
    (FIXED, gettext_lazy("each time")),
    (PER_VALUE, gettext_lazy("for each unit of the activity's value")),
]
ONCE_PER = [
    ("activity", gettext_lazy("Every time")),
    ("object", gettext_lazy("Once for each thing (idea, article, event …)")),
    ("day", gettext_lazy("Once a day")),
    ("member", gettext_lazy("Once for each member")),
]
FIRST_TIME = [
    ("", gettext_lazy("At any time")),
    ("yes", gettext_lazy("Only the first time")),
    ("no", gettext_lazy("Never the first time")),
]
EXCLUDE = [
    ("staff", gettext_lazy("the team")),
    ("bots", gettext_lazy("programs: members in the group “bots”")),
    ("own", gettext_lazy("what is the member's own, such as a vote for their own idea")),
]
# What a new rule begins with, so that it pays neither programs nor scripted newcomers; whoever
# means otherwise changes it.
NEW_RULE = {"exclude": ["bots"], "newcomer_days": 7, "newcomer_beyond": 100}
VALUE_TESTS = ("equals", "at_least", "at_most")


class RuleForm(PartForm):
    """One rule: what is done, what it earns, how often and for whom."""

    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Members read it as the reason: “You shared an idea”."),
    )
    name_tr = forms.CharField(label=gettext_lazy("Name in Turkish"), max_length=200, required=False)
    code = code_field()
    verbs = forms.MultipleChoiceField(
        label=gettext_lazy("Activities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Any one of these earns it."),
    )
    import_verbs = ImportVerbsField()
    once_per = forms.ChoiceField(label=gettext_lazy("How often"), choices=ONCE_PER)
    budget = whole_number(
        gettext_lazy("Budget"),
        help_text=gettext_lazy("The most that it pays to everybody together; empty: no bound."),
    )
    value_equals = whole_number(gettext_lazy("Value equals"), at_least=-MAX_AMOUNT)
    value_at_least = whole_number(gettext_lazy("Value at least"), at_least=-MAX_AMOUNT)
    value_at_most = whole_number(gettext_lazy("Value at most"), at_least=-MAX_AMOUNT)
    object_prefix = forms.CharField(
        label=gettext_lazy("Only for things that begin with"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("For example “idea:” or “import-post:”."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Only for the roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Only for the levels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_time = forms.ChoiceField(
        label=gettext_lazy("First time"), choices=FIRST_TIME, required=False
    )
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("In your own time zone."),
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends"), required=False, widget=AdminDateTimeInput
    )
    holdout = whole_number(
        gettext_lazy("Control group in percent"),
        at_least=0,
        at_most=100,
        help_text=gettext_lazy(
            "This share of the members is not paid, so that you can see what the rule brings."
        ),
    )

    exclude = forms.MultipleChoiceField(
        label=gettext_lazy("Leave out"),
        choices=EXCLUDE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shadow = forms.BooleanField(
        label=gettext_lazy("On trial"),
        required=False,
        help_text=gettext_lazy(
            "It pays nothing and members do not see it; you see what it would have paid."
        ),
    )
    hold_hours = whole_number(
        gettext_lazy("Keep back for hours"),
        at_most=2160,
        help_text=gettext_lazy(
            "What is removed within this time costs nothing; after it the points can be spent."
        ),
    )
    hold_until = forms.ChoiceField(
        label=gettext_lazy("Keep back until this happens to the same thing"), required=False
    )
    newcomer_days = whole_number(
        gettext_lazy("Keep back from newcomers for days"),
        at_most=90,
        help_text=gettext_lazy(
            "For so long after they joined, and until their address is verified, what goes beyond"
            " the first points waits. Empty: newcomers are paid like everybody."
        ),
    )
    newcomer_beyond = whole_number(gettext_lazy("Points that newcomers get at once"), at_least=0)

    def __init__(self, *args, program, current=None, **kwargs):
        super().__init__(*args, program=program, current=current, **kwargs)
        if current is None:
            self.initial = {**self.initial, **NEW_RULE}
        used = (current or {}).get("verb", [])
        offer(self, "verbs", known_verbs(used))
        until = (current or {}).get("hold", {}).get("until")
        none = ("", _("Nothing to wait for"))
        offer(self, "hold_until", [none, *known_verbs([until] if until else [])])
        offer(self, "roles", [(code, role_name(code)) for code in ROLE_NAMES])
        offer(self, "levels", [(lvl.code, name_of(lvl)) for lvl in program.levels])
        paid = {award["currency"]: award for award in (current or {}).get("award", [])}
        for code, currency in program.currencies.items():
            award = paid.get(code, {})
            way = PER_VALUE if PER_VALUE in award else FIXED
            self.fields[f"award-{code}"] = whole_number(name_of(currency), initial=award.get(way))
            self.fields[f"way-{code}"] = forms.ChoiceField(
                label=_("%(name)s are given") % {"name": name_of(currency)},
                choices=WAYS,
                initial=way,
            )

    def initial_of(self, part: dict) -> dict:
        when = part.get("when", {})
        member, value = when.get("member", {}), when.get("value", {})
        verbs = part.get("verb", [])
        first = when.get("first_time")
        return {
            **words_of(part, "name"),
            **{f"value_{test}": value.get(test) for test in VALUE_TESTS},
            "code": part["code"],
            "verbs": [verb for verb in verbs if not is_import(verb)],
            "import_verbs": " ".join(verb for verb in verbs if is_import(verb)),
            "once_per": part.get("once_per", "activity"),
            "budget": part.get("budget"),
            "object_prefix": when.get("object", {}).get("prefix", ""),
            "roles": member.get("role", []),
            "levels": member.get("level", []),
            "first_time": "" if first is None else "yes" if first else "no",
            "starts_at": _read(part.get("starts_at")),
            "ends_at": _read(part.get("ends_at")),
            "holdout": part.get("holdout"),
            "exclude": part.get("exclude", []),
            "shadow": part.get("shadow", False),
            "hold_hours": part.get("hold", {}).get("hours"),
            "hold_until": part.get("hold", {}).get("until", ""),
            "newcomer_days": part.get("hold", {}).get("newcomers", {}).get("days"),
            "newcomer_beyond": part.get("hold", {}).get("newcomers", {}).get("beyond"),
        }

    @property
    def groups(self):
        """Headings, icons and rows of fields, as the page shows them."""
        awards = [[self[f"award-{c}"], self[f"way-{c}"]] for c in self.program.currencies]
        values = [self[f"value_{test}"] for test in ("at_least", "at_most", "equals")]
        return [
            (_("What is done"), "tasks", [[self["verbs"]], [self["import_verbs"]]]),
            (_("What it earns"), "success", [*awards, [self["once_per"], self["budget"]]]),
            (_("What it is called"), "title", [[self["name_en"], self["name_tr"]], [self["code"]]]),
            (
                _("Only when"),
                "sliders",
                [
                    values,
                    [self["object_prefix"], self["first_time"]],
                    [self["roles"], self["levels"]],
                    [self["starts_at"], self["ends_at"]],
                    [self["holdout"], self["exclude"]],
                    [self["hold_hours"], self["hold_until"]],
                    [self["newcomer_days"], self["newcomer_beyond"]],
                    [self["shadow"]],
                ],
            ),
        ]

    def clean(self):
        self.require_both("name")
        data = self.cleaned_data
        if not (data.get("verbs") or data.get("import_verbs") or "import_verbs" in self.errors):
            self.add_error("verbs", _("Choose at least one activity."))
        currencies = list(self.program.currencies)
        if not any(data.get(f"award-{code}") for code in currencies):
            self.add_error(f"award-{currencies[0]}", _("Say what it earns: at least 1."))
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and starts >= ends:
            self.add_error("ends_at", _("It must end after it begins."))
        return data

    def to_rule(self, limits: list[dict]) -> dict:
        """The rule as the document keeps it."""
        data = self.cleaned_data
        rule = {
            "code": data["code"],
            "name": self.text_of("name"),
            "verb": [*data["verbs"], *data["import_verbs"]],
            "when": self._when() or None,
            "award": self._awards(),
            "once_per": data["once_per"],
            "limit": limits,
            "starts_at": _written(data["starts_at"]),
            "ends_at": _written(data["ends_at"]),
            "budget": data["budget"],
            "holdout": data["holdout"],
            "exclude": data["exclude"],
            "shadow": data["shadow"] or None,
            "hold": self._hold() or None,
        }
        return {key: value for key, value in rule.items() if value not in (None, [])}

    def _hold(self) -> dict:
        data = self.cleaned_data
        newcomers = {"days": data["newcomer_days"], "beyond": data["newcomer_beyond"] or 0}
        hold = {
            "hours": data["hold_hours"],
            "until": data["hold_until"],
            "newcomers": newcomers if newcomers["days"] else None,
        }
        return {key: value for key, value in hold.items() if value}

    def _awards(self) -> list[dict]:
        data = self.cleaned_data
        return [
            {"currency": code, data[f"way-{code}"]: data[f"award-{code}"]}
            for code in self.program.currencies
            if data[f"award-{code}"]
        ]

    def _when(self) -> dict:
        data = self.cleaned_data
        values = {test: data[f"value_{test}"] for test in VALUE_TESTS}
        value = {test: number for test, number in values.items() if number is not None}
        member = {"role": data["roles"], "level": data["levels"]}
        member = {key: codes for key, codes in member.items() if codes}
        when = {
            "value": value,
            "object": {"prefix": data["object_prefix"]} if data["object_prefix"] else {},
            "member": member,
        }
        when = {key: test for key, test in when.items() if test}
        if data["first_time"]:
            when["first_time"] = data["first_time"] == "yes"
        return when


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
