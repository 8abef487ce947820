"""What the lives of leads put into the cells: stages they entered and came to, material that
was asked for them, and touches after a sale. One statement for all of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    IntegerField,
    QuerySet,
    Value,
)

from leads.models import Contribution, StageEntry
from leads.reports.rollups.cells import Key, Record
from leads.reports.scorecard import beside
from sla.core.workingtime import microseconds

Fact = tuple[int, Key, Record]
NOBODY = -1


class Told(NamedTuple):
    """One row of a lead: a stage `entered`, something `asked` for it, a sale (`sold`), or a
    touch `after` one. What the kind does not have is None."""

    what: str
    lead: int
    pk: int
    at: datetime
    word: str
    source: str
    segment: str
    number: int | None
    team: str | None
    by: int | None
    flag: bool | None
    delivered: datetime | None
    answered: datetime | None
    cancelled: datetime | None


def lives(leads: Collection[int], zone: ZoneInfo) -> Iterator[Fact]:
    """By lead: its keys and records, whose days are in `zone`."""
    mine: dict[str, dict[int, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for row in _told(leads):
        mine[row.what][row.lead].append(row)
    for entries in mine["entered"].values():
        yield from _stages(entries, zone)
    for lead, asked in mine["asked"].items():
        yield from _material(asked, mine["sold"][lead], zone)
    for touches in mine["after"].values():
        for row in touches:
            key = _key("after", row, row.at, zone, party=row.word, version=0)
            yield row.lead, key, (row.by or NOBODY,)


def _stages(entries: Sequence[Told], zone: ZoneInfo) -> Iterator[Fact]:
    """Each entry, whether it was waived, and how long it took from it to each other stage."""
    for row in entries:
        at = microseconds(row.at)
        waived, imported = row.by is not None, bool(row.flag)
        entered = _key("entered", row, row.at, zone, name=row.word)
        yield row.lead, entered, (row.lead, at, row.pk, int(waived), int(imported))
        if waived and not imported:
            yield row.lead, entered._replace(family="waived", team=row.team or ""), ()
        came: dict[str, int] = {}
        for later in entries:
            if later.word != row.word and later.at >= row.at:
                took = microseconds(later.at) - at
                came[later.word] = min(took, came.get(later.word, took))
        for stage, took in came.items():
            yield row.lead, entered._replace(family="passed", party=stage), (row.pk, took)


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


def _told(leads: Collection[int]) -> Iterator[Told]:
    """Everything of these leads, but of those that became part of another."""
    asked = Contribution.objects.filter(lead__in=leads, lead__merged_into=None)
    entered = StageEntry.objects.filter(lead__in=leads, lead__merged_into=None, undone_at=None)
    after = beside.after_any_sale().filter(lead__in=leads, lead__merged_into=None)
    sold = beside.won().filter(lead__in=leads, lead__merged_into=None)
    none = _NONE
    found = _rows(
        asked, "asked", "asked_at", _WORD, "version__number", none["team"], "asked_by",
        "used", "delivered_at", "answered_at", "cancelled_at",
    ).union(
        _rows(
            entered, "entered", "entered_at", "stage", "version__number",
            "handoff__receiver_team__key", "waived_by", "imported", *_NEVER,
        ),
        _rows(
            after, "after", "occurred_at", "department", none["number"], none["team"], "by",
            none["flag"], *_NEVER,
        ),
        _rows(
            sold, "sold", "ended_at", _WORD, none["number"], none["team"], none["by"],
            none["flag"], *_NEVER,
        ),
        all=True,
    )  # fmt: skip
    return (Told(*row) for row in found)


def _rows(found: QuerySet[Any], what: str, at: str, *rest: Any) -> QuerySet[Any]:
    """The columns of `Told`, of one kind; `rest` are its word and what follows the segment."""
    word, *more = rest
    kind = Value(what, output_field=CharField())
    return found.order_by().values_list(
        kind, "lead", "pk", at, word, "lead__source", "lead__segment", *more
    )


def _none(field: Field[Any, Any]) -> Value:
    return Value(None, output_field=field)


_WORD = Value("", output_field=CharField())
_NONE = {
    "number": _none(IntegerField()), "team": _none(CharField()), "by": _none(IntegerField()),
    "flag": _none(BooleanField()),
}  # fmt: skip
_NEVER = [_none(DateTimeField())] * 3
