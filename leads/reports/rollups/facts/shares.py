"""What leads put into the cells, counted from the rows as the scorecard counts them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from leads.models import Clock
from leads.reports.durations import Span, taken
from leads.reports.rollups.cells import Fact, Key, Record
from leads.reports.rollups.facts.lives import NOBODY, lives
from leads.reports.scorecard import response, returns
from sla.core.workingtime import microseconds
from sla.models import Version

Shares = dict[tuple[int, Key], list[Record]]
"""By lead and cell: a record for each of its facts there."""
TIMED = {Clock.Outcome.MET, Clock.Outcome.LATE}
MICROSECONDS = 1_000_000


def shares_of(leads: Collection[int], zone: ZoneInfo, version: Version | None = None) -> Shares:
    """Everything that these leads put into cells, whose days are in `zone`. Four statements,
    and some for versions other than `version` that times are measured by."""
    found: Shares = defaultdict(list)
    for facts in (
        _clocks(leads, zone, version),
        _speed(leads, zone, version),
        _returns(leads, zone),
        lives(leads, zone),
    ):
        for lead, key, record in facts:
            found[lead, key].append(record)
    return dict(found)


def _clocks(leads: Collection[int], zone: ZoneInfo, version: Version | None) -> Iterator[Fact]:
    rows: list[Any] = list(
        Clock.objects.filter(lead__in=leads)
        .order_by("pk")
        .values_list(
            "lead", "obligation", "kind", "department", "team__key", "lead__source", "segment",
            "version__number", "version", "calendar", "started_at", "due_at", "stopped_at",
            "paused_at", "paused", "owner", "pk", "outcome",
        )
    )  # fmt: skip
    timed = [row for row in rows if row[-1] in TIMED]
    spans = [Span(row[8], row[9], row[10], row[12], row[14]) for row in timed]
    took = iter(taken(spans, version))
    for lead, name, kind, party, team, source, segment, number, *_rest, outcome in rows:
        due, stopped, paused, _paused, owner, pk = _rest[3:]
        record: Record = ()
        if outcome in TIMED:
            record = (_whole(next(took)),)
        elif stopped is None and paused is None:
            record = (microseconds(due),)
        state = outcome or ("paused" if paused else "running")
        key = Key(
            "clocks", _day(due, zone), name, kind, party, team, source, segment, number, state,
            "",
        )  # fmt: skip
        yield lead, key, record
        if state in {Clock.Outcome.LATE, "running"}:
            ended = microseconds(stopped) if stopped else NOBODY
            who = owner or NOBODY
            late = (microseconds(due), ended, who, lead, pk)
            yield lead, key._replace(family="late"), late


def _speed(leads: Collection[int], zone: ZoneInfo, version: Version | None) -> Iterator[Fact]:
    mine = response.owing().filter(lead__in=leads)
    mine = mine.annotate(team=F("receiver_team__key"), number=F("version__number"))
    rows = list(response.told(mine, "lead", "team", "lead__source", "segment", "number"))
    made = [row for row in rows if row["attempted"] is not None]
    times = {one.handoff: one for one in response.timed(made, version)}
    for row in rows:
        state, record = "never", ()
        if (one := times.get(row["pk"])) is not None:
            parts = one.parts or (None, None, None)
            state, record = "made", (row["pk"], *map(_whole, (one.took, *parts)))
        elif row["state"] == "withdrawn":
            state = "withdrawn"
        key = Key(
            "speed", _day(row["first_offered_at"], zone), "", "", "", row["team"],
            row["lead__source"], row["segment"], row["number"], state, "",
        )  # fmt: skip
        yield row["lead"], key, record


def _returns(leads: Collection[int], zone: ZoneInfo) -> Iterator[Fact]:
    came = returns.came(
        returns.standing().filter(handoff__lead__in=leads),
        "handoff__lead", "at", "handoff__receiver_team__key", "handoff__segment",
        "handoff__version__number",
    )  # fmt: skip
    for one, (lead, at, team, segment, number) in came:
        key = Key(
            "returns", _day(at, zone), one.reason, "", "", team, one.source, segment, number,
            one.answer, one.campaign,
        )  # fmt: skip
        yield lead, key, ()


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _whole(seconds: float | None) -> int:
    return -1 if seconds is None else round(seconds * MICROSECONDS)
