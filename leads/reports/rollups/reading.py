"""The sums of reports from the cells: as of now, without writing anything.

Cells hold up to a place of the ledger. What the leads that came after it had put in is taken
out again, and what they would put in now is added, so that a figure is that of its rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet, Subquery

from leads.models import RolledCell, RolledShare, RolledTo
from leads.reports.rollups import tail
from leads.reports.rollups.cells import Key, packed
from leads.reports.rollups.facts.shares import shares_of
from leads.reports.rollups.spans import Span
from leads.reports.rollups.sums import Part, Rolled
from sla.models import Version

MOST = 300
"""Entries of the ledger after which a page counts the rows: the next pass is about to come."""
TRIES = 3


def rolled(
    wanted: Sequence[Span], zone: ZoneInfo, version: Version | None = None
) -> "Rolled | None":
    """The sums of what is `wanted`, in two statements where nothing happened since the last
    pass; None where there are none that hold. `version` was read already."""
    for _try in range(TRIES):
        found = tail.after_sums(MOST)
        if found is None or not found[1].whole or found[0] != zone.key:
            return None
        came = found[1]
        parts = _parts(wanted, came)
        if parts is not None:
            fresh = shares_of(came.leads, zone, version) if came.leads else {}
            now = [Part(key, len(some), packed(some)) for (_, key), some in fresh.items()]
            return Rolled([*parts, *_of(now, wanted)])
    return None


def _of(parts: Iterable[Part], wanted: Sequence[Span]) -> Iterator[Part]:
    """Those of them that the database would have given."""
    for part in parts:
        key = part.key
        if any(
            key.family in families
            and first <= key.day < after
            and key.name in (names or [key.name])
            for families, first, after, names in wanted
        ):
            yield part


def _parts(wanted: Sequence[Span], came: tail.Tail) -> list[Part] | None:
    """The cells of some spans, and what the leads that changed since had put into them, in
    one statement; None if a pass has moved the cells on meanwhile."""
    cells = RolledCell.objects.of_spans(wanted)
    rows = _columns(cells, "", n=F("n"))
    if came.leads:
        theirs = RolledShare.objects.filter(lead_id__in=came.leads, cell__in=cells)
        rows = rows.union(_columns(theirs, "cell__", n=-F("n")), all=True)
    found = [(row[0], Part(Key(*row[1:12]), row[12], bytes(row[13]))) for row in rows]
    if any(seq != came.since for seq, _part in found):
        return None
    return [part for _seq, part in found]


def _columns(found: QuerySet[Any], cell: str, n: Any) -> QuerySet[Any]:
    """Up to which entry the cells hold, what is alike in a cell, and its sums."""
    seq = Subquery(RolledTo.objects.values("seq")[:1])
    alike = [F(f"{cell}{name}") for name in Key._fields]
    return found.order_by().values_list(seq, *alike, n, "records")
