from portal.activity.models.activities import Activity, ActivityStream
from portal.activity.models.waiting import WaitingReversal

__all__ = ["Activity", "ActivityStream", "WaitingReversal"]
