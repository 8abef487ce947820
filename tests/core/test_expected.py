"""Which alerts a clock must have, from what the ledger says of it and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.core.watching.expected import Entry, Raised, expected

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(minutes):
    return NINE + minutes * MINUTE


def started(**steps):
    return said("clock_started", 0, steps=steps)


def said(kind, at, **clear):
    if "steps" in clear:
        clear["steps"] = {key: after(m).isoformat() for key, m in clear["steps"].items()}
    for name in ("paused_at", "stopped_at"):
        if isinstance(clear.get(name), int):
            clear[name] = after(clear[name]).isoformat()
    return Entry(kind, after(at), clear)


def required(*entries, until=100):
    return list(expected(entries, after(until)).required)


def test_a_running_clock_must_have_the_alerts_of_the_steps_that_are_due():
    ladder = started(warn=10, due=20, late=30)

    assert required(ladder, until=10) == []
    assert required(ladder, until=11) == ["warn"]
    assert required(ladder) == ["warn", "due", "late"]


def test_a_step_at_the_very_instant_of_the_stop_is_not_due():
    stop = said("clock_stopped", 20, stopped_at=20)

    found = expected([started(warn=10, due=20), stop], after(100))

    assert list(found.required) == list(found.allowed) == ["warn"]
    assert not found.is_open


def test_while_it_stands_still_nothing_is_due_and_afterwards_at_other_instants():
    ladder = started(warn=10, due=20)
    pause = said("clock_paused", 12, paused_at=12)
    resume = said("clock_resumed", 40, steps={"warn": 10, "due": 48})

    assert required(ladder, pause) == ["warn"]
    assert required(ladder, pause, resume, until=48) == ["warn"]
    found = expected([ladder, pause, resume], after(49))
    assert found.required == {"warn": after(10), "due": after(48)}


def test_a_step_at_the_very_instant_of_a_pause_is_due():
    assert required(started(warn=10, due=20), said("clock_paused", 10, paused_at=10)) == [
        "warn"
    ]


def test_evidence_that_came_later_lets_an_alert_stay_that_need_not_be_there():
    stop = said("clock_stopped", 25, stopped_at=5)

    found = expected([started(warn=10, due=20, late=30), stop], after(100))

    assert found.required == {}
    assert list(found.allowed) == ["warn", "due"]


def test_a_clock_that_was_opened_again_owes_what_fell_due_meanwhile():
    stop = said("clock_stopped", 5, stopped_at=5)
    undone = said("clock_reopened", 12, stopped_at=None, paused_at=None, steps={"warn": 10})

    assert required(started(warn=10), stop, undone) == ["warn"]


def test_a_clock_that_was_opened_again_into_its_pause_owes_nothing():
    pause = said("clock_paused", 3, paused_at=3)
    stop = said("clock_stopped", 5, stopped_at=5)
    undone = said("clock_reopened", 6, stopped_at=None, paused_at=3, steps={"warn": 10})

    found = expected([started(warn=10), pause, stop, undone], after(100))

    assert found.required == {}
    assert found.is_open


ALERT = Raised(7, "warn", after(10), after(10))


@pytest.mark.parametrize(
    ("alerts", "words"),
    [
        ([ALERT], []),
        ([], ["step warn, due 02 Mar 2026 09:10:00 UTC: its alert is missing"]),
        (
            [Raised(7, "warn", after(11), after(11))],
            ["step warn: alert 7 says due 02 Mar 2026 09:11:00 UTC, the ledger not"],
        ),
        (
            [Raised(7, "warn", after(10), after(9))],
            ["step warn: alert 7 was raised before it was due"],
        ),
        ([ALERT, Raised(8, "else", NINE, NINE)], ["step else: alert 8 is one too many"]),
    ],
    ids=["as it should be", "missing", "moved", "early", "too many"],
)
def test_each_difference_is_named(alerts, words):
    found = expected([started(warn=10, due=200)], after(50))

    assert list(found.differences(alerts)) == words
