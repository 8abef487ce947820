"""What reports ask of the cells; the same questions that rows answer."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leads.core.words.renamed import keys_of, names_now
from leads.models import Company
from leads.models.company import OWNED
from leads.reports.cohort import Journey
from leads.reports.integrity.summed import Mask
from leads.reports.period import Filters, Period
from leads.reports.rollups.arithmetic import cohorts, volumes
from leads.reports.rollups.arithmetic.steps import Entered, steps
from leads.reports.rollups.cells import Key, Numbers, numbers, unpacked
from leads.reports.rollups.facts.shares import MICROSECONDS
from leads.reports.scorecard.promises import Ended, tally_of
from leads.reports.scorecard.response import Responses
from leads.reports.scorecard.returns import Came
from portal.accounts.models import User
from sla.core import durations
from sla.core.terms import Terms
from sla.core.terms.parts import Benchmark, Commitment
from sla.core.workingtime import microseconds
from sla.models import Version


@dataclass(frozen=True)
class Part:
    """So many facts of a cell; a negative `n` takes them out again."""

    key: Key
    n: int
    blob: bytes


class Rolled:
    """Sums of some periods; each question names one of them by its filters."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts: dict[str, list[Part]] = defaultdict(list)
        for part in parts:
            self.parts[part.key.family].append(part)
        self.members: dict[str, Numbers] = {}

    def clocks(self, filters: Filters, at: datetime) -> Ended:
        """How the clocks due in the period ended, and how long those took that were stopped
        by what they asked, the shortest first."""
        now = microseconds(at)
        counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        times: dict[tuple[str, str, str], list[Numbers]] = defaultdict(list)
        ended = self._by("clocks", filters, "name", "kind", "party", "state")
        for (name, kind, party, state), n, records in ended:
            here = counts[name, kind, party]
            if state == "running":
                late = int(np.count_nonzero(records[:, 0] < now))
                here.update(late=late, never=late, open=n - late)
                continue
            here["open" if state == "paused" else state] += n
            if records.shape[1]:
                times[name, kind, party].append(records[:, 0])
        tallies = [tally_of(key, counts[key]) for key in sorted(counts)]
        return tallies, {
            key: np.sort(np.concatenate(some)) / MICROSECONDS for key, some in times.items()
        }

    def responses(self, filters: Filters) -> Responses:
        """From the first offer in the period to the first attempt."""
        speed = self._by("speed", filters, "state")
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
        came = self._by("returns", filters, "name", "origin", "source", "state")
        return Counter({Came(*how): n for how, n, _records in came})

    def steps(
        self, mark: Benchmark, filters: Filters, terms: Terms | None = None
    ) -> dict[str, int]:
        """A step of the journey as `conversions.figures` counts it."""
        mine = replace(
            filters, team="", version=0, segment=mark.segment or filters.segment,
            source=mark.source or filters.source,
        )  # fmt: skip
        begins, ends = keys_of(terms, mark.from_stage), keys_of(terms, mark.to_stage)
        entered = [
            Entered(version, records)
            for (version,), _n, records in self._by("entered", mine, "version", name=begins)
        ]
        passed = self._by("passed", mine, "party", name=begins, party=ends)
        within = round(durations.elapsed(mark.within).total_seconds() * MICROSECONDS)
        came = [records for _to, _n, records in passed]
        return steps(entered, came, within, filters.version)

    def waived(self, filters: Filters, stages: Sequence[str] = ()) -> int:
        """Entries that somebody let pass, into these stages if any are given."""
        only = {"name": stages} if stages else {}
        return sum(n for _name, n, _records in self._by("waived", filters, "name", **only))

    def contributions(self, which: str, filters: Filters) -> int:
        """Material that was asked for, delivered, used, or what `which` names."""
        found = self._by("asked", replace(filters, team=""), "name", name=(which,))
        some = [records for _name, _n, records in found]
        rows = np.concatenate(some) if some else np.empty((0, 2), np.int64)
        return len(np.unique(rows[self._are_of(rows[:, 1], filters.team), 0]))

    def after_sale(self, department: str, filters: Filters) -> int:
        """Touches of a department with people who had become customers."""
        mine = replace(filters, team="", version=0)
        found = self._by("after", mine, "party", party=(department,))
        some = [records[:, 0] for _party, _n, records in found]
        return sum(int(self._are_of(by, filters.team).sum()) for by in some)

    def counted(
        self, commitment: Commitment, period: Period, version: Version | None = None
    ) -> Numbers:
        """When those entries were made that count toward a volume in its period; only under
        the agreement of `version`, if one is given."""
        terms = version.parsed if version else None
        stages = keys_of(terms, commitment.stage or "")
        window = durations.elapsed(commitment.once_per) if commitment.once_per else timedelta(0)
        asked = volumes.Asked(
            start=microseconds(period.start),
            until=microseconds(period.end),
            window=round(window.total_seconds() * MICROSECONDS),
            agreement=version.agreement_id if version else 0,
        )
        entered, undone = (
            self._together(family, stages, width)
            for family, width in (("entered", 8), ("undone", 9))
        )
        return volumes.counted(entered, undone, asked, self.owned)

    def _together(self, family: str, names: Sequence[str], width: int) -> Numbers:
        """All records of some stages, on whichever day; empty of `width` numbers each."""
        parts = [part for part in self.parts[family] if part.key.name in names]
        if not sum(part.n for part in parts):
            return np.empty((0, width), np.int64)
        return _records(parts)

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
        found: Counter[date] = Counter()
        for part in self.parts[family]:
            if all(getattr(part.key, name) == value for name, value in alike.items()):
                n = part.n
                if mask is not None:
                    some = int(mask(part.key, numbers(abs(n), part.blob)).sum())
                    n = some if n > 0 else -some
                found[part.key.day] += n
        return found

    def known(
        self,
        by: Literal["source", "team"],
        days: tuple[date, date],
        source: str = "",
        team: str = "",
    ) -> dict[str, dict[str, int]]:
        """How many leads came on these days, to the day before the last, and what the portal
        sees of them."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for part in self.parts["known"]:
            key = part.key
            if (
                days[0] <= key.day < days[1]
                and source in ("", key.source)
                and team in ("", key.team)
            ):
                more = {"known": part.n, "seen": part.n if key.state != "outside" else 0}
                more["elsewhere"] = part.n if key.state == "elsewhere" else 0
                found[getattr(key, by)].update(more)
        return {one: dict(of) for one, of in found.items() if of["known"]}

    def journey(self, version: Version | None, filters: Filters) -> Journey:
        """The cohort of a period as `cohort` tells it."""
        mine = replace(filters, version=0)
        whole = "" if filters.team else "whole"
        began = self._by("began", mine, "kind")
        stays = self._by("stay", mine, "name", "party", "state", "kind")
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

    def _by(
        self, family: str, filters: Filters, *names: str, **only: Collection[str]
    ) -> Iterator[tuple[tuple[Any, ...], int, Numbers]]:
        """The facts of a family that the filters ask for, `only` those with such parts of
        their keys, in groups that are alike in others; with how many they are, and their
        records."""
        groups: dict[tuple[Any, ...], list[Part]] = defaultdict(list)
        for part in self.parts[family]:
            if _is_asked(part.key, filters) and all(
                getattr(part.key, name) in some for name, some in only.items()
            ):
                groups[tuple(getattr(part.key, name) for name in names)].append(part)
        for group, parts in groups.items():
            if n := sum(part.n for part in parts):
                yield group, n, _records(parts)


def _is_asked(key: Key, filters: Filters) -> bool:
    return (
        filters.period.first <= key.day < filters.period.after
        and (not filters.team or key.team == filters.team)
        and (not filters.source or key.source == filters.source)
        and (not filters.segment or key.segment == filters.segment)
        and (not filters.version or key.version == filters.version)
    )


def _records(parts: Sequence[Part]) -> Numbers:
    """The records of all parts, one a row, without those that parts take out again."""
    found = np.concatenate([numbers(part.n, part.blob) for part in parts if part.n > 0])
    out = [one for part in parts if part.n < 0 for one in unpacked(-part.n, part.blob)]
    if not out or not found.shape[1]:
        return found
    left = Counter(map(tuple, found.tolist())) - Counter(out)
    return np.array(list(left.elements()), np.int64)
