import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
application = get_wsgi_application()

from django.db import connections  # noqa: E402

# Who serves finds a database, and begins none.
connections.settings["default"]["MUST_EXIST"] = str(connections.settings["default"]["NAME"])
