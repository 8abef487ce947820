"""The page that explains a clock: every window, pause and step, and sums that agree."""

from datetime import timedelta

import pytest

from leads.actions import clocks
from leads.actions.sweeping import sweep
from leads.models import Clock
from leads.views import clock_parts
from tests.leads.clockwork import HOUR, MINUTE, a_pausable_clock, berlin

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

    assert "Every window that was counted" in page
    assert "asked to be called back" in page
    assert page.count("Then will be told") == len(clock.steps)


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
