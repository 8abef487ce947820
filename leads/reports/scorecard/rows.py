"""What each figure of the scorecard counts: from its key in an address to exactly its rows.

`clocks:sales:accept.late` · `volume:KEY` · `commitment:KEY` (with `:done`) · `cohort:KEY`
(with `:reached`, `:waived`, `:imported`) · `returns:reason:KEY` (criterion, campaign, source)
· `speed:under5` · `waived:STAGE` · `contributions:used` · `after:sales`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from django.db.models import QuerySet

from leads.core.words.renamed import keys_of
from leads.models import Handoff, StageEntry
from leads.reports import figures
from leads.reports.period import Filters
from leads.reports.scorecard import beside, conversions, response
from leads.reports.scorecard.returns import By, of_group
from leads.reports.volume import entries, figures_of
from sla.core.terms.parts import Benchmark, Commitment
from sla.models import Version

Noun = Literal["clocks", "entries", "moves", "handoffs", "contributions", "touches", "content"]


@dataclass(frozen=True)
class Asked:
    """Under which terms, of what, and as of when a figure is asked for."""

    version: Version | None
    filters: Filters
    at: datetime


@dataclass(frozen=True)
class Rows:
    """The rows of one figure and what they are."""

    noun: Noun
    found: QuerySet[Any]


def rows(figure: str, asked: Asked) -> Rows:
    """The rows that a figure counts. Raises LookupError for a figure that there is not."""
    family, _sep, rest = figure.replace("\x00", "").partition(":")  # no database holds one
    return FAMILIES[family](rest, asked)


def _clocks(rest: str, asked: Asked) -> Rows:
    department, _sep, figure = rest.partition(":")
    found = figures.rows(figure, asked.filters, asked.at).filter(department_id=department)
    return Rows("clocks", found.select_related("lead", "owner", "team"))


def _cohort(rest: str, asked: Asked) -> Rows:
    key, _sep, name = rest.partition(":")
    terms = asked.version.parsed if asked.version else None
    found = conversions.figures(_benchmark(key, asked.version), asked.filters, terms)
    return Rows("entries", found[name or "n"].select_related("lead"))


def _volume(rest: str, asked: Asked) -> Rows:
    wanted = _commitment(rest, asked.version)
    counted = entries(wanted, asked.filters, asked.version)
    ids = [one.entry_id for one in counted]
    return Rows("entries", StageEntry.objects.filter(pk__in=ids).select_related("lead"))


def _agreed(rest: str, asked: Asked) -> Rows:
    """What a commitment without a curve counts by now, in its own period."""
    key, _sep, name = rest.partition(":")
    wanted = _commitment(key, asked.version)
    if asked.version is None or wanted.measure == "stage_entries":
        raise LookupError(rest)
    period = asked.filters.period.of(wanted.period)
    look = min(max(asked.at, period.start), period.end)
    found = figures_of(asked.version, wanted, period.start, look)
    if wanted.measure == "obligation_kept":
        return Rows("clocks", found[name or "due"].select_related("lead", "owner", "team"))
    return Rows("content", found["done"])


def _returns(rest: str, asked: Asked) -> Rows:
    by, _sep, key = rest.partition(":")
    known: By | None = next((one for one in get_args(By) if one == by), None)
    if known is None:
        raise LookupError(rest)
    found = of_group(known, key, asked.filters, asked.version)
    return Rows("moves", found.select_related("handoff__lead", "by"))


def _speed(rest: str, asked: Asked) -> Rows:
    plain = {"never": response.never, "withdrawn": response.withdrawn}
    if rest in plain:
        return _handoffs(plain[rest](asked.filters))
    made = response.responses(asked.filters, asked.version)
    named = made.bands | {"made": made.handoffs.tolist(), "split": made.split}
    return _handoffs(Handoff.objects.filter(pk__in=named[rest]))


def _handoffs(found: QuerySet[Handoff]) -> Rows:
    return Rows("handoffs", found.select_related("lead", "receiver", "receiver_team"))


def _waived(rest: str, asked: Asked) -> Rows:
    terms = asked.version.parsed if asked.version else None
    found = beside.waived(asked.filters, keys_of(terms, rest) if rest else ())
    return Rows("entries", found.select_related("lead"))


def _contributions(rest: str, asked: Asked) -> Rows:
    if rest not in beside.CONTRIBUTIONS:
        raise LookupError(rest)
    found = beside.contributions(rest, asked.filters)
    return Rows("contributions", found.select_related("lead", "owner", "asked_by"))


def _after(rest: str, asked: Asked) -> Rows:
    found = beside.after_sale(rest, asked.filters)
    return Rows("touches", found.select_related("lead", "by"))


FAMILIES: dict[str, Callable[[str, Asked], Rows]] = {
    "clocks": _clocks,
    "cohort": _cohort,
    "volume": _volume,
    "commitment": _agreed,
    "returns": _returns,
    "speed": _speed,
    "waived": _waived,
    "contributions": _contributions,
    "after": _after,
}


def _benchmark(key: str, version: Version | None) -> Benchmark:
    benchmarks = version.parsed.benchmarks if version else ()
    found = next((one for one in benchmarks if one.key == key), None)
    if found is None:
        raise LookupError(key)
    return found


def _commitment(key: str, version: Version | None) -> Commitment:
    commitments = version.parsed.commitments if version else ()
    found = next((one for one in commitments if one.key == key), None)
    if found is None:
        raise LookupError(key)
    return found
