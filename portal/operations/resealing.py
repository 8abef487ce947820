"""What lies sealed in the database is sealed again, under the key of today."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model

from leads.models import EventSource
from portal.notifications.models import Endpoint
from portal.notifications.models.sealing import is_sealed, seal, unseal

COLUMNS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Endpoint, ("sealed_address", "sealed_secrets")),
    (EventSource, ("sealed_secrets", "sealed_client_secret")),
)
SEEDS = ("secret", "seed")


@transaction.atomic
def reseal() -> int:
    """Seal all of it again; how many rows there were. After it the keys in
    SECRET_KEY_FALLBACKS are needed for nothing that lies sealed. Raises Unreadable, and then
    nothing was changed, for what no key of today opens."""
    rows = 0
    for model, columns in COLUMNS:
        for row in model._default_manager.select_for_update(no_key=True).order_by("pk"):
            again = {name: seal(unseal(getattr(row, name))) for name in columns}
            rows += model._default_manager.filter(pk=row.pk).update(**again)
    for one in Authenticator.objects.select_for_update(no_key=True).order_by("pk"):
        kept = {name: one.data[name] for name in SEEDS if name in one.data}
        data = one.data | {name: seal(_plain(text)) for name, text in kept.items()}
        rows += Authenticator.objects.filter(pk=one.pk).update(data=data)
    return rows


def _plain(text: str) -> str:
    """A seed of before lies as it is."""
    return unseal(text) if is_sealed(text) else text
