"""On a server: everything that must be chosen is demanded, and boot checks refuse the rest."""

from urllib.parse import urlsplit

from portal.settings.base import *
from portal.settings.base import env

IS_PRODUCTION = True
SECRET_KEY = env("SECRET_KEY", default="")
CREDENTIAL_KEY = env("CREDENTIAL_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
PUBLIC_URL = env("PUBLIC_URL", default="")
WAGTAILADMIN_BASE_URL = PUBLIC_URL
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)

SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc or None
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# Pages are redirected. Programs are refused, so that a key is not sent in the open for long;
# health is asked from beside, where no TLS ends.
SECURE_REDIRECT_EXEMPT = [r"^api/", r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
DEVICE_COOKIE_NAME = "__Host-device"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=["127.0.0.0/8", "::1", "unix"])
# Signing up with any address answers alike, known or not: what comes next stands in a mail.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
EVEN_ANSWERS_SECONDS = 0.25
HOLD_UNVERIFIED_POINTS = True
REDEEMING_NEEDS_ADDRESS = True
LOGGING = logs.configure(is_production=True, level=env("LOG_LEVEL", default="INFO"))
