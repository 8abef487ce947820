"""The sums beside what the rows say."""

from datetime import datetime

from leads.actions import rolling
from leads.models import RolledCell
from leads.reports.cohort import cohort
from leads.reports.counting import counted
from leads.reports.coverage import coverage
from leads.reports.coverage.counting import teams
from leads.reports.figures import tallies
from leads.reports.integrity import look
from leads.reports.period import Filters
from leads.reports.review import review
from leads.reports.rollups import (
    journey_of,
    sums_of,
    sums_of_coverage,
    sums_of_integrity,
    sums_of_review,
)
from leads.reports.scorecard.promises import promises
from leads.reports.scorecard.response import Responses, responses
from leads.reports.scorecard.returns import grouped, returns
from leads.reports.scorecard.sums import FromRows, others
from leads.reports.volume import volume
from sla.models import Version
from tests.leads.clockwork import BERLIN


def filters_of(at: datetime, **query: str) -> Filters:
    return Filters.from_query(query, at, BERLIN)


def rolled_up(at: datetime) -> None:
    """Let the sums come to the end of the ledger."""
    assert rolling.roll(at=at, passes=2_000, seconds=600)


def assert_alike(version: Version, filters: Filters, at: datetime) -> None:
    """What the sums say of a period is what a fresh count of its rows says."""
    sums = sums_of(version, filters)
    assert sums is not None

    ended = sums.clocks(filters, at)

    assert _kept(promises(version, filters, at, ended)) == _kept(promises(version, filters, at))
    assert sorted(map(repr, ended[0])) == sorted(map(repr, tallies(filters, at)))
    assert told(sums.responses(filters)) == told(responses(filters, version))
    assert grouped(sums.returns(filters), version) == returns(filters, version)
    assert others(version, filters, sums) == counted(others(version, filters, FromRows()))
    _assert_volumes_are_alike(version, filters, at)
    _assert_coverage_is_alike(version, filters)
    assert journey_of(version, filters) == cohort(version, filters).told()
    of_checks = sums_of_integrity(version, filters)
    assert of_checks is not None
    assert look(filters.period, at, version, of_checks) == look(filters.period, at, version)
    of_week = sums_of_review(version, filters)
    assert _of_sums(review(version, filters, at, of_week)) == _of_sums(
        review(version, filters, at)
    )


def _assert_volumes_are_alike(version: Version, filters: Filters, at: datetime) -> None:
    """Under the agreement, and each person's window."""
    sums = sums_of(version, filters)
    for one in version.parsed.commitments:
        if one.measure == "stage_entries":
            known = {"version": version, "sums": sums}
            assert volume(one, filters, at, **known) == volume(
                one, filters, at, version=version
            )


def _assert_coverage_is_alike(version: Version, filters: Filters) -> None:
    sums = sums_of_coverage(version, filters)
    assert coverage(filters, sums) == coverage(filters)
    assert sorted(map(repr, teams(filters, sums))) == sorted(map(repr, teams(filters)))


def told(found: Responses):
    return found.made, found.never, found.withdrawn


def _of_sums(found):
    """What a review reads from sums, and what must fit to it."""
    broken = {(one.tally.obligation, one.tally.party): one for one in found.broken}
    talk = [(one.pk, one.away) for one in found.talk]
    return broken, found.kept, found.returned, found.paces.volumes, found.paces.counts, talk


def _kept(found):
    return {
        (one.tally.obligation, one.tally.kind, one.tally.party): (one.tally, sorted(one.times))
        for one in found
    }


def cells() -> dict[str, tuple[int, list[int]]]:
    """Every cell with its facts, in an order of their own."""
    return {one.key: (one.n, sorted(bytes(one.records))) for one in RolledCell.objects.all()}
