"""Past rounds under any terms: who owed what, by when, and which target had been kept."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from leads.core.backtest import NEVER, Fate
from leads.core.rounds import judge, monday
from leads.core.targets import suggest, taken, targets
from leads.core.trials.seen import Measured, Round
from sla.core import durations, terms
from sla.core.workingtime import between, instant, microseconds
from tests.core.agreements import classic
from tests.core.calendars import utc
from tests.core.past import a_history

MINUTE = 60_000_000
HOUR = 60 * MINUTE
WAITING = {"reason": "waiting", "name": "Waiting for the customer", "cap": "PT30M", "times": 1}
NINE = microseconds(utc("2026-03-02 08:00"))  # nine in Berlin, a Monday
LATER = NINE + 20 * 24 * 60 * MINUTE


def where(key, **parts):
    """The classic terms with parts of one obligation replaced, and that obligation."""
    document = classic()
    owed = next(one for one in document["obligations"] if one["key"] == key)
    owed |= parts
    parsed = terms.parse(document)
    return parsed, parsed.obligation(key)


def within(amount, segment=None, beyond=None):
    return {"segment": segment, "within": amount, "beyond": beyond}


def a_round(
    *, took=None, kind="to_inside_sales", at=NINE, parted=False, pauses=(), segment="",
    obligation="accept",
):  # fmt: skip
    """A round offered at `at` and answered `took` minutes later; None: it still runs."""
    stop = NEVER if took is None else at + took * MINUTE
    one = Round(7, kind, segment, 1, at, "berlin", "berlin", {"offer": at})
    one.put(obligation, "accept", Measured(1, at, stop, False, parted, pauses))
    return one


def history(*rounds, until=LATER):
    offers = np.array(sorted(one.first_offer for one in rounds), np.int64)
    return a_history(rounds, {"to_inside_sales": offers, "to_outside_sales": offers}, until)


def fates(parsed, owed, past):
    return [Fate(one) for one in judge(parsed, owed, past).fate]


@pytest.mark.parametrize(
    ("took", "parted", "fate"),
    [
        (30, False, Fate.MET),
        (31, False, Fate.LATE),
        (30, True, Fate.LEFT_OUT),
        (31, True, Fate.LATE),
        (None, False, Fate.LATE),
    ],
)
def test_an_answer_at_the_end_of_the_target_is_kept_and_one_after_it_is_late(
    took, parted, fate
):
    parsed, owed = where("accept", targets=[within("PT30M")])

    assert fates(parsed, owed, history(a_round(took=took, parted=parted))) == [fate]


def test_what_still_runs_within_its_target_is_open():
    parsed, owed = where("accept", targets=[within("PT30M")])
    past = history(a_round(), until=NINE + 30 * MINUTE)

    assert fates(parsed, owed, past) == [Fate.OPEN]


def test_only_the_rounds_that_owe_it_are_judged_and_unseen_ones_are_counted():
    parsed, owed = where("accept", handoff="to_inside_sales", targets=[within("PT30M")])
    elsewhere = a_round(took=5, kind="to_outside_sales")
    nobody = Round(8, "to_inside_sales", "", 1, NINE, "berlin", "berlin", {"offer": NINE})
    unoffered = Round(9, "to_inside_sales", "", 1, NINE, "berlin", "berlin")

    judged = judge(parsed, owed, history(elsewhere, nobody, unoffered, a_round(took=5)))

    assert (list(judged.rows), judged.unseen) == ([3], 1)


def test_a_package_is_owed_only_where_something_was_missing():
    parsed, owed = where("complete_package")
    past = history(Round(8, owed.handoff or "to_inside_sales", "", 1, NINE, "", "",
                         {owed.starts: NINE}))  # fmt: skip

    judged = judge(parsed, owed, past)

    assert (judged.rows.size, judged.due.size, judged.unseen) == (0, 0, 0)


def test_an_obligation_without_a_target_for_the_kind_of_lead_is_not_owed():
    parsed, owed = where("accept", targets=[within("PT30M", "trial")])

    assert fates(parsed, owed, history(a_round(took=5), a_round(took=5, segment="trial"))) == [
        Fate.MET
    ]


def test_an_obligation_under_another_name_is_judged_by_what_its_kind_saw():
    parsed, owed = where("accept", targets=[within("PT30M")])

    assert fates(parsed, owed, history(a_round(took=5, obligation="older"))) == [Fate.MET]


@pytest.mark.parametrize(
    ("calendar", "key"),
    [
        ({"fixed": "berlin"}, "berlin"),
        ({"team": "receiver"}, "second"),
        ({"team": "giver"}, "berlin"),
    ],
)
def test_working_time_is_that_of_the_calendar_which_the_terms_name(calendar, key):
    document = classic()
    later = {**document["calendars"]["berlin"], "name": "Later"}
    later["weekly"] = {"mon": [["12:00", "17:00"]], "tue": [["12:00", "17:00"]]}
    document["calendars"]["second"] = later
    owed = next(one for one in document["obligations"] if one["key"] == "accept")
    owed |= {"calendar": calendar, "targets": [within("PT30M")]}
    parsed = terms.parse(document)
    one = Round(7, "to_inside_sales", "", 1, NINE, "berlin", "second", {"offer": NINE})
    one.put("accept", "accept", Measured(1, 0, NINE + 60 * MINUTE, late=False, parted=False))

    judged = judge(parsed, parsed.obligation("accept"), history(one))

    assert Fate(judged.fate[0]) is (Fate.LATE if key == "berlin" else Fate.MET)


def test_a_calendar_that_is_gone_is_counted_on_the_first():
    parsed, owed = where("accept", targets=[within("PT30M")], calendar={"team": "receiver"})
    one = Round(7, "to_inside_sales", "", 1, NINE, "gone", "gone", {"offer": NINE})
    one.put("accept", "accept", Measured(1, 0, NINE + 31 * MINUTE, late=False, parted=False))

    assert fates(parsed, owed, history(one)) == [Fate.LATE]


def test_pauses_are_kept_as_they_were_and_rows_with_more_stand_beside_rows_with_fewer():
    parsed, owed = where("accept", targets=[within("PT30M")])
    pauses = (
        (NINE + 10 * MINUTE, NINE + 20 * MINUTE),
        (NINE + 25 * MINUTE, NINE + 40 * MINUTE),
    )
    past = history(a_round(took=55, pauses=pauses), a_round(took=56, pauses=pauses),
                   a_round(took=30))  # fmt: skip

    assert fates(parsed, owed, past) == [Fate.MET, Fate.LATE, Fate.MET]


def test_beyond_the_weekly_volume_the_longer_target_holds():
    beyond = {"weekly": 1, "within": "PT2H"}
    parsed, owed = where("accept", targets=[within("PT30M", beyond=beyond)])
    rounds = [a_round(took=60, at=NINE + n * MINUTE) for n in range(2)]
    next_week = a_round(took=60, at=NINE + 7 * 24 * 60 * MINUTE)

    assert fates(parsed, owed, history(*rounds, next_week)) == [
        Fate.LATE, Fate.MET, Fate.LATE,
    ]  # fmt: skip


def test_a_week_begins_at_the_midnight_of_its_monday():
    zone = terms.parse(classic()).calendar("berlin").zone
    sunday = microseconds(utc("2026-03-29 20:00"))  # the clocks changed in the morning

    assert monday(sunday, ZoneInfo(zone)) == microseconds(utc("2026-03-22 23:00"))


MADE = tuple(NINE + n * MINUTE for n in (10, 20, 30))


@pytest.mark.parametrize(
    ("asked", "over", "stop", "parted"),
    [
        pytest.param(2, NEVER, MADE[1], False, id="fewer are complete sooner"),
        pytest.param(5, NEVER, NEVER, False, id="more still run"),
        pytest.param(5, MADE[2], MADE[2], True, id="more were never complete"),
        pytest.param(3, MADE[2], MADE[2], False, id="as many as before"),
        pytest.param(None, NEVER, MADE[2], False, id="no cadence"),
    ],
)
def test_another_number_of_attempts_is_tried_on_those_that_were_made(asked, over, stop, parted):
    seen = Measured(1, 0, MADE[2], late=False, parted=False, needed=3, attempts=MADE, over=over)

    other = seen.asked(asked, NINE)

    assert (other.stop, other.parted) == (stop, parted)


# --- which target would have been kept


def kept(*rounds, until=LATER, obligation="accept"):
    parsed, owed = where(obligation, targets=[within("PT30M")])
    return parsed, owed, taken(parsed, owed, history(*rounds, until=until))


def test_any_target_is_answered_by_what_was_enough_as_judging_it_does():
    rounds = [
        a_round(took=30), a_round(took=31), a_round(), a_round(took=40, parted=True),
        a_round(took=50, pauses=((NINE + 10 * MINUTE, NINE + 20 * MINUTE),)),
        a_round(took=12 * 60), a_round(took=45, pauses=((NINE + 40 * MINUTE, LATER),)),
    ]  # fmt: skip
    parsed, _owed, found = kept(*rounds)

    for amount in ("PT29M", "PT30M", "PT31M", "PT40M", "PT41M", "PT8H", "P2D"):
        tried, again = where("accept", targets=[within(amount)])
        wanted = judge(tried, again, history(*rounds))
        mine = found.fates(targets(parsed, found, durations.parse(amount)))

        assert list(found.places) == list(wanted.rows)
        assert list(mine) == list(wanted.fate), amount


@pytest.mark.parametrize(
    ("percent", "target", "n", "late"),
    [(50, 30, 4, 2), (75, 40, 4, 1), (100, None, 4, 1), (90, None, 4, 1)],
)
def test_the_shortest_time_seen_that_keeps_the_share_is_suggested(percent, target, n, late):
    _, _, found = kept(a_round(took=20), a_round(took=30), a_round(took=40), a_round())

    suggested = suggest(found, percent)

    minutes = None if suggested.target is None else suggested.target // MINUTE
    assert (minutes, suggested.n, suggested.late) == (target, n, late)


def test_what_was_returned_within_the_target_is_left_out_of_the_share():
    _, _, found = kept(a_round(took=20), a_round(took=10, parted=True))

    suggested = suggest(found, 100)

    assert (suggested.target, suggested.n) == (20 * MINUTE, 1)


def test_where_nothing_is_owed_no_target_is_suggested():
    parsed, _, found = kept()

    assert suggest(found, 90).target is None
    assert targets(parsed, found, durations.parse("PT1H")).size == 0


def test_an_answer_by_night_needs_the_next_bit_of_working_time():
    """A target that runs out at the closing is due then, and the answer is after it."""
    parsed, _, found = kept(a_round(took=12 * 60))

    open_till_then = between(
        parsed.calendar("berlin"), instant(NINE), instant(NINE + 720 * MINUTE)
    )
    assert int(found.enough[0]) == open_till_then // timedelta(microseconds=1) + 1


def test_a_pause_counts_as_often_and_as_long_as_the_text_grants_it():
    parsed, owed = where("accept", pauses=[WAITING])
    calendar = parsed.calendar("berlin")
    spans = tuple((NINE + n * HOUR, NINE + n * HOUR + 40 * MINUTE) for n in range(3))
    asked = Measured(
        1, NINE, NEVER, False, False, spans, reasons=("waiting", "unknown", "waiting")
    )

    granted = asked.allowed(owed, calendar)

    # The first up to its cap; no clause knows the second; the third is once too often.
    assert granted.pauses == ((NINE, NINE + 30 * MINUTE),)
    assert granted.reasons == ()
    assert granted.allowed(owed, calendar) is granted
