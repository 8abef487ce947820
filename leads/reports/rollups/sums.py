"""What reports ask of the cells; the same questions that rows answer."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from leads.core.words.renamed import keys_of, names_now
from leads.models import Company
from leads.models.company import OWNED
from leads.reports.cohort import Journey
from leads.reports.integrity.summed import Mask
from leads.reports.period import Filters, Period
from leads.reports.review.late import Late
from leads.reports.rollups.arithmetic import cohorts, volumes
from leads.reports.rollups.arithmetic.steps import Entered, steps
from leads.reports.rollups.cells import Numbers
from leads.reports.rollups.facts.shares import MICROSECONDS
from leads.reports.rollups.groups import by, numbers_of, together
from leads.reports.rollups.memory import Cells
from leads.reports.scorecard.promises import Ended, tally_of
from leads.reports.scorecard.promises import Key as Promised
from leads.reports.scorecard.response import Responses
from leads.reports.scorecard.returns import Came
from portal.accounts.models import User
from sla.core import durations
from sla.core.terms import Terms
from sla.core.terms.parts import Benchmark, Commitment
from sla.core.workingtime import microseconds
from sla.models import Version

Answer = TypeVar("Answer")


class Clocks(NamedTuple):
    """How clocks ended, when those are due that run, and how long those took that were
    stopped by what they asked; instants and seconds in their order."""

    counts: Mapping[Promised, Counter[str]]
    running: Mapping[Promised, Numbers]
    times: Mapping[Promised, NDArray[np.float64]]


class Rolled:
    """Sums of some periods; each question names one of them by its filters."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.members: dict[str, Numbers] = {}

    def clocks(self, filters: Filters, at: datetime) -> Ended:
        """How the clocks due in the period ended, and how long those took that were stopped
        by what they asked, the shortest first."""
        found = self._once("clocks", ("clocks", filters), lambda: self._clocks(filters))
        counts = {key: Counter(some) for key, some in found.counts.items()}
        for key, due in found.running.items():
            late = int(np.searchsorted(due, microseconds(at)))
            counts[key].update(late=late, never=late, open=len(due) - late)
        return [tally_of(key, counts[key]) for key in sorted(counts)], found.times

    def _clocks(self, filters: Filters) -> Clocks:
        counts: dict[Promised, Counter[str]] = defaultdict(Counter)
        running: dict[Promised, Numbers] = {}
        times: dict[Promised, list[Numbers]] = defaultdict(list)
        ended = by(self.cells, "clocks", filters, "name", "kind", "party", "state")
        for (name, kind, party, state), n, records in ended:
            here = counts[name, kind, party]
            if state == "running":
                running[name, kind, party] = np.sort(records[:, 0])
                continue
            here["open" if state == "paused" else state] += n
            if records.shape[1]:
                times[name, kind, party].append(records[:, 0])
        took = {
            key: np.sort(np.concatenate(some)) / MICROSECONDS for key, some in times.items()
        }
        return Clocks(counts, running, took)

    def late(self, filters: Filters, at: datetime) -> Late:
        """The clocks due in the period that are late at `at`, by promise and department."""

        def read() -> dict[tuple[str, str], Numbers]:
            found = by(self.cells, "late", filters, "name", "party")
            return {promised: records for promised, _n, records in found}

        return Late.at(self._once("late", ("late", filters), read), microseconds(at))

    def responses(self, filters: Filters) -> Responses:
        """From the first offer in the period to the first attempt."""
        return self._once("speed", ("responses", filters), lambda: self._responses(filters))

    def _responses(self, filters: Filters) -> Responses:
        speed = by(self.cells, "speed", filters, "state")
        found = {state: (n, records) for (state,), n, records in speed}
        none = (0, np.empty((0, 5), np.int64))
        made = found.get("made", none)[1]
        made = made[np.argsort(made[:, 0])]
        unknown = np.where(made[:, 2:] < 0, np.nan, made[:, 2:])
        return Responses(
            handoffs=made[:, 0],
            took=made[:, 1] / MICROSECONDS,
            parts=unknown / MICROSECONDS,
            never=found.get("never", none)[0],
            withdrawn=found.get("withdrawn", none)[0],
        )

    def returns(self, filters: Filters) -> Counter[Came]:
        """The returns of the period that stand, and how many are alike."""

        def read() -> Counter[Came]:
            came = by(self.cells, "returns", filters, "name", "origin", "source", "state")
            return Counter({Came(*how): n for how, n, _records in came})

        return self._once("returns", ("returns", filters), read)

    def steps(
        self, mark: Benchmark, filters: Filters, terms: Terms | None = None
    ) -> dict[str, int]:
        """A step of the journey as `conversions.figures` counts it."""
        mine = replace(
            filters, team="", version=0, segment=mark.segment or filters.segment,
            source=mark.source or filters.source,
        )  # fmt: skip
        begins, ends = keys_of(terms, mark.from_stage), keys_of(terms, mark.to_stage)
        within = round(durations.elapsed(mark.within).total_seconds() * MICROSECONDS)

        def read() -> dict[str, int]:
            entered = [
                Entered(version, records)
                for (version,), _n, records in by(
                    self.cells, "entered", mine, "version", name=begins
                )
            ]
            passed = by(self.cells, "passed", mine, "party", name=begins, party=ends)
            came = [records for _to, _n, records in passed]
            return steps(entered, came, within, filters.version)

        asked = ("steps", mine, begins, ends, within, filters.version)
        return self._once("entered passed", asked, read)

    def waived(self, filters: Filters, stages: Sequence[str] = ()) -> int:
        """Entries that somebody let pass, into these stages if any are given."""
        only = {"name": stages} if stages else {}
        return sum(
            n for _name, n, _records in by(self.cells, "waived", filters, "name", **only)
        )

    def contributions(self, which: str, filters: Filters) -> int:
        """Material that was asked for, delivered, used, or what `which` names."""
        found = by(self.cells, "asked", replace(filters, team=""), "name", name=(which,))
        some = [records for _name, _n, records in found]
        rows = np.concatenate(some) if some else np.empty((0, 2), np.int64)
        return len(np.unique(rows[self._are_of(rows[:, 1], filters.team), 0]))

    def after_sale(self, department: str, filters: Filters) -> int:
        """Touches of a department with people who had become customers."""
        mine = replace(filters, team="", version=0)
        found = by(self.cells, "after", mine, "party", party=(department,))
        some = [records[:, 0] for _party, _n, records in found]
        return sum(int(self._are_of(who, filters.team).sum()) for who in some)

    def counted(
        self, commitment: Commitment, period: Period, version: Version | None = None
    ) -> Numbers:
        """When those entries were made that count toward a volume in its period; only under
        the agreement of `version`, if one is given."""
        stages = keys_of(version.parsed if version else None, commitment.stage or "")
        window = durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)
        asked = volumes.Asked(
            start=microseconds(period.start),
            until=microseconds(period.end),
            window=round(window.total_seconds() * MICROSECONDS),
            agreement=version.agreement_id if version else 0,
        )

        def read() -> Numbers:
            entered = together(self.cells, "entered", stages, 8)
            undone = together(self.cells, "undone", stages, 9)
            return volumes.counted(entered, undone, asked, owned)

        owned = self.owned
        whose = owned.companies.tobytes(), owned.since.tobytes()
        return self._once("entered undone", ("counted", stages, asked, whose), read)

    @cached_property
    def owned(self) -> volumes.Owned:
        """Companies that are customers or have an open deal now."""
        found = Company.objects.filter(status__in=OWNED).order_by("pk")
        rows = list(found.values_list("pk", "owned_since"))
        since = [microseconds(at) if at else np.iinfo(np.int64).min for _pk, at in rows]
        return volumes.Owned(
            np.array([pk for pk, _at in rows], np.int64), np.array(since, np.int64)
        )

    def by_day(self, family: str, *, mask: Mask | None = None, **alike: str) -> Counter[date]:
        """How many facts there are of each day, of those that are alike in these parts of
        their keys; where there is a `mask`, that it says yes to."""

        def read() -> Counter[date]:
            found: Counter[date] = Counter()
            for key, parts in self.cells.of(family).items():
                if all(getattr(key, name) == value for name, value in alike.items()):
                    for part in parts:
                        day, n, _blob = part
                        if mask is not None:
                            some = int(mask(key, numbers_of([part])).sum())
                            n = some if n > 0 else -some
                        found[day] += n
            return found

        return self._once(family, ("by_day", mask, *sorted(alike.items())), read)

    def known(
        self,
        what: Literal["source", "team"],
        days: tuple[date, date],
        source: str = "",
        team: str = "",
    ) -> dict[str, dict[str, int]]:
        """How many leads came on these days, to the day before the last, and what the portal
        sees of them."""

        def read() -> dict[str, dict[str, int]]:
            found: dict[str, Counter[str]] = defaultdict(Counter)
            for key, parts in self.cells.of("known").items():
                if source in ("", key.source) and team in ("", key.team):
                    n = sum(n for day, n, _blob in parts if days[0] <= day < days[1])
                    more = {"known": n, "seen": n if key.state != "outside" else 0}
                    more["elsewhere"] = n if key.state == "elsewhere" else 0
                    found[getattr(key, what)].update(more)
            return {one: dict(of) for one, of in found.items() if of["known"]}

        return self._once("known", ("known", what, days, source, team), read)

    def journey(self, version: Version | None, filters: Filters) -> Journey:
        """The cohort of a period as `cohort` tells it."""
        asked = ("journey", version.pk if version else 0, filters)
        return self._once("began stay", asked, lambda: self._journey(version, filters))

    def _journey(self, version: Version | None, filters: Filters) -> Journey:
        mine = replace(filters, version=0)
        whole = "" if filters.team else "whole"
        began = by(self.cells, "began", mine, "kind")
        stays = by(self.cells, "stay", mine, "name", "party", "state", "kind")
        terms = version.parsed if version else None
        return cohorts.journey(
            filters,
            terms.journey if terms else (),
            names_now(terms),
            (records for (kind,), _n, records in began if whole in ("", kind)),
            ((group[:3], records) for group, _n, records in stays if whole in ("", group[3])),
        )

    def _are_of(self, people: Numbers, team: str) -> NDArray[np.bool_]:
        """Which of these are in the team now; everybody where none was chosen."""
        if not team:
            return np.ones(len(people), bool)
        if team not in self.members:
            found = User.objects.filter(team__key=team).values_list("pk", flat=True)
            self.members[team] = np.array(list(found), np.int64)
        return np.isin(people, self.members[team])

    def _once(self, families: str, asked: Hashable, read: Callable[[], Answer]) -> Answer:
        return self.cells.once((frozenset(families.split()), asked), read)
