"""Every figure of a scorecard with the rows that it counts and the definition that it has.

A figure is the number of its rows; a `time:` figure is a length of working time in
microseconds (`of`: how many it was taken over), and opens no rows of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.core.statistics import percentile
from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.card import Scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.scorecard.promises import Times
from leads.reports.scorecard.rows import Asked, rows
from portal.ledger import chain
from sla.models import Version

MICROSECONDS = 1_000_000
SHARES = (("p50", 0.5), ("p90", 0.9))
# The family and the number of its definition: another number, another meaning.
DEFINED = {
    "clocks": "clocks/1", "cohort": "cohort/1", "volume": "volume/1",
    "commitment": "commitment/1", "returns": "returns/1", "speed": "speed/1",
    "waived": "waived/1", "contributions": "contributions/1", "after": "after/1",
    "time": "time/1",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """`value` counts `rows` (their ids, sorted); `definition` says under which rule."""

    key: str
    name: str
    definition: str
    value: int
    of: int | None
    rows: tuple[int, ...]
    noun: str


def figures(version: Version, filters: Filters, at: datetime) -> list[Figure]:
    """The figures of the whole scorecard as of `at`, each with its rows."""
    card, asked = scorecard(version, filters, at), Asked(version, filters, at)
    terms = _terms_of(version)
    found = []
    for line in lines(card):
        opened = rows(line.figure, asked)
        ids = tuple(sorted(opened.found.order_by("pk").values_list("pk", flat=True)))
        name = f"{line.part}: {line.name}"
        definition = _definition(line.figure, terms)
        one = Figure(line.figure, name, definition, line.value, line.of, ids, opened.noun)
        found.append(one)
    return [*found, *_times(card)]


def _times(card: Scorecard) -> Iterator[Figure]:
    for side in card.sides:
        for promise in side.promises:
            tally = promise.tally
            key = f"time:{tally.party}:{tally.obligation}"
            yield from _of_times(key, promise.name, promise.times)
    yield from _of_times("time:speed", "Offer to first attempt", card.responses.times)


def _of_times(key: str, name: str, seconds: Times) -> Iterator[Figure]:
    for word, share in SHARES:
        value = percentile(seconds, share)
        if value is not None:
            took = round(value * MICROSECONDS)
            yield Figure(
                f"{key}:{word}", f"{name}: {word}", DEFINED["time"], took, len(seconds), (), ""
            )


def _terms_of(version: Version) -> dict[tuple[str, str], Any]:
    """The parts of the terms that decide what a figure counts."""
    terms = version.terms
    return {
        (family, part["key"]): part
        for family, parts in (
            ("cohort", terms["benchmarks"]),
            ("volume", terms["commitments"]),
            ("commitment", terms["commitments"]),
        )
        for part in parts
    }


def _definition(figure: str, terms: dict[tuple[str, str], Any]) -> str:
    family, _sep, rest = figure.partition(":")
    part = terms.get((family, rest.partition(":")[0]))
    said = f" {chain.canonical(part)}" if part is not None else ""
    return f"{DEFINED[family]}{said}"
