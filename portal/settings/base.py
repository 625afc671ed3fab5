"""The embedded default: SQLite, one process, everything else from the environment."""

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from portal.settings import logs
from portal.settings.apps import *
from portal.settings.defence import *
from portal.settings.secret import local_secret

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
IS_PRODUCTION = False
SECRET_KEY = env("SECRET_KEY", default="") or local_secret(VAR_DIR / "secret-key")
# What the key that signs credentials is made from.
CREDENTIAL_KEY = env("CREDENTIAL_KEY", default="") or local_secret(VAR_DIR / "credential-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
PUBLIC_URL = env("PUBLIC_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
RATE_LIMITS = env.bool("RATE_LIMITS", default=True)
# Who may say for whom it speaks: networks, and "unix" for sockets in the file system.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.cms.context.site",
                "portal.notifications.context.notices",
            ],
        },
    }
]

# Storage of facts -----------------------------------------------------------------------------

SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA busy_timeout=20000; PRAGMA cache_size=-20000;"
    ),
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "portal.resilience.backends.sqlite3"
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["ENGINE"] = "portal.resilience.backends.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    # Behind a pooler that gives each transaction another connection of the server.
    is_pooled = env.bool("DATABASE_POOLS_TRANSACTIONS", default=False)
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = is_pooled
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {"BACKEND": "portal.resilience.cache.PatientRedisCache", "LOCATION": REDIS_URL}
    }
    CHANNEL_LAYERS: dict[str, Any] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "max_connections": 5000}]},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES["renditions"] = CACHES["default"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

# Members and sign-in ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name", "handle"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
# Only in the browser that signed up.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_FORMS = {"signup": "portal.accounts.forms.entrance.SignupForm"}
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
# Wrong passwords: for one account from one device or network, and from all unknown ones together.
WRONG_PASSWORDS = {"login_failed": "10/m/ip,5/5m/key", "login_failed_account": "30/h/key"}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = WRONG_PASSWORDS if RATE_LIMITS else False
DEVICE_COOKIE_NAME = "device"
# Answers about addresses take a whole number of such steps, so that their time says nothing.
EVEN_ANSWERS_SECONDS = 0.0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# Languages and times ---------------------------------------------------------------------------

LANGUAGE_CODE = env("DEFAULT_LANGUAGE", default="en")
LANGUAGES = [("en", _("English")), ("tr", _("Turkish"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_vendor"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
PROGRAM_TIMEZONE = env("PROGRAM_TIMEZONE", default="Europe/Istanbul")

# Files -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Where a proxy finds the media inside itself: it then sends the files that the portal lets out.
FILES_ACCEL_PREFIX = env("FILES_ACCEL_PREFIX", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.ui.storage.PortalStaticStorage"},
}
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# What is larger waits on the disk, as many may come at once.
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
# The largest file that staff may bring in, a film for instance.
CMS_UPLOAD_LIMIT = env.int("CMS_UPLOAD_LIMIT_MB", default=512) * 1024 * 1024

# Content ---------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Meydan"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Nobody's address is ever fetched: what it shows would be framed, which the policy forbids anyway.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILADMIN_LOGIN_URL = "cms_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAILIMAGES_IMAGE_MODEL = "cms.PortalImage"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 20_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "cms.PortalDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILMEDIA = {"MEDIA_MODEL": "cms.PortalMedia"}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.search.backend"}}
WAGTAIL_PAGE_MODEL = "wagtailcore.Page"

# Background work, mail, logs -------------------------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Kıyı <hello@example.com>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
LOGGING = logs.configure(is_production=False, level=env("LOG_LEVEL", default="WARNING"))

# The portal's own -----------------------------------------------------------------------------

# Roles are groups; `setup` brings them in with their permissions.
ROLES = ["member", "moderator", "editor", "brand_manager", "administrator"]
# After so long a session has to prove its second factor again to hold a role's permissions.
STAFF_PROOF_HOURS = env.int("STAFF_PROOF_HOURS", default=12)
# Points of members whose address is not verified wait in the held account.
HOLD_UNVERIFIED_POINTS = False
# Whether only members with a verified address may redeem; production demands it.
REDEEMING_NEEDS_ADDRESS = env.bool("REDEEMING_NEEDS_ADDRESS", default=False)
# What staff give or take by hand: so much without a second person, and so much a day in a role.
ADJUSTMENT_ALONE = env.int("ADJUSTMENT_ALONE", default=500)
ADJUSTMENT_PER_DAY = {
    "brand_manager": env.int("ADJUSTMENT_PER_DAY", default=5_000),
    "administrator": env.int("ADJUSTMENT_PER_DAY_ADMINISTRATOR", default=20_000),
}
# A consumer that fails is logged and tried again; the tests want to see it.
ACTIVITY_CONSUMERS_RAISE = False
