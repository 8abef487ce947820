"""Answers of the API that are kept for a day: inner steps of the transaction of the call."""

from datetime import datetime

from portal.accounts.models import ApiToken, KeptAnswer
from portal.accounts.models.answer import key_of

SWEPT = 100
"""As many that are too old go with each that comes."""


def claim(*, token: ApiToken, key: str, asked: str, at: datetime) -> KeptAnswer:
    """Take the key for this call; whoever takes the same one waits until this one ends.

    Raises IntegrityError if another call has it. What is older than a day goes.
    """
    old = KeptAnswer.objects.stale(at)
    old.of(token, key).delete()
    KeptAnswer.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:SWEPT])).delete()
    return KeptAnswer.objects.create(token=token, key=key_of(key), asked=asked, at=at)


def keep(
    claimed: KeptAnswer, status: int, body: bytes, *, lead: int | None, location: str
) -> None:
    """Keep what the call is answered."""
    claimed.status, claimed.body = status, body.decode()
    claimed.lead_id, claimed.location = lead, location
    claimed.save(update_fields=["status", "body", "lead_id", "location"])


def forget(lead_id: int) -> int:
    """Throw away what was answered about a lead, for who erases it; return how many."""
    return KeptAnswer.objects.about(lead_id).delete()[0]
