"""What one lead's whole way puts into the cells: how it came, what the portal sees of it, and
each stay of its journey with what happened in it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from leads.reports.rollups.cells import Fact, Key, Record
from leads.reports.rollups.facts.told import Told
from sla.core.workingtime import microseconds

DID = ("marketing", "sales", "asked", "delivered", "used")
"""What is counted in each stage, in the order of the numbers of a record: touches of both
departments, and material."""
PORTAL = "portal"


def way(rows: Mapping[str, Sequence[Told]], zone: ZoneInfo) -> Iterator[Fact]:
    """The facts of one lead, of whom `rows` are everything by its kind; none of one that
    became part of another."""
    if not rows["came"]:
        return
    (came,) = rows["came"]
    (team,) = [row.team for row in rows["seated"]] or [None]
    known = _key("known", came, _day(came.at, zone), state=_seen(came, rows))
    yield came.lead, known._replace(team=team or ""), ()
    if entries := sorted(rows["entered"], key=lambda row: (row.at, row.pk)):
        day = _day(entries[0].at, zone)
        teams = sorted({row.team or "" for row in rows["offered"]}) or [""]
        for place, each in enumerate(teams):
            whole = "" if place else "whole"
            for key, record in _journey(came, entries, rows, day):
                yield came.lead, key._replace(team=each, kind=whole), record


def _seen(came: Told, rows: Mapping[str, Sequence[Told]]) -> str:
    """Whether the portal sees it: `seen`, `outside`, or tried `elsewhere` only."""
    if came.flag and not rows["offered"]:
        return "outside"
    systems = {row.team for row in rows["touched"] if row.flag}
    return "elsewhere" if systems and PORTAL not in systems else "seen"


def _journey(
    came: Told, entries: Sequence[Told], rows: Mapping[str, Sequence[Told]], day: date
) -> Iterator[tuple[Key, Record]]:
    """What came before the first stage, and each stay with the stage that followed."""
    did = _did(entries, rows)
    after = [sum(row.word == party for row in rows["after"]) for party in DID[:2]]
    yield _key("began", came, day), (int(bool(entries[0].flag)), *did[0], *after)
    followed = [*entries[1:], None]
    for place, (row, later) in enumerate(zip(entries, followed, strict=True), 1):
        until = later.at if later else came.delivered
        took = microseconds(until) - microseconds(row.at) if until else 0
        key = _key("stay", came, day, state="left" if until else "still")
        party = later.word if later else ""
        yield key._replace(name=row.word, party=party), (took, *did[place])


def _did(entries: Sequence[Told], rows: Mapping[str, Sequence[Told]]) -> list[list[int]]:
    """What happened before the first stage, and in each stay."""
    since = [row.at for row in entries]
    did = [[0] * len(DID) for _stay in range(len(entries) + 1)]
    for touch in rows["touched"]:
        if touch.word in DID:
            did[bisect_right(since, touch.at)][DID.index(touch.word)] += 1
    for asked in rows["asked"]:
        if asked.cancelled is None:
            so = (True, asked.delivered is not None, bool(asked.flag))
            for place, one in enumerate(so, 2):
                did[bisect_right(since, asked.at)][place] += one
    return did


def _key(family: str, came: Told, day: date, state: str = "") -> Key:
    return Key(family, day, "", "", "", "", came.source, came.segment, 0, state, "")


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
