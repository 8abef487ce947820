from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind what each timer does."""
        from leads.actions import clocks, timers
        from leads.models import Timer

        timers.bind(Timer.Kind.PAUSE_ENDS, clocks.end_at_the_cap)
