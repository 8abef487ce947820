"""What a process remembers of the sums is never what they were before a change."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.actions import contributions
from leads.models import Clock, Company, RolledCell, RolledTo
from leads.reports.review.late import of_rows
from leads.reports.rollups import memory, reading, sums_of, sums_of_review, tail
from leads.reports.rollups.cells import Alike, Key
from leads.reports.rollups.memory import MEMORY, Cells, Memory
from leads.reports.rollups.spans import Span
from tests.leads.clockwork import HOUR
from tests.leads.reports.backtest.test_columns import THEN, called
from tests.leads.reports.backtest.test_columns import company as company
from tests.leads.reports.rollups.counted import assert_alike, filters_of, rolled_up

pytestmark = pytest.mark.django_db
SPAN = Span(("clocks",), THEN.date(), THEN.date())
ALIKE = Alike("accept", "accept", "sales", "", "", "", 1, "met", "")


@pytest.fixture(autouse=True)
def nothing_remembered():
    MEMORY.clear()


def number(late):
    return sum(map(len, late.rows.values()))


def asked(version, filters):
    """The sums of the scorecard, and the statements that they took."""
    with CaptureQueriesContext(connection) as said:
        sums = sums_of(version, filters)
    return sums, [one["sql"] for one in said.captured_queries]


def test_what_is_alike_is_a_key_without_its_family_and_day():
    assert Key._fields == ("family", "day", *Alike._fields)
    assert Key("clocks", THEN.date(), *ALIKE).alike == ALIKE


def test_sums_that_nobody_changed_are_read_once(company):
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)

    first, reading_them = asked(version, filters)
    again, looking = asked(version, filters)

    assert (len(reading_them), len(looking)) == (2, 1)
    assert again.cells.families is first.cells.families
    assert again.responses(filters) is first.responses(filters)
    assert_alike(version, filters, THEN)


def test_only_families_that_changed_are_read_again(company):
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)
    first, _ = asked(version, filters)
    before = first.responses(filters), first.contributions("asked", filters)
    by = company[1].receiver
    contributions.ask(lead_id=company[1].lead_id, kind="other", subject="Pumps", by=by, at=THEN)
    rolled_up(THEN)

    then, statements = asked(version, filters)

    assert len(statements) == 3
    assert then.cells.families["speed"] is first.cells.families["speed"]
    assert then.responses(filters) is before[0]
    assert then.contributions("asked", filters) == before[1] + 1
    assert_alike(version, filters, THEN)


def test_what_came_since_the_last_pass_is_in_no_memory(company):
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)
    before, _ = asked(version, filters)
    made = before.responses(filters)

    called(company[1], THEN)

    then, _ = asked(version, filters)
    assert then.responses(filters).n == made.n + 1
    assert then.returns(filters) is before.returns(filters)  # the call has no part in them
    assert MEMORY.of(next(iter(MEMORY.known))).of("speed") == before.cells.of("speed")


def test_who_is_a_customer_is_asked_each_time(company):
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)
    one = replace(version.parsed.commitments[0], stage=company[0].lead.stage)
    sums, _ = asked(version, filters)
    before = len(sums.counted(one, filters.period))
    lead = company[0].lead
    customer = Company.objects.create(name="Pumps", domain="pumps.test", status="customer")
    type(lead).objects.filter(pk=lead.pk).update(company=customer)
    rolled_up(THEN)
    Company.objects.update(status="prospect")
    sums, _ = asked(version, filters)
    assert len(sums.counted(one, filters.period)) == before > 0

    Company.objects.update(status="customer")

    sums, _ = asked(version, filters)
    assert len(sums.counted(one, filters.period)) < before


def test_a_pass_between_two_statements_is_waited_for(company, monkeypatch):
    """Who knows an older state than the cells are in begins again."""
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)
    held = tail.after_sums(reading.MOST)
    told = [held._replace(state=held.state + 1), held]
    monkeypatch.setattr(tail, "after_sums", lambda most: told.pop(0))

    assert sums_of(version, filters) is not None
    assert told == []

    monkeypatch.setattr(tail, "after_sums", lambda most: held._replace(state=held.state + 1))
    MEMORY.clear()
    assert sums_of(version, filters) is None  # the rows are counted


def test_cells_that_go_are_forgotten(company):
    version, filters, at = company[0].version, filters_of(THEN), THEN + 10 * HOUR
    rolled_up(THEN)
    late = number(sums_of_review(version, filters).late(filters, at))
    over = {"outcome": "met", "stopped_at": THEN, "next_step_at": None}
    Clock.objects.filter(outcome="", paused_at=None).update(**over)
    RolledTo.objects.update(checked_to=0)
    rolled_up(THEN)  # no entry told of it: found by counting once more

    then = sums_of_review(version, filters)

    assert number(then.late(filters, at)) == number(of_rows(filters, at)[1]) < late
    assert not RolledCell.objects.filter(stamp=0).exists()


def test_what_nobody_asked_for_is_forgotten(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(memory, "monotonic", lambda: now[0])
    mine = Memory()
    mine.keep((SPAN,), Cells(1, {}, {}))

    now[0] = memory.SECONDS
    assert mine.of((SPAN,)) is not None
    now[0] = memory.SECONDS + 1
    assert mine.of((SPAN,)) is None


def test_no_more_is_remembered_than_agreed(monkeypatch):
    monkeypatch.setattr(memory, "BYTES", 20)
    mine = Memory()
    spans = [(SPAN._replace(families=(name,)),) for name in ("clocks", "speed", "stay")]
    large = {"clocks": {ALIKE: [(THEN.date(), 1, b"12345678")]}}

    for span in spans:
        mine.keep(span, Cells(1, large, {}))

    assert [mine.of(span) is not None for span in spans] == [False, True, True]


def test_answers_are_forgotten_where_they_are_many(monkeypatch):
    monkeypatch.setattr(memory, "ANSWERS", 2)
    cells = Cells(1, {}, {})

    said = [cells.once((frozenset("a"), n), lambda n=n: [n]) for n in (1, 2, 3, 3)]

    assert said == [[1], [2], [3], [3]]
    assert len(cells.answers) == 1


def test_a_ledger_that_begins_anew_is_another_memory(company):
    """Nothing remembered of one company is told of another."""
    version, filters = company[0].version, filters_of(THEN)
    rolled_up(THEN)
    first, _ = asked(version, filters)
    RolledCell.objects.update(n=7)
    RolledTo.objects.update(hash="0" * 64)
    rolled_up(THEN)

    then, statements = asked(version, filters)

    assert then.cells.state != first.cells.state
    assert len(statements) > 1
    assert_alike(version, filters, THEN)
