"""The ladder of one clock as its row keeps it, and how a pause moves it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from leads.core.rungs import Rung, first_warning, instant, level_of, moved, rungs
from sla.core import terms
from sla.core.ladder import Step
from sla.core.terms.parts import Person
from tests.core.agreements import everything
from tests.core.calendars import NINE_TO_FIVE, utc

NINE = utc("2026-03-02 09:00")
LADDER = terms.parse(everything()).ladder("quiet")


def steps():
    """The steps of the quiet ladder, the last first, an hour apart."""
    made = [
        Step(one.key, NINE + n * timedelta(hours=1), one.telling.whom, one.telling.channels,
             one.telling.digest)
        for n, one in enumerate(LADDER)
    ]  # fmt: skip
    return made[::-1]


def test_the_steps_are_kept_soonest_first_and_say_where_they_lie():
    kept = rungs(LADDER, steps())

    assert [(one["key"], one["level"]) for one in kept] == [
        ("warn", "before"), ("due", "at"), ("after", "after"), ("heads", "after"),
    ]  # fmt: skip
    assert [level_of(step) for step in LADDER] == [one["level"] for one in kept]


def test_a_step_is_read_as_it_was_written():
    for written in rungs(LADDER, steps()):
        rung = Rung.from_json(written)

        assert rung.to_json() == written
        assert rung.at.tzinfo is not None

    (person,) = [w for one in rungs(LADDER, steps()) for w in Rung.from_json(one).whom
                 if isinstance(w, Person)]  # fmt: skip
    assert person == Person("cfo@example.com")


def test_instants_are_kept_in_utc():
    local = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    (kept,) = rungs(LADDER[:1], [Step("warn", local, (), (), {})])

    assert kept["at"] == "2026-03-02T09:00:00+00:00"
    assert instant(kept) == NINE
    assert instant(kept).tzinfo == UTC


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"at": "2026-03-02T09:00:00"}, ValueError),
        ({"at": "soon"}, ValueError),
        ({"whom": [{}]}, LookupError),
        ({"channels": None}, TypeError),
    ],
)
def test_what_is_no_step_is_refused(broken, error):
    (written,) = rungs(LADDER[:1], steps()[-1:])

    with pytest.raises(error):
        Rung.from_json(written | broken)


def test_a_pause_moves_the_steps_that_were_not_reached_by_its_working_time():
    kept = rungs(LADDER, steps())

    after = moved(kept, NINE_TO_FIVE, NINE + timedelta(minutes=30), NINE + timedelta(days=1))

    assert [instant(one) for one in after] == [
        NINE,
        *(NINE + timedelta(days=1, minutes=30 + 60 * n) for n in range(3)),
    ]
    assert [one["key"] for one in after] == [one["key"] for one in kept]


def test_the_first_warning_is_the_first_step_before_the_due_instant():
    kept = rungs(LADDER, steps())

    assert first_warning(kept) == NINE
    assert first_warning(kept[1:]) is None
