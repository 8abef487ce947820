"""The portal as it runs on one machine, with the peers' pages beside its own."""

from portal.settings import base
from portal.settings.local import *  # noqa: F403

INSTALLED_APPS = [*base.INSTALLED_APPS, "django_tables2", "django_filters"]
ROOT_URLCONF = "ground.list_urls"
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
