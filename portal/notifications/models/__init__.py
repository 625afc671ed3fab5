from portal.notifications.models.notices import Delivery, Notice, NoticeStream

__all__ = ["Delivery", "Notice", "NoticeStream"]
