from datetime import timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from badges.program.money import SIGNS
from badges.program.sentences import name_of, rule_name
from portal.activity.registry import verb_label
from portal.ui.choices import offer

MOST_DAYS = 366


class DaysForm(forms.Form):
    """A stretch of days, both included; the last thirty unless it says otherwise."""

    since = forms.DateField(label=gettext_lazy("First day"), widget=AdminDateInput)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=AdminDateInput)

    def __init__(self, data=None, *, zone, days=30):
        today = timezone.localdate(timezone=zone)
        self.usual = {"since": today - timedelta(days=days - 1), "until": today}
        super().__init__(data if data and "since" in data else None, initial=self.usual)

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day cannot lie before the first."))
        elif since and until and (until - since).days >= MOST_DAYS:
            self.add_error("until", _("At most %(n)s days, please.") % {"n": MOST_DAYS})
        return self.cleaned_data

    @property
    def days(self) -> dict:
        """First and last day; the usual ones while what was asked for makes no sense."""
        return self.cleaned_data if self.is_valid() else self.usual


class CostForm(DaysForm):
    """The days of a report, and whether it is split."""

    split = forms.ChoiceField(
        label=gettext_lazy("Split"),
        required=False,
        choices=[
            ("", gettext_lazy("These days together")),
            ("week", gettext_lazy("By week")),
            ("month", gettext_lazy("By month")),
        ],
    )


class PastForm(DaysForm):
    """A stretch and the rules that shall pay for it; without any, all of them."""

    rules = forms.MultipleChoiceField(
        label=gettext_lazy("Only these rules"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: all of them."),
    )

    def __init__(self, data=None, *, program):
        super().__init__(data, zone=program.zone)
        offer(self, "rules", [(rule.code, rule_name(rule, verb_label)) for rule in program.paying])

    @property
    def asked(self) -> dict:
        """The stretch as `stretch_of` takes it, or nothing while it makes no sense."""
        if not self.is_valid():
            return {}
        days = {name: self.cleaned_data[name].isoformat() for name in ("since", "until")}
        return {**days, "rules": self.cleaned_data["rules"]}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("It stands in the list, for those who run the programme."),
    )


class OrderForm(ReasonForm):
    """A reason, and the key by which one form asks once."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class WorthForm(forms.Form):
    """What one unit of each currency is worth in money."""

    def __init__(self, data=None, *, program):
        super().__init__(data)
        self.program = program
        codes = [("", "–"), *((code, f"{code} {sign}") for code, sign in SIGNS.items())]
        for code, currency in program.currencies.items():
            worth = currency.worth
            known = worth.currency if worth else "TRY"
            others = [] if known in SIGNS else [(known, known)]
            self.fields[f"amount-{code}"] = forms.DecimalField(
                label=_("One of “%(name)s” is worth") % {"name": name_of(currency)},
                min_value=0,
                max_digits=13,
                decimal_places=6,
                required=False,
                localize=True,
                initial=worth.exact if worth else None,
            )
            self.fields[f"money-{code}"] = forms.ChoiceField(
                label=_("Money"), choices=[*codes[1:], *others], initial=known
            )

    @property
    def rows(self):
        codes = self.program.currencies
        return [[self[f"amount-{code}"], self[f"money-{code}"]] for code in codes]

    def put_into(self, document: dict) -> dict:
        """A copy of the programme's document with these worths."""
        currencies = {
            code: self._with_worth(code, currency)
            for code, currency in document["currencies"].items()
        }
        return {**document, "currencies": currencies}

    def _with_worth(self, code: str, currency: dict) -> dict:
        amount: Decimal | None = self.cleaned_data[f"amount-{code}"]
        plain = {key: value for key, value in currency.items() if key != "worth"}
        if not amount:
            return plain
        worth = {"amount": _plain(amount), "currency": self.cleaned_data[f"money-{code}"]}
        return {**plain, "worth": worth}


def _plain(amount: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
