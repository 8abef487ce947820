"""The page that explains a clock: every window, pause and step, and sums that agree."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.actions import clocks
from leads.actions.sweeping import sweep
from leads.models import Clock, ClockPause, Outage
from leads.views import clock_parts
from portal import ledger
from tests.factories import make_user
from tests.leads.clockwork import (
    BERLIN,
    HOUR,
    MICROSECOND,
    MINUTE,
    a_clock,
    a_pausable_clock,
    berlin,
)

pytestmark = pytest.mark.django_db
LATER = berlin(4, 12)


@pytest.fixture
def clock():
    """Paused on Monday from 9:30 to 10:15, and running since."""
    made = a_pausable_clock()
    paused = {"clock_id": made.pk, "by": made.owner}
    clocks.pause(reason="call_back", at=berlin(2, 9, 30), **paused)
    clocks.resume(at=berlin(2, 10, 15), **paused)
    return Clock.objects.select_related("version", "owner").get(pk=made.pk)


def test_the_windows_sum_up_to_what_ran_and_what_was_paused(clock):
    spent = clocks.account(clock, clocks.calendar_of(clock), LATER)

    shown = clock_parts.windows(clock, LATER)

    assert sum((one.counted for one in shown), timedelta(0)) == spent.running
    assert sum((one.paused for one in shown), timedelta(0)) == spent.paused == 45 * MINUTE
    assert shown[0].opens == clock.started_at
    assert shown[-1].closes == LATER


def test_a_clock_that_has_not_begun_shows_no_window(clock):
    assert clock_parts.windows(clock, clock.started_at) == []


def test_the_page_shows_windows_pauses_and_steps_beside_the_drawing(clock, client, monkeypatch):
    monkeypatch.setattr("portal.wallclock.now", lambda: LATER)
    client.force_login(clock.owner)

    page = client.get(f"/clocks/{clock.pk}/").content.decode()

    assert "The same, to read" in page
    assert "asked to be called back" in page
    assert page.count("Then will be told") == len(clock.steps)
    assert "The sum: with 45\u00a0min paused" in page


def test_the_rows_beside_the_drawing_sum_up_to_what_was_counted(clock):
    spent = clocks.account(clock, clocks.calendar_of(clock), LATER)

    rows = clock_parts.told(clock, LATER)

    counted = [row["counted"] for row in rows if "counted" in row]
    assert sum(counted, timedelta(0)) == spent.running
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert rows[-1]["text"].startswith(("Then", "Open"))
    late = clock_parts.left_in_words(clock.target_time - spent.running)
    assert late in [row.get("left") for row in rows]
    assert late.startswith("−")


def test_an_outage_is_drawn_over_the_calendar_and_told_beside_it(clock, client, monkeypatch):
    Outage.objects.create(began_at=berlin(2, 10, 30), ended_at=berlin(2, 12))
    monkeypatch.setattr("portal.wallclock.now", lambda: LATER)
    client.force_login(clock.owner)

    page = client.get(f"/clocks/{clock.pk}/").content.decode()

    assert 'class="f-lates"' in page
    assert "the portal was down for" in page
    assert "The portal was down." in page
    assert "The portal was back." in page


def test_steps_that_were_told_and_steps_to_come_are_both_drawn(clock):
    sweep.raise_all(at=clock.warn_at)
    clock = Clock.objects.get(pk=clock.pk)

    marks = clock_parts.marks(clock, BERLIN)

    assert [mark.at for mark in marks] == [
        datetime.fromisoformat(step["at"]) for step in clock.steps
    ]
    assert marks[0].label == "warning"
    with ledger.recording():
        clocks.stop([clock], at=clock.warn_at + MINUTE)
    assert len(clock_parts.marks(Clock.objects.get(pk=clock.pk), BERLIN)) == 1


lengths = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 1_500)), max_size=5)


@settings(max_examples=15)
@given(lengths, lengths, st.integers(1, 20_000))
def test_paused_and_running_and_closed_are_the_time_on_the_wall_whatever_happened(
    pauses, downs, minutes
):
    """To the microsecond, and however pauses, outages, nights and weekends lie."""
    point = connection.savepoint()
    clock = a_clock()
    ClockPause.objects.bulk_create(
        ClockPause(clock=clock, paused_at=a, ends_by=b, resumed_at=b)
        for a, b in _stretches(clock.started_at, pauses)
    )
    Outage.objects.bulk_create(
        Outage(began_at=a, ended_at=b) for a, b in _stretches(clock.started_at, downs)
    )
    until = clock.started_at + minutes * MINUTE + MICROSECOND

    spent = clocks.account(clock, clocks.calendar_of(clock), until)
    windows = clock_parts.windows(clock, until)

    assert spent.running + spent.paused + spent.closed == spent.wall == until - clock.started_at
    assert sum((one.counted for one in windows), timedelta(0)) == spent.running
    assert sum((one.paused for one in windows), timedelta(0)) == spent.paused
    opened = sum((one.closes - one.opens for one in windows), timedelta(0))
    assert spent.wall - opened == spent.closed
    connection.savepoint_rollback(point)


def _stretches(at, lengths):
    """Stretches one after the other, so that none overlaps another."""
    for wait, length in lengths:
        begins = at + wait * MINUTE
        at = begins + length * MINUTE
        yield begins, at


def test_a_reader_far_away_sees_each_opening_on_their_own_days(clock, client, monkeypatch):
    """Nine to half past five in Berlin lies across midnight for them."""
    monkeypatch.setattr("portal.wallclock.now", lambda: LATER)
    reader = make_user(zone="Pacific/Auckland")
    client.force_login(reader)

    page = client.get(f"/clocks/{clock.pk}/")

    assert page.status_code == 200
    assert "00:00" in page.content.decode()


def test_who_paused_lets_the_clock_run_on_from_its_page(clock, client, monkeypatch):
    at = clock.due_at - HOUR / 2
    clocks.pause(clock_id=clock.pk, reason="call_back", by=clock.owner, at=at - MINUTE)
    monkeypatch.setattr("portal.wallclock.now", lambda: at)
    client.force_login(clock.owner)
    page = client.get(f"/clocks/{clock.pk}/").content.decode()

    client.post(f"/clocks/{clock.pk}/act/", {"do": "resume"})

    clock.refresh_from_db()
    assert "Let the clock run on" in page
    assert clock.paused_at is None


def test_a_pause_that_an_alert_overtook_is_read_again_with_the_new_time(
    clock, client, monkeypatch
):
    warn = clock.warn_at
    sweep.raise_all(at=warn + MINUTE)
    readings = [warn - MINUTE, warn + 2 * MINUTE]
    monkeypatch.setattr(
        "leads.views.clocks.wallclock.now", lambda: readings.pop(0) if readings else LATER
    )
    client.force_login(clock.owner)

    client.post(f"/clocks/{clock.pk}/pause/", {"reason": "call_back"})

    clock.refresh_from_db()
    assert clock.paused_at == warn + 2 * MINUTE
