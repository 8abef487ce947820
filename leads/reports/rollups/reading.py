"""The sums of reports from the cells: as of now, without writing anything.

Cells hold up to a place of the ledger. What the leads that came after it had put in is taken
out again, and what they would put in now is added, so that a figure is that of its rows.
Cells that this process has read and that nobody changed since are not read again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BinaryField,
    CharField,
    DateField,
    F,
    IntegerField,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from leads.models import RolledCell, RolledShare, RolledTo
from leads.reports.rollups import tail
from leads.reports.rollups.cells import Alike, Key, Record, packed, unpacked
from leads.reports.rollups.facts.shares import shares_of
from leads.reports.rollups.memory import MEMORY, Cells, Part, Parts, Stamps
from leads.reports.rollups.spans import Span
from leads.reports.rollups.sums import Rolled
from sla.models import Version

MOST = 300
"""Entries of the ledger after which a page counts the rows: the next pass is about to come."""
TRIES = 3
Took = tuple[Key, int, bytes]


Read = tuple[Any, ...]
"""A row: the state of the sums that it is of, a cell's stamp, its key in the order of `Key`,
how many facts (negative for a share, nothing where the family is ""), and their records. Plain
as the driver gives it, as there are tens of thousands."""
STATE, STAMP, FAMILY, DAY, ALIKE, N, RECORDS = 0, 1, 2, 3, slice(4, 13), 13, 14


def rolled(
    wanted: Sequence[Span], zone: ZoneInfo, version: Version | None = None
) -> Rolled | None:
    """The sums of what is `wanted`, in one statement where this process has read them since
    they changed last, and in two or three where it has not; None where there are none that
    hold. `version` was read already."""
    spans = tuple(wanted)
    for _try in range(TRIES):
        held = tail.after_sums(MOST)
        if held is None or not held.tail.whole or held.zone != zone.key:
            return None
        found = _cells(spans, held)
        if found is None:
            continue
        cells, shares = found
        MEMORY.keep(spans, cells)
        leads = held.tail.leads
        fresh = shares_of(leads, zone, version) if leads else {}
        now = [(key, some) for (_lead, key), some in fresh.items() if _is_in(key, spans)]
        return Rolled(cells.with_more(_otherwise(shares, now)))
    return None


def _is_in(key: Key, wanted: Iterable[Span]) -> bool:
    """Whether the database would have given it."""
    return any(
        key.family in families
        and first <= key.day < after
        and key.name in (names or (key.name,))
        for families, first, after, names in wanted
    )


def _otherwise(
    shares: Iterable[Took], now: Iterable[tuple[Key, Sequence[Record]]]
) -> Iterator[tuple[str, Alike, Part]]:
    """Out with what leads had put into cells that they would put other facts into now, and in
    with those."""
    was: dict[Key, list[Record]] = defaultdict(list)
    is_: dict[Key, list[Record]] = defaultdict(list)
    for key, n, blob in shares:
        was[key] += unpacked(n, blob)
    for key, records in now:
        is_[key] += records
    for key in was.keys() | is_.keys():
        if sorted(was.get(key, ())) != sorted(is_.get(key, ())):
            for sign, some in ((1, is_.get(key)), (-1, was.get(key))):
                if some:
                    yield key.family, key.alike, (key.day, sign * len(some), packed(some))


def _cells(wanted: tuple[Span, ...], held: tail.Held) -> tuple[Cells, list[Took]] | None:
    """The cells of some spans, those that changed read anew, and what the leads of the tail
    had put into them; None if a pass has moved the cells on meanwhile."""
    known, same = MEMORY.of(wanted), frozenset[str]()
    every = frozenset(family for span in wanted for family in span.families)
    if known is not None and known.state == held.state:
        same = every
    elif known is not None:
        stamps = _stamps(wanted)
        same = frozenset(
            family
            for family in every
            if stamps.get(family, (0, 0)) == known.stamps.get(family, (0, 0))
        )
    if known is not None and same == every and not held.tail.leads:
        return _of_state(known, held.state), []
    rows = _rows(_but(wanted, same), wanted, held.tail.leads)
    if {row[STATE] for row in rows} != {held.state}:
        return None
    taken = [(Key(*row[FAMILY:N]), -row[N], bytes(row[RECORDS])) for row in rows if row[N] < 0]
    if known is not None and same == every:
        return _of_state(known, held.state), taken
    return _joined(known, same, [row for row in rows if row[N] > 0], held.state), taken


def _stamps(wanted: Sequence[Span]) -> dict[str, Stamps]:
    found = RolledCell.objects.of_spans(wanted).stamps()
    return {family: (n, int(total)) for family, n, total in found}


def _but(wanted: Iterable[Span], families: Collection[str]) -> list[Span]:
    """What is left of spans without some families."""
    left = [
        one._replace(families=tuple(name for name in one.families if name not in families))
        for one in wanted
    ]
    return [one for one in left if one.families]


def _of_state(cells: Cells, state: int) -> Cells:
    return cells if cells.state == state else replace(cells, state=state)


def _joined(
    known: Cells | None, same: Collection[str], rows: Iterable[Read], state: int
) -> Cells:
    """What was read, with the families of before that are the same."""
    read: dict[str, dict[tuple[Any, ...], list[Part]]] = defaultdict(lambda: defaultdict(list))
    number: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for row in rows:
        family = row[FAMILY]
        read[family][row[ALIKE]].append((row[DAY], row[N], bytes(row[RECORDS])))
        number[family] += 1
        total[family] += row[STAMP]
    families: dict[str, Parts] = {
        family: {Alike(*alike): parts for alike, parts in groups.items()}
        for family, groups in read.items()
    }
    stamps = {family: (n, total[family]) for family, n in number.items()}
    if known is None:
        return Cells(state, families, stamps)
    changed = (known.families.keys() | families.keys()) - set(same)
    return Cells(
        state,
        {name: parts for name, parts in known.families.items() if name in same} | families,
        {name: some for name, some in known.stamps.items() if name in same} | stamps,
        known.answers_but(changed),
    )


def _rows(cells: Sequence[Span], shares: Sequence[Span], leads: Collection[int]) -> list[Read]:
    """The cells of some spans, and what some leads have put into those of others, in one
    statement; with a row that says the state of the sums where there is nothing else."""
    rows = RolledTo.objects.order_by().values_list("state", *_NOTHING)
    others = []
    if cells:
        others.append(_columns(RolledCell.objects.of_spans(cells), "", n=F("n")))
    if leads:
        theirs = RolledShare.objects.filter(
            lead_id__in=leads, cell__in=RolledCell.objects.of_spans(shares)
        )
        others.append(_columns(theirs, "cell__", n=-F("n")))
    return list(rows.union(*others, all=True))


def _columns(found: QuerySet[Any], cell: str, n: Any) -> QuerySet[Any]:
    """The state of the sums, what is alike in a cell, and its sums."""
    state = Subquery(RolledTo.objects.values("state")[:1])
    alike = [F(f"{cell}{name}") for name in Key._fields]
    return found.order_by().values_list(state, F(f"{cell}stamp"), *alike, n, "records")


_WORD, _NOUGHT = Value("", output_field=CharField()), Value(0, output_field=IntegerField())
_NOTHING = (
    _NOUGHT, _WORD, Cast(Value(None), DateField()), *[_WORD] * 6, _NOUGHT, _WORD, _WORD,
    _NOUGHT, Cast(Value(None), BinaryField()),
)  # fmt: skip
"""What stands in the columns of a cell where there is none."""
