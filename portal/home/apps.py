import gc

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self):
        from portal.home import first_week

        first_week.register()
        # What was loaded until here lives as long as the process. The collector looked through all
        # of it again and again while pages were made and activities judged: a tenth of the time of
        # the ones, a fifth of the others'.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
