"""What each department would have owed in volume under a text, and what it delivered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from leads.core import statistics
from leads.core.backtest import NEVER, Fate
from leads.core.watching.pace import Standing
from leads.core.words.renamed import keys_of
from leads.models import Content, Lead, StageEntry
from leads.models.company import OWNED, was_owned
from leads.reports.backtest.costing import changed_stages
from leads.reports.backtest.qualifying import Audience
from leads.reports.backtest.trial import Outcome, Trial
from leads.reports.period import Period
from leads.reports.volume import once, stood
from sla.core import durations
from sla.core.terms import Terms
from sla.core.terms.parts import Commitment
from sla.core.workingtime import instant, microseconds

MOST = 13
"""Periods of one commitment; the newest, where there are more."""
Entry = tuple[int, int, str, datetime]


@dataclass(frozen=True)
class Owed:
    """A commitment in one period, as far as `look`: the rows that are `done`, and of a share
    those that were `due`, by the key of what `noun` names."""

    commitment: Commitment
    period: Period
    look: datetime
    noun: str
    done: tuple[int, ...]
    due: tuple[int, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.look >= self.period.end

    @property
    def standing(self) -> Standing:
        counts = {"done": len(self.done), "due": len(self.due)}
        ends = self.period
        return stood(self.commitment, counts, ends.start, ends.end, self.look)

    @property
    def projected(self) -> int | None:
        """What the period ends with at this pace, of a count that still runs."""
        if self.is_over or self.commitment.percent is not None:
            return None
        passed = self.period.days_until(self.look - timedelta(microseconds=1))
        return statistics.pace(len(self.done), passed, self.period.days)


def asks_who_qualifies(new: Terms, old: Terms | None) -> bool:
    """Whether a volume counts entries into a stage whose criteria changed."""
    changed = changed_stages(new, old)
    counted = [one for one in new.commitments if one.measure == "stage_entries"]
    return any(one.stage in changed for one in counted)


def owing(
    found: Trial,
    agreement: int,
    audience: Audience | None,
    old: Terms | None,
    since: datetime,
    until: datetime,
) -> list[Owed]:
    """Every commitment of the text in each period that begins in [since, until).

    Entries into a stage are those that were, or where its criteria changed, when each lead
    of `audience` first met them (it is not asked for else). A share that is kept is of the
    rounds due under the text.
    """
    terms = found.terms
    zone, changed = ZoneInfo(terms.governance.zone), changed_stages(terms, old)
    told: list[Owed] = []
    for commitment in terms.commitments:
        periods = list(_periods(commitment, zone, since, until))
        if commitment.measure == "obligation_kept":
            told += _kept(commitment, periods, found, until)
        elif commitment.measure == "content":
            told += _published(terms, commitment, periods, until)
        elif commitment.stage in changed and audience is not None:
            told += _qualified(commitment, periods, audience, until)
        else:
            told += _entered(terms, commitment, periods, agreement, until)
    return told


def _periods(
    commitment: Commitment, zone: ZoneInfo, since: datetime, until: datetime
) -> Iterator[Period]:
    """The newest first; the one around the beginning, if none begins in the time."""
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    period = Period.around(last, commitment.period, zone)
    yield period
    for _ in range(MOST - 1):
        period = period.before
        if period.start < since:
            return
        yield period


def _kept(
    commitment: Commitment, periods: Sequence[Period], found: Trial, until: datetime
) -> Iterator[Owed]:
    promise = next((o for o in found.terms.obligations if o.key == commitment.obligation), None)
    if promise is None or promise.kind == "contribution":
        return
    outcome = found.of(promise)
    for period in periods:
        look = min(until, period.end)
        due = _due(outcome, period, look)
        done = due & (outcome.judged.fate == Fate.MET)
        yield Owed(
            commitment, period, look, "clocks", _clocks(outcome, done), _clocks(outcome, due)
        )


def _due(outcome: Outcome, period: Period, look: datetime) -> np.ndarray:
    due = outcome.judged.due
    within = (due >= microseconds(period.start)) & (due < microseconds(look))
    return np.logical_and(outcome.counted, within)


def _clocks(outcome: Outcome, rows: np.ndarray) -> tuple[int, ...]:
    return tuple(outcome.clocks[rows].tolist())


def _published(
    terms: Terms, commitment: Commitment, periods: Sequence[Period], until: datetime
) -> Iterator[Owed]:
    keys = keys_of(terms, commitment.stage or "")
    pieces = Content.objects.kept().filter(stage__in=keys, published_on__gte=periods[-1].first)
    days = list(pieces.values_list("pk", "published_on"))
    for period in periods:
        look = min(until, period.end)
        first, after = period.first, look.astimezone(period.zone).date()
        done = tuple(pk for pk, day in days if day is not None and first <= day < after)
        yield Owed(commitment, period, look, "content", done)


def _entered(
    terms: Terms, commitment: Commitment, periods: Sequence[Period], agreement: int,
    until: datetime,
) -> Iterator[Owed]:  # fmt: skip
    """Entries that were, less those taken back by then, as the scorecard counts them."""
    window = _window(commitment)
    rows = (
        StageEntry.objects.filter(
            stage__in=keys_of(terms, commitment.stage or ""),
            imported=False,
            lead__agreement=agreement,
            lead__merged_into=None,
            entered_at__gte=periods[-1].start - window,
            entered_at__lt=until,
        )
        .exclude(was_owned("lead__company", "entered_at"))
        .order_by("entered_at", "pk")
        .values_list("pk", "lead_id", "lead__email_key", "entered_at", "undone_at")
    )
    every = list(rows)
    for period in periods:
        look = min(until, period.end)
        there = [row[:4] for row in every if row[4] is None or row[4] >= look]
        yield _counted(commitment, period, look, "entries", there)


def _qualified(
    commitment: Commitment, periods: Sequence[Period], audience: Audience, until: datetime
) -> Iterator[Owed]:
    """When each lead first met the criteria that changed; of leads that came in the time."""
    one = audience.of(commitment.stage or "")
    if one is None:
        return
    met = {
        int(lead): instant(int(at))
        for lead, at in zip(one.leads, one.now, strict=True)
        if at != NEVER
    }
    people = Lead.objects.filter(agreement=audience.agreement, imported=False)
    rows = people.values_list("pk", "email_key", "company__status", "company__owned_since")
    every = sorted(
        (
            (pk, pk, mail, met[pk])
            for pk, mail, status, since in rows.iterator()
            if pk in met and not (status in OWNED and (since is None or since <= met[pk]))
        ),
        key=lambda row: (row[3], row[0]),
    )
    for period in periods:
        yield _counted(commitment, period, min(until, period.end), "leads", every)


def _counted(
    commitment: Commitment, period: Period, look: datetime, noun: str, rows: Sequence[Entry]
) -> Owed:
    window = _window(commitment)
    there = [row for row in rows if period.start - window <= row[3] < look]
    done = (one for one in once(there, window) if one.entered_at >= period.start)
    return Owed(commitment, period, look, noun, tuple(one.entry_id for one in done))


def _window(commitment: Commitment) -> timedelta:
    return durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)
