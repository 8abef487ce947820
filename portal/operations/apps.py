from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Commands for whoever runs the portal; it has no tables."""

    name = "portal.operations"
    label = "operations"
