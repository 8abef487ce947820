"""The forms of a draft: rows, renamed keys, dropped stages, faults at their fields."""

from datetime import date

import pytest

from sla.core import terms as core
from sla.forms import holidays
from sla.forms.around import Around
from sla.forms.editor import PartForm
from sla.forms.parts import PARTS
from sla.forms.tree import Hours, Length, Whole, Wrong
from sla.forms.tree.posted import posted_from
from tests.core.agreements import changed, classic
from tests.sla.leaves import sent


def form_of(part, document=None, *, base=None, **entered):
    """The form of a part with other values in some of its fields, as they were sent."""
    document = document or classic()
    fields = {name.replace("__", "-"): value for name, value in entered.items()}
    return PartForm(
        PARTS[part], Around(document, base), posted_from(sent(part, document) | fields)
    )


def terms_of(form):
    assert form.is_valid(), form.page.errors
    return form.result()


def test_a_renamed_stage_keeps_what_refers_to_it():
    terms = terms_of(form_of("journey", journey__3__key="in_talks"))

    ends = [(one["from_stage"], one["to_stage"]) for one in terms["handoffs"]]
    assert ends == [("comparing", "in_talks"), ("in_talks", "deciding")]
    assert terms["obligations"][-1]["from_stage"] == "in_talks"
    assert terms["benchmarks"][2]["from_stage"] == "in_talks"


def test_a_stage_in_force_that_is_renamed_is_replaced_by_its_new_name():
    terms = terms_of(form_of("journey", base=classic(), journey__3__key="in_talks"))

    assert terms["journey"][3]["replaces"] == ["talking"]


def test_two_keys_that_change_places_keep_their_references():
    terms = terms_of(form_of("ladders", ladders__0__key="quick", ladders__1__key="quiet"))

    before = [one["ladder"] for one in classic()["obligations"]]
    swap = {"quiet": "quick", "quick": "quiet"}
    assert [one["ladder"] for one in terms["obligations"]] == [
        swap.get(key, key) for key in before
    ]


def test_a_renamed_criterion_is_still_disputed_by_its_reason():
    terms = terms_of(form_of("journey", **{"journey-2-criteria-parts-0-key": "country_served"}))

    assert terms["return_reasons"][0]["disputes"] == "country_served"


def test_a_dropped_stage_asks_which_one_takes_its_place():
    form = form_of("journey", base=classic())
    form.do("remove", "journey-6")
    form.nodes()
    assert form.page.texts["journey"] == ["using it"]

    form.said["journey"][6]["replaces"]["said"] = ["using"]
    form.nodes()
    assert form.page.texts["journey"] == []


@pytest.mark.parametrize(
    ("act", "order", "focus"),
    [
        (("up", "journey-1"), "exploring noticed comparing", "down-journey-0"),
        (("down", "journey-0"), "exploring noticed comparing", "down-journey-1"),
        (("up", "journey-2"), "noticed comparing exploring", "up-journey-1"),
        (("remove", "journey-0"), "exploring comparing talking", "remove-journey-0"),
    ],
)
def test_a_button_moves_a_row_and_the_focus_goes_with_it(act, order, focus):
    form = form_of("journey")

    form.do(*act)

    assert [one["key"] for one in form.said["journey"][:3]] == order.split()
    assert form.page.focus == focus


def test_a_row_that_is_added_gets_the_focus_and_a_key_from_its_name():
    form = form_of("returns")
    form.do("add", "return_reasons")
    assert form.page.focus == "e-return_reasons-5-name"

    form.said["return_reasons"][5]["name"] = "Too small"
    assert terms_of(form)["return_reasons"][5] == {"key": "too_small_2", "name": "Too small"}


@pytest.mark.parametrize(
    "act",
    [
        ("explode", "journey-0"),
        ("add", "journey-0"),
        ("add", "nowhere"),
        ("remove", "journey"),
        ("remove", "journey-99"),
        ("up", "journey--1"),
        ("up", ""),
        ("group", "journey-0"),
    ],
)
def test_a_button_that_was_made_up_is_refused(act):
    with pytest.raises(KeyError):
        form_of("journey").do(*act)


def test_a_fault_of_the_terms_is_shown_at_the_field_it_names():
    form = form_of("journey", journey__2__name="Sales ready")
    form.is_valid()

    form.place(form.candidate_faults())

    assert form.page.errors == {
        "journey-2-name": "Name, in the customer’s words: Sales ready names a department; "
        "a stage is named in the customer’s words."
    }


def test_a_fault_in_another_part_is_said_with_the_part_that_holds_it():
    form = form_of("journey")
    form.do("remove", "journey-3")
    form.is_valid()

    form.place(form.candidate_faults())

    assert {part.key for part, _said in form.others()} >= {"handoffs", "volumes"}


def test_none_of_several_conditions_is_written_as_not_any():
    form = form_of("journey", **{"journey-2-criteria-what": "not"})

    tree = terms_of(form)["journey"][2]["criteria"]

    assert len(tree["not"]["any"]) == 4


def test_holidays_become_plain_closed_dates():
    document = changed(classic(), ["calendars", "berlin", "closed"], [])
    asked = {"country": "DE", "region": "DE/BE", "years": "2027"}
    form = form_of(
        "calendars",
        document,
        **{f"calendars-0-fill_-{name}": said for name, said in asked.items()},
    )

    form.do("holidays", "calendars-0")

    berlin = terms_of(form)["calendars"]["berlin"]
    closed = berlin["closed"]
    assert {"2027-01-01", "2027-03-08", "2027-12-25"} <= set(closed)
    assert closed == sorted(closed)
    assert set(berlin["closed_names"]) == set(closed)
    assert berlin["closed_names"]["2027-05-01"].startswith(("Labor", "Erster Mai"))


def test_a_closed_date_is_called_what_stands_behind_it():
    lines = "24.12.2026\n2026-12-25  Christmas Day \n"
    form = form_of("calendars", **{"calendars-0-closed": lines})

    berlin = terms_of(form)["calendars"]["berlin"]

    assert berlin["closed"] == ["2026-12-24", "2026-12-25"]
    assert berlin["closed_names"] == {"2026-12-25": "Christmas Day"}
    again = form_of("calendars", terms_of(form))
    shown = again.said["calendars"][0]["closed"].splitlines()
    assert shown == ["2026-12-24", "2026-12-25 Christmas Day"]
    assert terms_of(again)["calendars"] == terms_of(form)["calendars"]


def test_a_line_that_is_no_date_is_said_at_its_field():
    form = form_of("calendars", **{"calendars-0-closed": "Christmas Day"})

    assert not form.is_valid()
    assert "must be a date" in form.page.errors["calendars-0-closed"]


def test_a_name_that_is_too_long_is_said_at_the_dates():
    form = form_of("calendars", **{"calendars-0-closed": f"2026-12-25 {'x' * 121}"})

    faults = core.faults(terms_of(form))

    assert [fault.path for fault in faults] == ["calendars.berlin.closed_names.2026-12-25"]
    form.place(faults)
    assert list(form.page.errors) == ["calendars-0-closed"]


def test_holidays_of_nowhere_say_what_is_missing():
    form = form_of("calendars", **{"calendars-0-fill_-years": "soon"})

    form.do("holidays", "calendars-0")

    assert "Choose a country" in form.page.errors["calendars-0-fill_-years"]


def test_mondays_hours_are_copied_to_the_working_week():
    form = form_of("calendars", **{"calendars-0-weekly-mon": "8-12, 13-16"})

    form.do("week", "calendars-0")

    weekly = terms_of(form)["calendars"]["berlin"]["weekly"]
    assert weekly["fri"] == weekly["mon"] == [["08:00", "12:00"], ["13:00", "16:00"]]
    assert weekly["sat"] == []


def test_regions_are_those_of_the_country():
    assert ("BE", "Berlin") in holidays.regions("DE")
    assert holidays.regions("nowhere") == []
    assert holidays.days("US", "", [2027])[date(2027, 7, 5)].startswith("Independence Day")


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("15 min", "PT15M"),
        ("1h 30min", "PT1H30M"),
        ("2 days and 4 hours", "P2DT4H"),
        ("1 week", "P1W"),
        ("2 Tage", "P2D"),
        ("pt45m", "PT45M"),
    ],
)
def test_a_length_of_time_is_read_in_the_words_people_use(entered, kept):
    assert Length(name="within", label="Within").read(entered) == kept


@pytest.mark.parametrize(
    "entered",
    ["soon", "1.5 h", "15", "0 min", "1 week 2 days", "1 h 2 h", "-3 h", "99999 d"],
)
def test_what_is_no_length_of_time_is_refused(entered):
    with pytest.raises(Wrong):
        Length(name="within", label="Within").read(entered)


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("9-17", [["09:00", "17:00"]]),
        ("09:00–12:00, 12:45–17:30", [["09:00", "12:00"], ["12:45", "17:30"]]),
        ("9.30 to 12 and 13 bis 24:00", [["09:30", "12:00"], ["13:00", "24:00"]]),
        ("closed", []),
    ],
)
def test_hours_are_read_as_people_write_them(entered, kept):
    assert Hours(name="mon", label="Monday").read(entered) == kept


@pytest.mark.parametrize("entered", ["1.5", "x", "50+", "0", "101", "1,2", "٣"])
def test_what_is_no_whole_number_in_range_is_refused(entered):
    with pytest.raises(Wrong):
        Whole(name="percent", label="Percent", high=100).read(entered)
