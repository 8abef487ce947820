"""Production: https, PostgreSQL, Redis. Every secret comes from the environment, or from what
keeps secrets for the host (`portal.settings.environment.secret`)."""

from logging import captureWarnings
from urllib.parse import urlsplit

from portal.settings.base import *  # noqa: F403
from portal.settings.database import database
from portal.settings.environment import DATA_DIR, env, secret
from portal.settings.logs import logging
from portal.settings.watch import *  # noqa: F403

SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [
    key for one in secret("SECRET_KEY_FALLBACKS", "").split(",") if (key := one.strip())
]
BASE_URL = env.str("BASE_URL")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(BASE_URL).hostname])
DATABASES = {"default": database(secret("DATABASE_URL"), secret("DATABASE_PASSWORD", ""))}
REDIS_URL = secret("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
# Web servers and workers share it; no web server serves it.
FILES_DIR = env.path("FILES_DIR", DATA_DIR / "files")
# Best on a volume that only others can write to: heads kept here alone prove little.
LEDGER_HEADS_FILE = env.path("LEDGER_HEADS_FILE", DATA_DIR / "ledger-heads.jsonl")
LOGGING = logging(env.str("LOG_LEVEL", "INFO"), env.str("LOG_FORMAT", "line"))
captureWarnings(True)  # a warning of Python is an event as well

# Where Slack and Teams take messages; who wants more says all of them. "*": the whole world.
_VENDORS = [
    "slack.com", "hooks.slack.com", "*.webhook.office.com", "*.logic.azure.com",
    "*.environment.api.powerplatform.com",
]  # fmt: skip
_outgoing: list[str] = env.list("OUTGOING_HOSTS", _VENDORS)
_named = frozenset(host.strip().lower() for host in _outgoing)
OUTGOING_HOSTS = None if "*" in _named else _named

EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"concord@{urlsplit(BASE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STYLE_GUIDE = False
SECURE_SSL_REDIRECT = True
if env.bool("BEHIND_PROXY", False):  # the proxy must overwrite this header
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all who come by it would share one limit
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
# No other host, no plain page of this one, can set what begins so.
COOKIE_PREFIX = "__Host-"
