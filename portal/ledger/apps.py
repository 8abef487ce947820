from django.apps import AppConfig
from django.core import checks


class LedgerConfig(AppConfig):
    name = "portal.ledger"
    label = "ledger"
    verbose_name = "Ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.ledger.genesis import refuse_simulated

        checks.register(refuse_simulated)
