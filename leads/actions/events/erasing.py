"""A person is forgotten here too: what systems told of them, and were told."""

from leads.models import InboundItem, Lead, Outgoing


def forget(lead: Lead) -> int:
    """Empty every payload about the lead, in and out: an inner step of erasing.

    What waits to be sent is sent no more, but for the entry that says it was erased, which
    the ledger brings. Returns how many rows held something.
    """
    heard = InboundItem.objects.filter(lead=lead)
    told = Outgoing.objects.filter(lead=lead).exclude(kind="erased")
    told.filter(state=Outgoing.State.PENDING).update(
        state=Outgoing.State.DEAD, next_at=None, last_error="erased"
    )
    told_of = told.exclude(payload=None).update(payload=None)
    return told_of + heard.exclude(payload=None).update(payload=None, key="", reason="")
