"""One cell: what its facts have in common, and the numbers that each of them brings."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FORM = 4
"""Another one where cells are made otherwise: they are then all made again."""

Numbers = NDArray[np.int64]
Record = tuple[int, ...]
"""The numbers of one fact: of a clock that was stopped by what it asked how long it took, of
one that runs when it is due, in microseconds; of an attempt its handoff, how long it took and
the three parts of the way, -1 where nobody knows them; of a stage entered its lead, instant
and row, whether it was waived or imported, the company (-1), the agreement and the person (0
where no address is known), of one undone until when it counted, too; of one passed the row, and
how long it took to the other; of material its row and who asked, of a touch who made it, -1
where nobody is known; of a clock that was late or runs when it is due and was stopped (-1),
who owed it (-1), its lead and its row; of a journey `ways.DID` of the time before its first
stage or of a stay, after whether it is imported or how long it took; of everything else
none."""
Fact = tuple[int, "Key", Record]
"""A lead, and what it puts into which cell."""


class Key(NamedTuple):
    """`family`: `clocks` by the day they were due, `late` those of them that were late or may
    come to be, `speed` by the day of the first offer, `returns` by their day. `state` is an
    outcome, `running` or `paused`; `made`, `never` or `withdrawn`; or how a return was
    answered. `origin` is the campaign of a return.

    `entered`, `waived` and `passed` by the day of the entry into the stage `name`; `passed`
    is from it to the stage `party`. `asked` is material by the day on which it was what
    `name` says, `after` a touch of the department `party` with a customer. `undone` is an
    entry that was taken back. `known` is a lead by the day on which it came, `state` what the
    portal sees of it, `team` who has it in Sales.

    `began` and `stay` by the day of a lead's first entry: what came before, and each stay in
    the stage `name` that was `left` for the stage `party`, or is `still` there; once for each
    `team` that it was offered to, once of a `kind` that is the `whole`."""

    family: str
    day: date
    name: str
    kind: str
    party: str
    team: str
    source: str
    segment: str
    version: int
    state: str
    origin: str

    @property
    def alike(self) -> "Alike":
        """What it says beside its family and its day."""
        return Alike(*self[2:])

    @property
    def digest(self) -> str:
        """40 characters that no other key has."""
        told = json.dumps([str(part) for part in self], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()[:40]


class Alike(NamedTuple):
    """What facts of a family have in common, but for their day: the rest of a `Key`, in its
    order."""

    name: str
    kind: str
    party: str
    team: str
    source: str
    segment: str
    version: int
    state: str
    origin: str


def packed(records: Sequence[Record]) -> bytes:
    """All numbers of records of one cell, one after the other; nothing of none."""
    return np.array(records, dtype="<i8").tobytes()


def unpacked(n: int, blob: bytes) -> list[Record]:
    """The `n` records that were packed; empty ones where nothing was."""
    return [tuple(row) for row in numbers(n, blob).tolist()]


def numbers(n: int, blob: bytes) -> Numbers:
    """The same, one record a row."""
    return np.frombuffer(blob, dtype="<i8").reshape(n, len(blob) // 8 // n)
