from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    label = "leads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind what each timer does."""
        from leads.actions import clocks
        from leads.actions.alerting import snoozing
        from leads.actions.handing import endings, returns
        from leads.actions.journeys import journey
        from leads.actions.owning import releasing
        from leads.actions.sweeping import timers
        from leads.models import Timer
        from leads.models.sealing import SEALS
        from portal.ledger.models import guard

        guard.guard(SEALS)
        timers.bind(Timer.Kind.PAUSE_ENDS, clocks.end_at_the_cap)
        timers.bind(Timer.Kind.HANDOFF_EXPIRES, endings.expire)
        timers.bind(Timer.Kind.RECYCLE, endings.come_back)
        timers.bind(Timer.Kind.DECIDE, returns.decide_by_default)
        timers.bind(Timer.Kind.OFFER_WAITS, journey.go_on)
        timers.bind(Timer.Kind.RELEASE, releasing.release)
        timers.bind(Timer.Kind.SNOOZE_ENDS, snoozing.tell_again)
