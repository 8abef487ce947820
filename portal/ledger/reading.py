"""Reading the ledger back: what it says of a row, and whether a value is the one it holds."""

import hmac
from typing import Any

from portal.ledger import chain
from portal.ledger.models import LedgerEntry, Salt
from portal.ledger.models.entry import LedgerEntryQuerySet
from portal.ledger.recording import Row, Subject


class Erased(LookupError):
    """The salt behind a commitment is gone: nobody can tell any more what it held."""


def entries_about(subject: Subject | Row) -> LedgerEntryQuerySet:
    """Entries whose subject is this, oldest first: `("handoff", 12)`, or a saved row, whose
    subject is its model's name and its pk."""
    if isinstance(subject, tuple):
        return LedgerEntry.objects.about(subject)
    return LedgerEntry.objects.about((type(subject).__name__.lower(), int(subject.pk)))


def tip() -> tuple[int, str]:
    """Place and hash of the newest entry; (0, 64 zeros) of an empty ledger."""
    return LedgerEntry.objects.tip()


def matches(entry: LedgerEntry, field: str, value: Any) -> bool:
    """Whether `value` is what `entry` committed to under `field`.

    Raises KeyError if it committed to no such field, Erased if the salt is gone.
    """
    given = entry.committed[field]
    made = chain.commitment(bytes.fromhex(opening(entry, field)), value)
    return hmac.compare_digest(given, made)


def opening(entry: LedgerEntry, field: str) -> str:
    """The key, in hex, with which anybody can check this one value of this one entry.

    It tells nothing about other entries or fields. Raises Erased if the salt is gone.
    """
    owner = entry.subject if entry.lead_id is None else ("lead", entry.lead_id)
    salt = Salt.objects.of(owner).first()
    if salt is None:
        raise Erased(f"the salt of {owner[0]} {owner[1]} was erased")
    return chain.field_key(bytes(salt.secret), entry.seq, field).hex()


def forget(subject: Subject) -> int:
    """Destroy the salt of a lead (or of a subject without one): an inner step of erasing.

    Returns how many salts there were: 0 the second time.
    """
    return Salt.objects.of(subject).delete()[0]
