"""The portal as it runs on one machine, without the manifest that an installation makes."""

from portal.settings import base
from portal.settings.local import *  # noqa: F403

STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
