from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "portal.ui"
    label = "ui"
    verbose_name = _("Interface")

    def ready(self) -> None:
        from django.http import HttpRequest

        import portal.ui.checks  # noqa: F401
        from portal.ui.wellformed import read_content_type

        # Both servers' requests and the tests' are made by this, before any middleware.
        HttpRequest._set_content_type_params = read_content_type  # type: ignore[attr-defined]
