"""One machine, loopback only: `make demo`, `make start`, and development.

Everything lives in DATA_DIR, the generated secret key included.
"""

import contextlib
import secrets
import warnings

from portal.settings import base
from portal.settings.base import *  # noqa: F403
from portal.settings.database import database
from portal.settings.environment import DATA_DIR, env, sqlite_in
from portal.settings.logs import logging
from portal.settings.watch import *  # noqa: F403


def _secret_key() -> str:
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = DATA_DIR / f"secret_key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)  # of two processes that start at once, one wins
        fresh.unlink()
    return path.read_text()


# On one machine, in a container for instance, root is what people are.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

SIMULATION_ALLOWED = True
MIDDLEWARE = [*base.MIDDLEWARE, "leads.demo.trying.tries.Remember"]
SECRET_KEY = env.str("SECRET_KEY", "") or _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
PORT = env.int("PORT", 8000)
BASE_URL = env.str("BASE_URL", f"http://localhost:{PORT}")
DATABASES = {"default": database(env.str("DATABASE_URL", "") or sqlite_in(DATA_DIR))}
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "memory://"
STATIC_ROOT = DATA_DIR / "static"
FILES_DIR = DATA_DIR / "files"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
LEDGER_HEADS_FILE = env.path("LEDGER_HEADS_FILE", DATA_DIR / "ledger-heads.jsonl")
DEFAULT_FROM_EMAIL = "concord@localhost"
LOGGING = logging(env.str("LOG_LEVEL", "INFO"), env.str("LOG_FORMAT", "line"))
SESSION_COOKIE_NAME = "concord_session"
CSRF_COOKIE_NAME = "concord_csrf"
