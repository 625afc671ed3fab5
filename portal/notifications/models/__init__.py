from portal.notifications.models.deliveries import Delivery
from portal.notifications.models.notices import Notice, NoticeStream
from portal.notifications.models.preferences import Preference

__all__ = ["Delivery", "Notice", "NoticeStream", "Preference"]
