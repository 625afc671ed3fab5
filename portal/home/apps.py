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
        # of it again and again while many activities were judged: a fifth of their time. It must
        # not look more seldom, though: connections of threads that have ended wait for it.
        gc.freeze()
