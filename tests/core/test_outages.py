"""Which breaches an outage of the portal excuses: as much as it took, never more."""

import pytest

from leads.core import lost
from tests.core.calendars import NINE_TO_FIVE, utc


def at(text):
    return utc(f"2026-03-{text}")


STARTED, DUE = at("02 09:00"), at("02 10:00")


@pytest.mark.parametrize(
    ("stopped", "outages", "excused"),
    [
        pytest.param("02 10:30", [("02 09:30", "02 10:30")], True, id="when it was back"),
        pytest.param("02 11:00", [("02 09:30", "02 10:30")], True, id="late by what it took"),
        pytest.param("02 11:01", [("02 09:30", "02 10:30")], False, id="and a minute more"),
        pytest.param("02 10:30", [("02 09:00", "02 10:00")], False, id="over when due"),
        pytest.param("02 10:30", [("02 10:30", "02 12:00")], False, id="began with the answer"),
        pytest.param("02 11:01", [("02 07:00", "02 11:00")], True, id="from the start on"),
        pytest.param("02 12:01", [("02 07:00", "02 11:00")], False, id="not from before it"),
        pytest.param("03 09:30", [("02 17:00", "03 08:00")], False, id="a night takes nothing"),
        pytest.param(
            "02 11:30",
            [("02 09:10", "02 09:40"), ("02 10:10", "02 11:10")],
            True,
            id="two together, one of them before it was due",
        ),
        pytest.param(
            "02 10:30", [("02 10:10", "02 10:40"), ("02 11:00", "02 15:00")], False,
            id="what came after the answer took nothing",
        ),
        pytest.param("02 10:30", [], False, id="no outage"),
    ],
)  # fmt: skip
def test_an_outage_excuses_as_much_working_time_as_it_took(stopped, outages, excused):
    spans = [(at(began), at(ended)) for began, ended in outages]

    assert lost.excuses(NINE_TO_FIVE, STARTED, DUE, at(stopped), spans) is excused


def test_a_breach_falls_into_the_outages_that_it_overlaps():
    before, into, after = ((at(f"02 {h:02}:00"), at(f"02 {h + 1:02}:00")) for h in (9, 10, 11))

    assert lost.fallen_into(DUE, at("02 11:00"), [before, into, after]) == [into]
