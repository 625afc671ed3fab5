from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from events.models.occasions import Occasion


class EventPageForm(WagtailAdminPageForm):
    """Checks what only a person can decide; publishing by the clock never fails on it."""

    def clean_capacity(self):
        """Seats that members hold cannot be taken away by a smaller number."""
        capacity = self.cleaned_data["capacity"]
        rows = Occasion.objects.filter(key=self.instance.translation_key)
        taken = rows.values_list("seats_taken", flat=True).first() or 0
        if capacity and capacity < taken:
            self.add_error("capacity", _("%(n)d members have a seat already.") % {"n": taken})
        return capacity
