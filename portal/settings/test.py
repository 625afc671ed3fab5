"""For the test suite: fast hashing, mail and jobs in memory, no rate limits."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from portal.settings import base, logs
from portal.settings.base import *

RATE_LIMITS = False
ACCOUNT_RATE_LIMITS = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="meydan-media-"))
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The power may fail during a test: what a commit survives there does not matter.
    faster = SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["OPTIONS"] = {**SQLITE_OPTIONS, "init_command": faster}
if base.REDIS_URL:
    # Tests empty the cache, so each process of the suite has a Redis database of its own.
    parts = urlsplit(base.REDIS_URL)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    REDIS_URL = parts._replace(path=f"/{(int(parts.path[1:] or 0) + worker) % 16}").geturl()
    CACHES["default"]["LOCATION"] = REDIS_URL
    CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"] = REDIS_URL
ACTIVITY_CONSUMERS_RAISE = True
LOGGING = logs.configure(is_production=False, level="WARNING", keeps_loggers=False)
