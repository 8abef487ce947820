"""Who counts toward a volume, from numbers, is who counts from rows."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leads.reports.rollups.arithmetic.volumes import Asked, Owned, counted
from leads.reports.rollups.facts.lives import person_of
from leads.reports.volume import once

ENTRY = st.fixed_dictionaries(
    {
        "lead": st.integers(1, 6), "at": st.integers(0, 60), "mail": st.sampled_from("abc-"),
        "company": st.sampled_from([-1, 3, 5]), "agreement": st.sampled_from([1, 2]),
        "imported": st.booleans(), "until": st.none() | st.integers(0, 90),
    }
)  # fmt: skip
SINCE = {3: 20, 5: 70}
"""From when companies are customers."""
START, UNTIL = 20, 50


def numbers(rows, width):
    found = [
        (
            one["lead"], one["at"], row, 0, one["imported"], one["company"], one["agreement"],
            person_of(one["mail"].strip("-")), one["until"],
        )[:width]
        for row, one in rows
    ]  # fmt: skip
    return np.array(found, np.int64).reshape(-1, width)


def from_rows(rows, window):
    """The same, one after the other."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    wanted = [
        (row, one["lead"], one["mail"].strip("-"), began + timedelta(minutes=one["at"]))
        for row, one in rows
        if not one["imported"] and one["agreement"] == 1
        and START - window <= one["at"] < UNTIL
        and (one["until"] is None or one["until"] >= UNTIL)
        and SINCE.get(one["company"], 99) > one["at"]
    ]  # fmt: skip
    wanted.sort(key=lambda row: (row[3], row[0]))
    found = once(wanted, timedelta(minutes=window))
    minutes = [(one.entered_at - began) // timedelta(minutes=1) for one in found]
    return [at for at in minutes if at >= START]


@given(st.lists(ENTRY, max_size=20), st.sampled_from([0, 10, 25]))
def test_numbers_count_whom_rows_count(entries, window):
    rows = list(enumerate(entries))
    entered = numbers([row for row in rows if row[1]["until"] is None], 8)
    undone = numbers([row for row in rows if row[1]["until"] is not None], 9)
    owned = Owned(np.array([*SINCE], np.int64), np.array([*SINCE.values()], np.int64))

    found = counted(entered, undone, Asked(START, UNTIL, window, 1), owned)

    assert sorted(found.tolist()) == sorted(from_rows(rows, window))


def test_a_person_is_a_number_and_nobody_is_none():
    assert person_of("") == 0
    assert person_of("a@example.test") == person_of("a@example.test") > 0
    assert person_of("a@example.test") != person_of("b@example.test")
