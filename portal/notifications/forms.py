from collections.abc import Iterator

from django import forms

from portal.notifications.models import Preference
from portal.notifications.registry import categories, mailed_categories

Channel = Preference.Channel


class PreferencesForm(forms.Form):
    """One box for each category and each channel that it uses; unticked means unwanted."""

    def __init__(self, *args, member, **kwargs):
        super().__init__(*args, **kwargs)
        self.pairs: dict[str, tuple[str, str]] = {}
        unwanted = Preference.objects.unwanted(member)
        for category, channel in self._all_pairs():
            name = f"{category}-{channel}"
            self.pairs[name] = (category, channel)
            self.fields[name] = forms.BooleanField(
                label=Channel(channel).label,
                required=False,
                initial=(category, channel) not in unwanted,
            )

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each category's words and its boxes."""
        by_category: dict[str, list] = {}
        for name, (category, _channel) in self.pairs.items():
            by_category.setdefault(category, []).append(self[name])
        return [(label, by_category[code]) for code, label in categories().items()]

    def changes(self) -> Iterator[tuple[str, str, bool]]:
        """What differs from what is kept, as category, channel and whether it is wanted."""
        for name in self.changed_data:
            yield *self.pairs[name], self.cleaned_data[name]

    @staticmethod
    def _all_pairs() -> Iterator[tuple[str, str]]:
        mailed = mailed_categories()
        for category in categories():
            yield category, Channel.TOAST
            if category in mailed:
                yield category, Channel.EMAIL
