from django.apps import AppConfig
from django.conf import settings

from portal import wallclock


class DemoConfig(AppConfig):
    """The launcher, the set-up link of an empty portal, and simulated time."""

    name = "portal.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind simulated time, where the settings allow it at all."""
        if settings.SIMULATION_ALLOWED:
            from portal.demo.simulation import offset

            wallclock.bind(offset)
