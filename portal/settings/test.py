"""Tests: a database of its own per process, mail in memory, no queue."""

import tempfile
from pathlib import Path

from portal.settings.base import *  # noqa: F403
from portal.settings.database import database
from portal.settings.environment import env, sqlite_in
from portal.settings.logs import logging
from portal.settings.watch import *  # noqa: F403

FOLDER = tempfile.TemporaryDirectory(prefix="concord-tests-")
DATA_DIR = Path(FOLDER.name)

SECRET_KEY = "for tests only, and never for a portal that people use"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
BASE_URL = "http://testserver"
PORT = 0
DATABASES = {"default": database(env.str("DATABASE_URL", "") or sqlite_in(DATA_DIR))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: threads of a race test share it with real locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
    )
PAGES_A_MINUTE = FILES_A_MINUTE = 0  # a test asks as fast as it can
SWEEP_IN_WEB = False  # a test says itself when clocks are checked
HOLD_SWEEP_ON_JUMPS = False  # a test travels
REDIS_URL = ""
CELERY_BROKER_URL = "memory://"
FILES_DIR = DATA_DIR / "files"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir()
WHITENOISE_USE_FINDERS = True  # nothing is collected
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "concord@testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = logging("INFO")
