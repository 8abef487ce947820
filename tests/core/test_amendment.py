"""Which changes are administrative: calendar dates and names, nothing that is owed."""

import pytest

from sla.core.terms.amendment import is_administrative
from tests.core.agreements import changed, classic

BERLIN = ("calendars", "berlin")
ADMINISTRATIVE = {
    "a closed day more": ((*BERLIN, "closed"), ["2027-06-01"]),
    "another closed day": ((*BERLIN, "closed", 0), "2027-06-01"),
    "what a closed day is called": ((*BERLIN, "closed_names"), {"2027-01-01": "New Year"}),
    "a special day": ((*BERLIN, "special"), {"2026-12-24": [["09:00", "12:00"]]}),
    "the calendar's name": ((*BERLIN, "name"), "Head office"),
    "how long the dates reach": ((*BERLIN, "valid_through"), "2029-12-31"),
    "the title": (("title",), "Inbound"),
    "a stage's name": (("journey", 0, "name"), "had an idea"),
}
OWED = {
    "later opening": ((*BERLIN, "weekly", "mon"), [["10:00", "17:00"]]),
    "another zone": ((*BERLIN, "zone"), "Europe/Lisbon"),
    "a longer target": (("obligations", 0, "targets", 0, "within"), "PT9H"),
    "true is not 1": (("obligations", 0, "attainment"), True),
    "one clause less": (("clauses",), []),
}


@pytest.mark.parametrize("name", ADMINISTRATIVE)
def test_calendar_dates_and_names_make_an_administrative_amendment(name):
    assert is_administrative(classic(), changed(classic(), *ADMINISTRATIVE[name]))


@pytest.mark.parametrize("name", OWED)
def test_whatever_is_owed_makes_it_none(name):
    assert not is_administrative(classic(), changed(classic(), *OWED[name]))


def test_one_owed_thing_among_many_names_makes_it_none():
    document = changed(classic(), *ADMINISTRATIVE["the title"])

    assert not is_administrative(classic(), changed(document, *OWED["another zone"]))


def test_a_document_that_changes_nothing_is_no_amendment():
    assert not is_administrative(classic(), classic())
