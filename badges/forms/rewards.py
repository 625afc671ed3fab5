from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.images.widgets import AdminImageChooser

from badges.models import Redemption, Reward
from badges.program.schema import Program
from badges.program.sentences import name_of
from badges.services.rewards import spendable_currencies

MOST = 1_000_000_000
LARGEST_FILE = 2_000_000


class RedeemForm(forms.Form):
    """What a confirmation carries: the price that was shown, and the key that redeems once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    price = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)


class RewardForm(forms.ModelForm):
    """A reward as brand managers set it up; the counter of what was taken is not theirs."""

    price = forms.IntegerField(label=gettext_lazy("Price"), min_value=1, max_value=MOST)
    stock = forms.IntegerField(
        label=gettext_lazy("Stock"),
        required=False,
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy(
            "How many there are in all. Empty: any number. A pool counts its codes."
        ),
    )
    limit_per_member = forms.IntegerField(
        label=gettext_lazy("Limit for each member"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("Empty: no limit."),
    )

    class Meta:
        model = Reward
        fields = (
            "name_en",
            "name_tr",
            "description_en",
            "description_tr",
            "picture",
            "currency",
            "price",
            "fulfilment",
            "stock",
            "limit_per_member",
            "level",
            "opens_at",
            "closes_at",
            "is_archived",
        )
        widgets = {
            "picture": AdminImageChooser,
            "description_en": forms.Textarea(attrs={"rows": 4}),
            "description_tr": forms.Textarea(attrs={"rows": 4}),
            "opens_at": AdminDateTimeInput,
            "closes_at": AdminDateTimeInput,
        }
        help_texts = {
            "is_archived": gettext_lazy(
                "Takes it off the site. It is never deleted: what was redeemed keeps its name."
            )
        }

    def __init__(self, *args: Any, program: Program, **kwargs: Any):
        super().__init__(*args, **kwargs)
        spendable = spendable_currencies(program)
        currencies = [(code, name_of(part)) for code, part in spendable.items()]
        levels = [(level.code, name_of(level)) for level in program.levels_upwards]
        self.fields["currency"] = forms.ChoiceField(label=_("Currency"), choices=currencies)
        choices = [("", _("None")), *levels]
        self.fields["level"] = forms.ChoiceField(
            label=_("Level needed"), choices=choices, required=False
        )

    @property
    def groups(self):
        words = [
            [self["name_en"], self["name_tr"]],
            [self["description_en"], self["description_tr"]],
            [self["picture"]],
        ]
        price = [
            [self["price"], self["currency"], self["level"]],
            [self["fulfilment"], self["stock"], self["limit_per_member"]],
        ]
        time = [[self["opens_at"], self["closes_at"]], [self["is_archived"]]]
        return [
            (_("What it is"), "title", words),
            (_("What it costs and who can have it"), "tag", price),
            (_("When it is on offer"), "date", time),
        ]

    def clean(self):
        data = self.cleaned_data
        if data.get("fulfilment") == Reward.Fulfilment.CODES:
            data["stock"] = None
        opens_at, closes_at = data.get("opens_at"), data.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("It must close after it opens."))
        return data


class CodesForm(forms.Form):
    """Codes for a pool, typed in or as a file."""

    codes = forms.CharField(
        label=gettext_lazy("Codes"),
        required=False,
        max_length=LARGEST_FILE,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One a line."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("Text or CSV in UTF-8, at most 2 MB; the first column counts."),
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is larger than 2 MB."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            raise forms.ValidationError(_("This file is not text in UTF-8.")) from fault

    def clean(self):
        data = self.cleaned_data
        data["text"] = data.get("file") or data.get("codes", "")
        if not self.errors and not data["text"].strip():
            raise forms.ValidationError(_("Type codes in or choose a file."))
        return data


class GiveForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=Redemption._meta.get_field("note").max_length,
        help_text=gettext_lazy("The member reads it, such as where to fetch it."),
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=Redemption._meta.get_field("reason").max_length,
        help_text=gettext_lazy("The member reads it."),
    )
