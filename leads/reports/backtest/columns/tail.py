"""What changed since a place of the ledger, by the entries that came after it.

Every durable act writes its entry in its own transaction, so what has no entry after a
place is as it was there.
"""

from dataclasses import dataclass

from portal.ledger.models import LedgerEntry

MOST = 5_000
"""Entries that are looked through; after more of them everything is read again."""
BROAD = frozenset(
    {
        "imported", "went_live", "outage", "erased", "configured", "routing_changed",
        "lead_merged", "lead_unmerged",
    }
)  # fmt: skip
"""Kinds that may be about more leads than the entry names."""


@dataclass(frozen=True)
class Place:
    """An entry of the ledger: no other ledger has its hash."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Tail:
    """Where the ledger ends, None for an empty one, and which leads and handoffs the entries
    after a place are about; `every`: it cannot be told which."""

    end: Place | None
    leads: frozenset[int] = frozenset()
    handoffs: frozenset[int] = frozenset()
    every: bool = False


def since(place: Place | None) -> Tail:
    """What came after `place`, in one statement that looks for the place, too. Without one,
    or if it is not there, nobody can say."""
    columns = ("seq", "hash", "kind", "lead_id", "subject_type", "subject_id")
    newest = LedgerEntry.objects.order_by("-seq").values_list(*columns)
    if place is None:
        rows = list(newest[:1])
        return Tail(Place(*rows[0][:2]) if rows else None, every=True)
    rows = list(newest.filter(seq__gte=place.seq)[: MOST + 2])
    end = Place(*rows[0][:2]) if rows else None
    if not rows or Place(*rows[-1][:2]) != place or any(row[2] in BROAD for row in rows[:-1]):
        return Tail(end, every=True)
    after = rows[:-1]
    leads = {row[3] for row in after if row[3] is not None}
    leads |= {row[5] for row in after if row[4] == "lead"}
    handoffs = {row[5] for row in after if row[4] == "handoff"}
    return Tail(end, frozenset(leads), frozenset(handoffs))
