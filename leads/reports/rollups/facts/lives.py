"""What the lives of leads put into the cells: stages they entered and came to, material that
was asked for them, and touches after a sale."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from leads.reports.rollups.cells import Fact, Key
from leads.reports.rollups.facts.told import Told, told
from leads.reports.rollups.facts.ways import way
from sla.core.workingtime import microseconds

NOBODY = -1


def lives(leads: Collection[int], zone: ZoneInfo) -> Iterator[Fact]:
    """By lead: its keys and records, whose days are in `zone`."""
    mine: dict[int, dict[str, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for row in told(leads):
        mine[row.lead][row.what].append(row)
    for lead, rows in mine.items():
        yield from _stages(rows["entered"], zone)
        yield from _undone(rows["undone"], zone)
        yield from _material(rows["asked"], rows["sold"], zone)
        for row in rows["after"]:
            key = _key("after", row, row.at, zone, party=row.word, version=0)
            yield lead, key, (row.by or NOBODY,)
        yield from way(rows, zone)


def person_of(email: str) -> int:
    """A number for whoever has this address, 0 where none is known. Two people in a million
    have the same with a chance of one to nine million."""
    if not email:
        return 0
    digest = blake2b(email.encode(), digest_size=8, person=b"rolled").digest()
    return int.from_bytes(digest) >> 1 | 1


def _stages(entries: Sequence[Told], zone: ZoneInfo) -> Iterator[Fact]:
    """Each entry, whether it was waived, and how long it took from it to each other stage."""
    for row in entries:
        at = microseconds(row.at)
        waived, imported = row.by is not None, bool(row.flag)
        entered = _key("entered", row, row.at, zone, name=row.word)
        who = (row.company or NOBODY, row.agreement, person_of(row.email))
        yield row.lead, entered, (row.lead, at, row.pk, int(waived), int(imported), *who)
        if waived and not imported:
            yield row.lead, entered._replace(family="waived", team=row.team or ""), ()
        came: dict[str, int] = {}
        for later in entries:
            if later.word != row.word and later.at >= row.at:
                took = microseconds(later.at) - at
                came[later.word] = min(took, came.get(later.word, took))
        for stage, took in came.items():
            yield row.lead, entered._replace(family="passed", party=stage), (row.pk, took)


def _undone(entries: Sequence[Told], zone: ZoneInfo) -> Iterator[Fact]:
    """Entries that were taken back: until then they counted."""
    for row in entries:
        if row.delivered is not None:
            key = _key("undone", row, row.at, zone, name=row.word, version=0)
            who = (row.company or NOBODY, row.agreement, person_of(row.email))
            until = microseconds(row.delivered)
            yield row.lead, key, (row.lead, microseconds(row.at), row.pk, 0, 0, *who, until)


def _material(asked: Sequence[Told], sold: Sequence[Told], zone: ZoneInfo) -> Iterator[Fact]:
    """What was asked for a lead by the days on which something came of it."""
    for row in asked:
        days: list[tuple[str, datetime | None]] = [("cancelled", row.cancelled)]
        if row.cancelled is None:
            days = [("asked", row.at), ("delivered", row.delivered)]
            if row.flag:
                days += [("used", row.answered), *(("won", sale.at) for sale in sold)]
        for which, at in days:
            if at is not None:
                key = _key("asked", row, at, zone, name=which)
                yield row.lead, key, (row.pk, row.by or NOBODY)


def _key(
    family: str, row: Told, at: datetime, zone: ZoneInfo,
    *, name: str = "", party: str = "", version: int | None = None,
) -> Key:  # fmt: skip
    number = row.number or 0 if version is None else version
    day: date = at.astimezone(zone).date()
    return Key(family, day, name, "", party, "", row.source, row.segment, number, "", "")
