"""What the scorecard and the backtest of the portal say of the Olist leads.

Each is compared with `tests/flows/olist.py`, which counts the two files and knows neither.
"""

import copy
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from leads.reports.backtest import whole
from leads.reports.backtest.groups import groups
from leads.reports.backtest.trial import Trial, trial
from leads.reports.period import Filters, Period
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.scorecard.rows import Asked, rows
from portal.accounts.models import User
from portal.jobs.models import Job
from sla.core import durations
from sla.core.backtest import Backtest
from sla.models import Version
from tests.flows import olist

QUARTERS = [date(2017, 4, 1), *(date(2017, n, 1) for n in (7, 10)), date(2018, 1, 1)]
QUARTERS += [date(2018, 4, 1), date(2018, 7, 1)]
TARGETS = (5, 10, 20, 40, 60)  # working days that might have been promised
DRAFTED = 10
LATE, MET = "clocks:sales:disposition.late", "clocks:sales:disposition.met"


def same_scorecard(folder: Path, at: datetime) -> dict[date, Counter[str]]:
    """Quarter by quarter; the figures, by the first day of each."""
    version = Version.objects.get()
    told = {first: _quarter(folder, version, first, at) for first in QUARTERS}
    origins = {one.origin for one in olist.met(folder, at)}
    _quarter(folder, version, QUARTERS[-2], at, origin=max(origins))
    return {first: counted for first, counted in told.items() if counted.total()}


def _quarter(
    folder: Path, version: Version, first: date, at: datetime, origin: str = ""
) -> Counter[str]:
    filters = Filters(Period.around(first, "quarter", olist.SAO_PAULO), segment=origin)
    card = scorecard(version, filters, at)
    promised = [one for side in card.sides for one in side.promises]
    found = Counter[str]()
    for one in promised:
        found += Counter(
            {"in time": one.tally.met, "late": one.tally.late, "open": one.tally.open}
        ) + Counter(never=one.tally.never)
    assert found == +olist.quarter(folder, first, at, origin)

    # Each figure opens as many rows as it says, and the slowest answers are those of the files.
    asked = Asked(version, filters, at)
    for line in lines(card):
        assert rows(line.figure, asked).found.count() == line.value, line.figure
    if promised and not origin:
        [one] = promised
        assert sorted(one.times) == olist.took(folder, first, at)
        assert _percentiles(one.times) == (one.p50, one.p90)
    if not origin:
        _volume(folder, card.marketing.volumes, first, at)
    return found


def _percentiles(times) -> tuple[float | None, float | None]:
    """Nearest rank, written down once more: the k-th of n, k = ⌈share × n⌉."""
    n, ordered = len(times), sorted(times)
    return (ordered[-(-n // 2) - 1], ordered[-(-9 * n // 10) - 1]) if n else (None, None)


def _volume(folder: Path, volumes, first: date, at: datetime) -> None:
    [one] = volumes
    assert one.total == olist.months(folder, at)[first]


def drafted(version: Version) -> Version:
    """The text with half of the time: 10 working days."""
    terms = copy.deepcopy(version.terms)
    terms["obligations"][0]["targets"] = [{"within": f"P{DRAFTED}D"}]
    draft = Version(agreement=version.agreement, number=2, terms=terms)
    draft.created_at = draft.saved_at = version.created_at
    draft.save()
    return draft


def same_backtest(folder: Path, at: datetime) -> dict[int, Counter[str]]:
    """A draft on every handoff there was, and targets that are moved; late by target."""
    base = Version.objects.get()
    draft = drafted(base)
    expected = olist.under(folder, DRAFTED, at)["all"]
    found = by_job(draft, base, at)
    [row] = found.rows
    told = {"late": row.late, "judged": row.n, "newly": row.newly, "spared": row.spared}
    assert found.handoffs == len(list(olist.met(folder, at)))
    assert Counter(told) == expected
    assert row.before == olist.under(folder, olist.WORKING_DAYS, at)["all"]["late"]

    tries = [one for one in trials(draft, at) if one.handoffs]
    _same_weekdays(tries, olist.under(folder, DRAFTED, at))
    moved = {days: moved_to(tries, days) for days in TARGETS}
    assert moved == {days: olist.under(folder, days, at)["all"]["late"] for days in TARGETS}
    return {days: olist.under(folder, days, at)["all"] for days in TARGETS}


def by_job(draft: Version, base: Version, at: datetime) -> Backtest:
    """As the job reads every handoff, slice by slice."""
    somebody = User.objects.order_by("pk")[0]
    since = Period.around(QUARTERS[0], "quarter", olist.SAO_PAULO).start
    job = whole.ask(
        version=draft, base=base, since=since, until=at, by=somebody, at=at, back="/"
    )
    while True:
        done = whole.step(job, at)
        job.cursor, job.result = done.cursor, done.result
        if done.done:
            Job.objects.filter(pk=job.pk).delete()
            return Backtest.from_json(done.result["backtest"])


def trials(draft: Version, at: datetime) -> list[Trial]:
    """The page reads the newest 5,000; quarters are fewer, and their sums are the whole."""
    periods = [Period.around(first, "quarter", olist.SAO_PAULO) for first in QUARTERS]
    found = [trial(draft, one.start, one.end, at) for one in periods]
    assert not any(one.cut for one in found)
    return found


def moved_to(tries: list[Trial], days: int) -> int:
    within = durations.parse(f"P{days}D")
    return sum(one.of(one.terms.obligations[0], within).number("target") for one in tries)


def _same_weekdays(tries: list[Trial], expected: dict[str, Counter[str]]) -> None:
    counted: dict[str, Counter[str]] = {}
    for one in tries:
        outcome = one.of(one.terms.obligations[0])
        for group in groups(outcome, "weekday", olist.SAO_PAULO):
            there = counted.setdefault(group.key, Counter())
            there.update(judged=group.n, late=group.late)
    assert {day: (n["judged"], n["late"]) for day, n in counted.items()} == {
        day: (n["judged"], n["late"]) for day, n in expected.items() if day != "all"
    }
