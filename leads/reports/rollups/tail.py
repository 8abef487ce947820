"""Which leads may have changed since a place of the ledger.

Every durable act writes its entry in its own transaction, and entries are committed in their
order: a lead that no entry after a place names is as it was there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, Subquery

from leads.models import Handoff, Merge, RolledTo
from leads.reports.rollups.cells import FORM
from portal.ledger.models import LedgerEntry

COLUMNS = ("seq", "hash", "kind", "lead_id", "subject_type", "subject_id")
PAIRS = frozenset({"lead_merged", "lead_unmerged"})
"""Kinds that are about another lead than the one they name, too."""


@dataclass(frozen=True)
class Tail:
    """The leads that entries after the entry `since` are about, up to the entry `seq` with
    its `hash`; `whole`: there is nothing after it."""

    since: int
    seq: int
    hash: str
    leads: frozenset[int]
    whole: bool


class Held(NamedTuple):
    """In which `zone` the days of the sums are, which `state` of them is the newest, and what
    came in the ledger after them."""

    zone: str
    state: int
    tail: Tail


def after(seq: int, digest: str, most: int) -> Tail | None:
    """What came after the entry `seq` whose hash is `digest`, at most so many entries; None
    where the ledger has no such entry. One statement, and one more after a merge, or for
    handoffs that entries name without their lead."""
    entries = LedgerEntry.objects.filter(seq__gte=seq).order_by("seq")
    return _tail(list(entries.values_list(*COLUMNS)[: most + 2]), seq, digest, most)


def after_sums(most: int) -> Held | None:
    """The sums and what came after them, in one statement where `after` needs no more; None
    where there are no sums that hold."""
    sums = RolledTo.objects.filter(complete=True, form=FORM)
    names = ("seq", "hash", "zone", "state")
    seq, *more = (Subquery(sums.values(name)[:1]) for name in names)
    entries = LedgerEntry.objects.filter(seq__gte=seq).order_by("seq")
    rows = list(entries.values_list(*COLUMNS, seq, *more)[: most + 2])
    if not rows:
        return None
    seq_, hash_, zone, state = rows[0][6:10]
    found = _tail([row[:6] for row in rows], seq_, hash_, most)
    return Held(zone, state, found) if found else None


def _tail(rows: Sequence[Any], seq: int, digest: str, most: int) -> Tail | None:
    if not rows or rows[0][:2] != (seq, digest):
        return None
    first, came = rows[0], rows[1:]
    some = came[:most]
    leads = {row[3] for row in some if row[3] is not None}
    leads |= {row[5] for row in some if row[4] == "lead"}
    leads |= _of_handoffs({row[5] for row in some if row[4] == "handoff" and row[3] is None})
    if any(row[2] in PAIRS for row in some):
        leads |= _merged_with(leads)
    last = some[-1] if some else first
    return Tail(seq, last[0], last[1], frozenset(leads), len(came) <= most)


def _of_handoffs(handoffs: Collection[int]) -> set[int]:
    if not handoffs:
        return set()
    return set(Handoff.objects.filter(pk__in=handoffs).values_list("lead", flat=True))


def _merged_with(leads: Collection[int]) -> set[int]:
    pairs = Merge.objects.filter(Q(gone__in=leads) | Q(kept__in=leads))
    return {lead for pair in pairs.values_list("gone", "kept") for lead in pair}
