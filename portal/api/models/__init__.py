from portal.api.models.calls import Call
from portal.api.models.keys import ApiKey, Application

__all__ = ["ApiKey", "Application", "Call"]
