"""Settings of the portal's processes while they are killed.

Those of one machine, with mail that leaves by SMTP and an application of the tests that can
kill the process at a named point. No settings of the portal know that application.
"""

from portal.settings.environment import env
from portal.settings.local import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.stage"]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("CHAOS_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.int("CHAOS_SMTP_PORT", 25)
EMAIL_TIMEOUT = 10  # seconds, as in production
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
