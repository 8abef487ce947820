from django.apps import AppConfig


class UnfinishedConfig(AppConfig):
    name = "portal.unfinished"
    label = "unfinished"
    verbose_name = "Unfinished forms"
