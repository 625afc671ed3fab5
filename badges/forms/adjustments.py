from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.models import Adjustment, AdjustmentWords
from badges.program.schema import Program
from badges.program.sentences import name_of
from badges.services.adjusting import MOST
from badges.services.rewards import spendable_currencies
from portal.accounts.models import Member

GIVE, TAKE = "give", "take"
NOTE_LENGTH = AdjustmentWords._meta.get_field("note_en").max_length


class AdjustmentForm(forms.Form):
    """Points for one member, with a reason and a note; the key makes one form adjust once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    member = forms.CharField(
        label=gettext_lazy("Member"),
        max_length=254,
        help_text=gettext_lazy("The handle or the e-mail address."),
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[(GIVE, gettext_lazy("Give points")), (TAKE, gettext_lazy("Take points"))],
    )
    amount = forms.IntegerField(label=gettext_lazy("Amount"), min_value=1, max_value=MOST)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Adjustment.Reason.choices,
        help_text=gettext_lazy("The member reads it."),
    )
    note_en = forms.CharField(
        label=gettext_lazy("Note in English"), required=False, max_length=NOTE_LENGTH
    )
    note_tr = forms.CharField(
        label=gettext_lazy("Note in Turkish"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=gettext_lazy("Write at least in the member's language."),
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = spendable_currencies(program)
        currency: Any = self.fields["currency"]
        currency.choices = [(code, name_of(part)) for code, part in known.items()]

    def clean_member(self) -> Member:
        said = self.cleaned_data["member"].strip().lower()
        named = {"email": said} if "@" in said.lstrip("@") else {"handle": said.lstrip("@")}
        member = Member.objects.filter(closed_at=None, **named).first()
        if member is None:
            raise forms.ValidationError(_("There is no such member."))
        return member

    def adjustment(self) -> dict:
        """What the service asks for."""
        data = self.cleaned_data
        sign = -1 if data["direction"] == TAKE else 1
        return {
            "member": data["member"],
            "currency": data["currency"],
            "amount": sign * data["amount"],
            "reason": data["reason"],
            "notes": {"en": data["note_en"], "tr": data["note_tr"]},
            "key": data["key"],
        }


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=AdjustmentWords._meta.get_field("answer").max_length,
        help_text=gettext_lazy("Who asked reads it; the member does not."),
    )
