from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "portal.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from portal.activity.numbering import behind
        from portal.activity.recounts import register_recount
        from portal.notifications.models import Notice, NoticeStream

        register_recount(
            lambda: behind(NoticeStream, Notice, owner="recipient_id"),
            "notifications.NoticeStream.last_sequence",
        )
