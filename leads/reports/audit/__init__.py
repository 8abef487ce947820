"""What must never be false, asked of the database: I1 to I13, each by one query or replay.

Another code path than the one that writes: it reads rows and the ledger, and computes again
what must be there. An empty answer everywhere is a clean audit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from leads.reports.audit import alerts, paces, queries, replay

MOST = 20  # rows named for each invariant; the count is of all


@dataclass(frozen=True)
class Finding:
    """One invariant with the rows that break it, each in words; none is a pass."""

    key: str
    sentence: str
    rows: tuple[str, ...]
    number: int

    @property
    def holds(self) -> bool:
        return self.number == 0


def audit(at: datetime) -> Iterator[Finding]:
    """Every invariant in order, as the facts stand at `at`."""
    for key, sentence in SENTENCES.items():
        found: list[str] = []
        number = 0
        for row in broken(key, at):
            number += 1
            if len(found) < MOST:
                found.append(row)
        yield Finding(key, sentence, tuple(found), number)


def broken(key: str, at: datetime) -> Iterator[str]:
    """Every row that breaks one invariant at `at`, in words."""
    yield from queries.broken(key, at)
    yield from replay.broken(key)
    if key == "I13":
        yield from alerts.broken(at)
        yield from paces.broken(at)


SENTENCES = {
    "I1": "each step of a ladder that is due has exactly one alert",
    "I2": "no alert for a step at or after the stop, but where evidence came later",
    "I3": "each alert was told to somebody, and nothing waits longer than it should",
    "I4": "each open lead has one seat a department and one open handoff a kind",
    "I5": "a signed version has two signatures, of two people, over its stored text",
    "I6": "each clock is pinned to the version that governed it, whose text is unchanged",
    "I7": "the ledger has no gap, its chain holds and fits every published head",
    "I8": "the ledger played again gives the handoffs and clocks of the tables",
    "I9": "each due instant is its start and target again, pauses to the microsecond",
    "I10": "one external id, one lead; one open lead a person and agreement",
    "I11": "each record of an import is counted under exactly one outcome",
    "I12": "no row refers to one that is not there",
    "I13": "the alerts that the ledger alone makes expected are there, and no others",
}
