from portal.activity.models.activities import Activity, ActivityStream

__all__ = ["Activity", "ActivityStream"]
