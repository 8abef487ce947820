"""The sums beside what the rows say."""

from datetime import datetime

from leads.actions import rolling
from leads.models import RolledCell
from leads.reports.counting import counted
from leads.reports.figures import tallies
from leads.reports.period import Filters
from leads.reports.rollups import rolled
from leads.reports.scorecard.promises import promises
from leads.reports.scorecard.response import responses
from leads.reports.scorecard.returns import grouped, returns
from leads.reports.scorecard.sums import FromRows, others
from sla.models import Version
from tests.leads.clockwork import BERLIN


def filters_of(at: datetime, **query: str) -> Filters:
    return Filters.from_query(query, at, BERLIN)


def rolled_up(at: datetime) -> None:
    """Let the sums come to the end of the ledger."""
    assert rolling.roll(at=at, passes=2_000, seconds=600)


def assert_alike(version: Version, filters: Filters, at: datetime) -> None:
    """What the sums say of a period is what a fresh count of its rows says."""
    sums = rolled(filters)
    assert sums is not None

    ended = sums.clocks(filters, at)

    assert _kept(promises(version, filters, at, ended)) == _kept(promises(version, filters, at))
    assert sorted(map(repr, ended[0])) == sorted(map(repr, tallies(filters, at)))
    assert sums.responses(filters) == responses(filters, version)
    assert grouped(sums.returns(filters), version) == returns(filters, version)
    assert others(version, filters, sums) == counted(others(version, filters, FromRows()))


def _kept(found):
    return {
        (one.tally.obligation, one.tally.kind, one.tally.party): (one.tally, sorted(one.times))
        for one in found
    }


def cells() -> dict[str, tuple[int, list[int]]]:
    """Every cell with its facts, in an order of their own."""
    return {one.key: (one.n, sorted(bytes(one.records))) for one in RolledCell.objects.all()}
