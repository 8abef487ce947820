"""Laws of every ladder, on calendars with breaks, weekends and changes of the clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sla.core import ladder, terms
from sla.core.durations import Duration, working
from sla.core.terms import LadderStep, Telling
from sla.core.workingtime import add, between, openings
from tests.core.agreements import classic

AGREEMENT = terms.parse(classic())
# Around the clock changes of Berlin, New York and formerly São Paulo.
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
TOLD = Telling(("acting_owner",), ("in_app",), {})

calendars = st.sampled_from(sorted(AGREEMENT.calendars)).map(AGREEMENT.calendar)
instants = st.integers(0, 45 * 86_400).map(lambda s: BEGIN + timedelta(seconds=s))
targets = st.integers(1, 60 * 3600).map(lambda s: timedelta(seconds=s))
pauses = st.lists(st.tuples(instants, instants).map(sorted).map(tuple), max_size=4)


@st.composite
def ladders(draw):
    """Rising percentages, then rising working time after the due instant."""
    percents = draw(st.sets(st.integers(1, 100), min_size=1, max_size=4))
    afters = draw(st.sets(st.integers(1, 200), max_size=3))
    before = [LadderStep(f"p{p}", p, None, TOLD) for p in sorted(percents)]
    after = [
        LadderStep(f"a{m}", None, Duration(time=timedelta(minutes=m)), TOLD)
        for m in sorted(afters)
    ]
    return before + after


@given(ladders(), calendars, instants, targets, pauses)
def test_steps_come_in_the_order_of_the_ladder(steps, calendar, started, target, stood):
    times = [one.at for one in ladder.instants(steps, calendar, started, target, stood)]

    assert all(earlier <= later for earlier, later in pairwise(times))
    assert times[0] >= started


@given(ladders(), calendars, instants, targets)
def test_without_a_pause_a_step_is_an_addition_of_working_time(
    steps, calendar, started, target
):
    found = ladder.instants(steps, calendar, started, target)

    for step, one in zip(steps, found, strict=True):
        share = target * (step.percent or 100) // 100
        after = working(step.after, calendar) if step.after else timedelta(0)
        assert one.at == add(calendar, started, share + after)


@given(calendars, instants, targets, pauses)
def test_at_the_due_instant_exactly_the_target_has_run(calendar, started, target, stood):
    due = ladder.due(calendar, started, target, stood)

    assert ladder.account(calendar, started, due, stood).running == target


@given(calendars, instants, targets, pauses)
def test_an_instant_before_it_less_has_run(calendar, started, target, stood):
    due = ladder.due(calendar, started, target, stood)

    before = ladder.account(calendar, started, due - timedelta.resolution, stood)

    assert before.running < target


@given(ladders(), calendars, instants, targets, st.lists(instants, min_size=2, max_size=6))
def test_pausing_and_resuming_step_by_step_is_the_same_as_knowing_all_pauses_before(
    steps, calendar, started, target, edges
):
    edges = sorted(max(edge, started) for edge in edges)
    stood = list(zip(edges[::2], edges[1::2], strict=False))

    moved = ladder.instants(steps, calendar, started, target)
    for begins, ends in stood:
        moved = ladder.resume(moved, calendar, begins, ends)

    assert moved == ladder.instants(steps, calendar, started, target, stood)


@given(calendars, instants, targets, pauses)
def test_a_pause_never_makes_anything_due_earlier(calendar, started, target, stood):
    assert ladder.due(calendar, started, target, stood) >= ladder.due(calendar, started, target)


@given(calendars, instants, instants, pauses)
def test_running_and_paused_and_closed_time_is_the_time_on_the_wall(
    calendar, one, other, stood
):
    started, until = min(one, other), max(one, other)

    account = ladder.account(calendar, started, until, stood)

    assert account.running + account.paused + account.closed == account.wall == until - started
    assert min(account.running, account.paused, account.closed) >= timedelta(0)
    assert account.running + account.paused == between(calendar, started, until)


@given(calendars, instants, st.integers(0, 6 * 86_400), pauses)
def test_the_account_equals_a_count_of_the_spans_one_by_one(calendar, started, seconds, stood):
    until = started + timedelta(seconds=seconds)

    running = timedelta(0)
    for opens, closes in openings(calendar, started, until):
        cuts = sorted({opens, closes, *(min(max(e, opens), closes) for p in stood for e in p)})
        for begins, ends in pairwise(cuts):
            paused = any(a <= begins and ends <= b for a, b in stood)
            running += timedelta(0) if paused else ends - begins

    assert ladder.account(calendar, started, until, stood).running == running
