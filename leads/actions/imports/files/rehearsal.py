"""A dry run: what an import would make of each record, found out without keeping anything.

Who is nowhere else in the file and has no lead yet would be new: that is only read. Everybody
else is really taken, a few at a time, in a transaction that is rolled back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from leads.actions.imports.again.meeting import parted, unchanged
from leads.actions.imports.employers import employers_told
from leads.actions.imports.files.owners import Owners
from leads.actions.imports.files.repeats import Repeats, keys_of, repeats_of
from leads.actions.imports.incoming import Incoming
from leads.actions.imports.running import Run, Taken, begin_step, take_step
from leads.actions.imports.sifting import Sifted, Sifter
from leads.actions.imports.source import Source
from leads.actions.intake import known, people
from portal import ledger
from portal.accounts.models import User

CHUNK = 1_000  # records that are read at once
BATCH = 200  # records that are taken and rolled back at once
PART = 2_000  # repeated records that are held at once
_WORST = 25
_ALIKE = 3
_OWNERS = 100
_COUNTED = ("counts", "back", "strange")


@dataclass
class Told:
    """What is known so far; goes into JSON and comes back from it."""

    cursor: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    back: Counter[str] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)
    worst: list[list[Any]] = field(default_factory=list)

    def take(self, taken: Iterable[Taken]) -> None:
        for one in taken:
            self.counts[one.outcome] += 1
            if one.outcome == "rejected":
                self._note(one)
            elif one.outcome == "new" and one.why:
                self.back[one.why] += 1

    def _note(self, one: Taken) -> None:
        """Keep it among the worst, but not the same reason over and over."""
        alike = sum(row[1:] == [one.column, one.why] for row in self.worst)
        if len(self.worst) < _WORST and alike < _ALIKE:
            self.worst.append([one.line, one.column, one.why])

    def as_json(self) -> dict[str, Any]:
        return {"cursor": self.cursor, "counts": self.counts, "back": self.back,
                "strange": self.strange, "worst": self.worst}  # fmt: skip

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Told":
        if not raw:
            return cls()
        counts, back, strange = (Counter(raw[name]) for name in _COUNTED)
        return cls(raw["cursor"], counts, back, strange, raw["worst"])


class _Rehearsed(Exception):
    """Carries what would have been out of the transaction that is rolled back."""

    def __init__(self, taken: list[Taken]) -> None:
        self.taken = taken


class Rehearsal:
    """The dry run of one file, as of `at`. Raises FileRefused as the import would."""

    def __init__(self, source: Source, records: int, *, at: datetime, by: User) -> None:
        self.source, self.records, self.at, self.by = source, records, at, by
        self.sifter = Sifter(source, at)
        self.repeats: Repeats = repeats_of(source)
        self.parts = -(-self.repeats.records // PART)
        self.owners = Owners()

    @property
    def total(self) -> int:
        """How far the cursor goes: every record once, and each part of the repeated ones."""
        return self.records + self.parts

    def step(self, told: Told) -> None:
        """One more chunk, or one more part of the repeated records."""
        if told.cursor < self.records:
            some = list(islice(self.source.read(told.cursor), CHUNK))
            self._alone(self.sifter.sift(some), told)
            told.cursor = told.cursor + len(some) if some else self.records
        else:
            self._together(told.cursor - self.records, told)
            told.cursor += 1

    def _alone(self, sifted: Sifted, told: Told) -> None:
        told.take(Taken(one.line, "rejected", None, one.column, one.reason)
                  for one in sifted.refused)  # fmt: skip
        alone = [one for one in sifted.arriving if not self._group(one)]
        strangers, others = parted(alone)
        if self.source.mapping.create:
            told.take(self._new(strangers))
        else:
            others = alone
        same = unchanged(others)
        told.take(Taken(line, "duplicate") for line in same)
        changed = [one for one in others if one.line not in same]
        for start in range(0, len(changed), BATCH):
            told.take(self._rehearsed(changed[start : start + BATCH]))
        self._note_owners(sifted.arriving, told)

    def _new(self, strangers: list[Incoming]) -> Iterator[Taken]:
        arrivals = [one.arrival for one in strangers]
        told = employers_told(arrivals, at=self.at)
        for one, company in zip(strangers, told, strict=True):
            lead = people.build(one.arrival, company, self.at)
            yield Taken(one.line, "new", None, "", known.stays_back(lead))

    def _together(self, part: int, told: Told) -> None:
        """The repeated records of one part, those of a person in one transaction."""
        mine = sorted(self._of_part(part), key=lambda one: (self._group(one), one.line))
        batch: list[Incoming] = []
        for _, group in groupby(mine, key=self._group):
            members = list(group)
            if len(batch) + len(members) > BATCH:
                told.take(self._rehearsed(batch))
                batch = []
            batch += members
            if len(batch) > BATCH:
                self._one_person(batch, told)
                batch = []
        told.take(self._rehearsed(batch))

    def _one_person(self, records: list[Incoming], told: Told) -> None:
        """More records of one person than go together: the first one leads each batch."""
        told.take(self._rehearsed(records[:BATCH]))
        for start in range(BATCH, len(records), BATCH):
            some = [records[0], *records[start : start + BATCH]]
            told.take(self._rehearsed(some)[1:])

    def _of_part(self, part: int) -> Iterator[Incoming]:
        rows = self.source.read()
        while some := list(islice(rows, CHUNK)):
            for one in self.sifter.sift(some).arriving:
                group = self._group(one)
                if group and group % self.parts == part:
                    yield one

    def _group(self, one: Incoming) -> int:
        arrival = one.arrival
        return self.repeats.group(keys_of(arrival.system, arrival.external_id, arrival.email))

    def _rehearsed(self, some: list[Incoming]) -> list[Taken]:
        """What would become of them, by line, with nothing kept."""
        if not some:
            return []
        try:
            _take_and_roll_back(self.source, some, at=self.at, by=self.by)
        except _Rehearsed as told:
            return told.taken
        raise AssertionError("a rehearsal is always rolled back")

    def _note_owners(self, some: list[Incoming], told: Told) -> None:
        for one in some:
            known_one = one.owner in told.strange or len(told.strange) < _OWNERS
            if known_one and self.owners.is_strange(one.owner):
                told.strange[one.owner] += 1


@ledger.recorded
def _take_and_roll_back(
    source: Source, some: list[Incoming], *, at: datetime, by: User
) -> None:
    row = begin_step(source, {}, at=at, by=by)
    raise _Rehearsed(take_step(Run(row.pk, source, at, by), row, Sifted(some)))
