"""The scorecard's sums from the cells: as of now, without writing anything.

Cells hold up to a place of the ledger. What the leads that came after it had put in is taken
out again, and what they would put in now is added, so that a figure is that of its rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import F, QuerySet, Subquery
from numpy.typing import NDArray

from leads.core.words.renamed import keys_of
from leads.models import RolledCell, RolledShare, RolledTo
from leads.reports.period import Filters
from leads.reports.rollups import tail
from leads.reports.rollups.cells import Key, Numbers, numbers, packed, unpacked
from leads.reports.rollups.shares import MICROSECONDS, shares_of
from leads.reports.rollups.steps import Entered, steps
from leads.reports.scorecard.promises import Ended, tally_of
from leads.reports.scorecard.response import Response, Responses
from leads.reports.scorecard.returns import Came
from portal.accounts.models import User
from sla.core import durations
from sla.core.terms import Terms
from sla.core.terms.parts import Benchmark
from sla.core.workingtime import microseconds
from sla.models import Version

MOST = 300
"""Entries of the ledger after which a page counts the rows: the next pass is about to come."""
TRIES = 3


@dataclass(frozen=True)
class Part:
    """So many facts of a cell; a negative `n` takes them out again."""

    key: Key
    n: int
    blob: bytes


def rolled(*asked: Filters, version: Version | None = None) -> "Rolled | None":
    """The sums of the periods of all `asked`, in two statements where nothing happened since
    the last pass; None where there are none that hold. `version` was read already."""
    zone = asked[0].period.zone
    for _try in range(TRIES):
        found = tail.after_sums(MOST)
        if found is None or not found[1].whole or found[0] != zone.key:
            return None
        came = found[1]
        parts = _parts(asked, came)
        if parts is not None:
            fresh = shares_of(came.leads, zone, version) if came.leads else {}
            now = [Part(key, len(some), packed(some)) for (_, key), some in fresh.items()]
            return Rolled([*parts, *now])
    return None


def _parts(asked: Sequence[Filters], came: tail.Tail) -> list[Part] | None:
    """The cells of some periods, and what the leads that changed since had put into them, in
    one statement; None if a pass has moved the cells on meanwhile."""
    spans = [(one.period.first, one.period.after) for one in asked]
    cells = RolledCell.objects.of_days(spans)
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
        took = {key: np.sort(np.concatenate(some)) for key, some in times.items()}
        tallies = [tally_of(key, counts[key]) for key in sorted(counts)]
        return tallies, {key: (one / MICROSECONDS).tolist() for key, one in took.items()}

    def responses(self, filters: Filters) -> Responses:
        """From the first offer in the period to the first attempt."""
        speed = self._by("speed", filters, "state")
        found = {state: (n, records) for (state,), n, records in speed}
        none = (0, np.empty((0, 5), np.int64))
        made = found.get("made", none)[1]
        return Responses(
            made=[_response(*record) for record in made[np.argsort(made[:, 0])].tolist()],
            never=found.get("never", none)[0],
            withdrawn=found.get("withdrawn", none)[0],
        )

    def returns(self, filters: Filters) -> list[Came]:
        """The returns of the period that stand."""
        came = self._by("returns", filters, "name", "origin", "source", "state")
        return [Came(*how) for how, n, _records in came for _one in range(n)]

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
            for (name, version), _n, records in self._by("entered", mine, "name", "version")
            if name in begins
        ]
        passed = [
            records
            for (name, to), _n, records in self._by("passed", mine, "name", "party")
            if name in begins and to in ends
        ]
        within = round(durations.elapsed(mark.within).total_seconds() * MICROSECONDS)
        return steps(entered, passed, within, filters.version)

    def waived(self, filters: Filters, stages: Sequence[str] = ()) -> int:
        """Entries that somebody let pass, into these stages if any are given."""
        found = self._by("waived", filters, "name")
        return sum(n for (name,), n, _records in found if not stages or name in stages)

    def contributions(self, which: str, filters: Filters) -> int:
        """Material that was asked for, delivered, used, or what `which` names."""
        found = self._by("asked", replace(filters, team=""), "name")
        some = [records for (name,), _n, records in found if name == which]
        rows = np.concatenate(some) if some else np.empty((0, 2), np.int64)
        return len(np.unique(rows[self._are_of(rows[:, 1], filters.team), 0]))

    def after_sale(self, department: str, filters: Filters) -> int:
        """Touches of a department with people who had become customers."""
        found = self._by("after", replace(filters, team="", version=0), "party")
        some = [records[:, 0] for (party,), _n, records in found if party == department]
        return sum(int(self._are_of(by, filters.team).sum()) for by in some)

    def _are_of(self, people: Numbers, team: str) -> NDArray[np.bool_]:
        """Which of these are in the team now; everybody where none was chosen."""
        if not team:
            return np.ones(len(people), bool)
        if team not in self.members:
            found = User.objects.filter(team__key=team).values_list("pk", flat=True)
            self.members[team] = np.array(list(found), np.int64)
        return np.isin(people, self.members[team])

    def _by(
        self, family: str, filters: Filters, *names: str
    ) -> Iterator[tuple[tuple[Any, ...], int, Numbers]]:
        """The facts of a family that the filters ask for, in groups that are alike in some
        parts of their keys; with how many they are, and their records."""
        groups: dict[tuple[Any, ...], list[Part]] = defaultdict(list)
        for part in self.parts[family]:
            if _is_asked(part.key, filters):
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


def _response(handoff: int, took: int, source: int, owner: int, attempt: int) -> Response:
    parts = (source / MICROSECONDS, owner / MICROSECONDS, attempt / MICROSECONDS)
    return Response(handoff, took / MICROSECONDS, None if source < 0 else parts)
