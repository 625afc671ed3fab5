from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.forms.parts import (
    ImportVerbsField,
    PartForm,
    code_field,
    is_import,
    known_verbs,
    whole_number,
    words_of,
)
from badges.program import guided
from badges.program.criteria import MEASURED, MEASURES
from badges.program.sentences import name_of
from portal.ui.art import COLOURS, SHAPES, TIERS
from portal.ui.choices import offer

ICONS = (
    *("star", "award", "medal", "trophy", "crown", "sparkles", "flame", "bolt", "bulb", "heart"),
    *("heart-handshake", "thumb-up", "message", "messages", "users", "user-check", "speakerphone"),
    *("book", "book-2", "bookmark", "news", "video", "camera", "photo", "pencil", "checklist"),
    *("list-check", "target", "target-arrow", "flag", "rocket", "compass", "map", "map-pin"),
    *("mountain", "tent", "campfire", "backpack", "shoe", "walk", "run", "bike", "kayak"),
    *("sailboat", "anchor", "fish", "beach", "sun", "sunrise", "moon", "snowflake", "leaf"),
    *("tree", "trees", "umbrella", "wind", "tool", "puzzle", "gift", "ticket", "calendar-check"),
    *("shield-check", "swords", "stairs-up", "trending-up", "podium", "confetti"),
)
TIER_LABELS = {
    "bronze": gettext_lazy("Bronze"),
    "silver": gettext_lazy("Silver"),
    "gold": gettext_lazy("Gold"),
}
SHAPE_LABELS = {
    "circle": gettext_lazy("Circle"),
    "shield": gettext_lazy("Shield"),
    "hexagon": gettext_lazy("Hexagon"),
    "drop": gettext_lazy("Drop"),
}
COLOUR_LABELS = {
    "teal": gettext_lazy("Teal"),
    "amber": gettext_lazy("Amber"),
    "moss": gettext_lazy("Moss"),
    "brick": gettext_lazy("Brick"),
    "plum": gettext_lazy("Plum"),
    "sky": gettext_lazy("Sky"),
    "slate": gettext_lazy("Slate"),
    "rose": gettext_lazy("Rose"),
}
KINDS = [
    ("", gettext_lazy("(not used)")),
    ("count", gettext_lazy("Do it so many times")),
    ("sum", gettext_lazy("Add up values to so much")),
    ("distinct", gettext_lazy("Do it for so many different things")),
    ("streak", gettext_lazy("Do it on so many days in a row")),
    ("balance", gettext_lazy("Reach so many points or so much experience")),
    ("badge", gettext_lazy("Hold another badge")),
]
GLUE = [
    ("all", gettext_lazy("All of these")),
    ("any", gettext_lazy("Any one of these")),
]


class BadgeForm(PartForm):
    """One badge: words, picture, and how its criteria are joined."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200)
    name_tr = forms.CharField(label=gettext_lazy("Name in Turkish"), max_length=200)
    description_en = forms.CharField(
        label=gettext_lazy("Description in English"), max_length=200, required=False
    )
    description_tr = forms.CharField(
        label=gettext_lazy("Description in Turkish"), max_length=200, required=False
    )
    code = code_field()
    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"), choices=[(tier, TIER_LABELS[tier]) for tier in TIERS]
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("Shape"), choices=[(shape, SHAPE_LABELS[shape]) for shape in SHAPES]
    )
    icon = forms.ChoiceField(label=gettext_lazy("Icon"))
    colour = forms.ChoiceField(
        label=gettext_lazy("Colour"),
        choices=[(colour, COLOUR_LABELS[colour]) for colour in COLOURS],
    )
    glue = forms.ChoiceField(label=gettext_lazy("What is needed"), choices=GLUE, required=False)
    repeatable = forms.BooleanField(
        label=gettext_lazy("Give it again for each thing"),
        required=False,
        help_text=gettext_lazy("Needs a criterion “for one and the same thing”."),
    )

    def __init__(self, *args, current=None, **kwargs):
        super().__init__(*args, current=current, **kwargs)
        used = (current or {}).get("picture", {}).get("icon", "star")
        icons = ICONS if used in ICONS else (used, *ICONS)
        offer(self, "icon", [(icon, icon.replace("-", " ")) for icon in icons])

    def initial_of(self, part: dict) -> dict:
        picture = part.get("picture", {})
        lines = guided.to_lines(part["criterion"]) if "criterion" in part else None
        return {
            **words_of(part, "name"),
            **words_of(part, "description"),
            "code": part["code"],
            "tier": part.get("tier", "bronze"),
            "shape": picture.get("shape", "circle"),
            "icon": picture.get("icon", "star"),
            "colour": picture.get("colour", "teal"),
            "glue": lines[0] if lines else "all",
            "repeatable": part.get("repeatable", False),
        }

    @property
    def groups(self):
        words = [
            [self["name_en"], self["name_tr"]],
            [self["description_en"], self["description_tr"]],
            [self["code"]],
        ]
        picture = [[self["tier"], self["shape"]], [self["icon"], self["colour"]]]
        return [(_("What it is called"), "title", words), (_("Picture"), "image", picture)]

    def clean(self):
        self.require_both("description")
        return self.cleaned_data

    def to_badge(self, criterion: dict) -> dict:
        """The badge as the document keeps it."""
        data = self.cleaned_data
        badge = {
            "code": data["code"],
            "name": self.text_of("name"),
            "description": self.text_of("description"),
            "tier": data["tier"],
            "picture": {key: data[key] for key in ("shape", "icon", "colour")},
            "criterion": criterion,
            "repeatable": data["repeatable"],
        }
        return {key: value for key, value in badge.items() if value is not None}


class CriterionForm(forms.Form):
    """One line of what a badge asks for."""

    kind = forms.ChoiceField(label=gettext_lazy("Criterion"), choices=KINDS, required=False)
    at_least = whole_number(gettext_lazy("How many, how much"))
    verbs = forms.MultipleChoiceField(
        label=gettext_lazy("Activities"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    import_verbs = ImportVerbsField()
    within = whole_number(gettext_lazy("Within days"), help_text=gettext_lazy("Empty: ever."))
    grace = whole_number(
        gettext_lazy("Missed days allowed"),
        at_least=0,
        at_most=30,
        help_text=gettext_lazy("In a row of days."),
    )
    per_object = forms.BooleanField(
        label=gettext_lazy("For one and the same thing"), required=False
    )
    object_prefix = forms.CharField(
        label=gettext_lazy("Only for things that begin with"), max_length=100, required=False
    )
    value_at_least = whole_number(gettext_lazy("Value at least"), at_least=-1_000_000_000)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    badge = forms.ChoiceField(label=gettext_lazy("Badge"), required=False)

    def __init__(self, *args, program, code, **kwargs):
        super().__init__(*args, **kwargs)
        used = self.initial.get("verbs", [])
        offer(self, "verbs", known_verbs(used))
        self.initial["verbs"] = [verb for verb in used if not is_import(verb)]
        self.initial["import_verbs"] = " ".join(verb for verb in used if is_import(verb))
        offer(
            self,
            "currency",
            [(key, name_of(currency)) for key, currency in program.currencies.items()],
        )
        others = [badge for badge in program.badges if badge.code != code]
        offer(
            self,
            "badge",
            [
                ("", "–"),
                *((badge.code, name_of(badge)) for badge in others),
            ],
        )

    @property
    def rows(self):
        names = [
            ("kind", "at_least"),
            ("verbs", "import_verbs"),
            ("within", "grace", "per_object"),
            ("object_prefix", "value_at_least"),
            ("currency", "badge"),
        ]
        return [[self[name] for name in row] for row in names]

    def has_changed(self):
        """A line without a kind says nothing."""
        return bool(self["kind"].value())

    def clean(self):
        data = self.cleaned_data
        kind = data.get("kind")
        data["verbs"] = [*data.get("verbs", []), *(data.get("import_verbs") or [])]
        if kind in MEASURED and not data.get("at_least") and "at_least" not in self.errors:
            self.add_error("at_least", _("Say how many or how much: at least 1."))
        if kind in MEASURES and not data["verbs"] and "import_verbs" not in self.errors:
            self.add_error("verbs", _("Choose at least one activity."))
        if kind == "badge" and not data.get("badge"):
            self.add_error("badge", _("Choose the badge that must be held."))
        return data


BaseCriterionFormSet: Any = forms.formset_factory(
    CriterionForm, extra=1, max_num=8, validate_max=True
)


class CriterionFormSet(BaseCriterionFormSet):
    @staticmethod
    def initial_of(badge: dict) -> list[dict]:
        found = guided.to_lines(badge["criterion"]) if "criterion" in badge else None
        return found[1] if found else []

    def clean(self):
        if not any(form.cleaned_data.get("kind") for form in self.forms if form.is_valid()):
            raise forms.ValidationError(_("Say what the badge asks for: choose a criterion."))

    def to_criterion(self, glue: str) -> dict:
        lines = [form.cleaned_data for form in self.forms if form.cleaned_data.get("kind")]
        return guided.from_lines(glue or "all", lines)
