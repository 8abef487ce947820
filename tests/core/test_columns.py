"""What each column of a file holds, what is spoiled in it, and what it most likely means."""

import pytest

from leads.core.files import damage, suggestions
from leads.core.files.columns import MOST_VALUES, looked_at
from leads.core.files.records import Record, Refusal


def column(values, name="A", first=2):
    """What is told of one column with these values, on lines from 2 on."""
    rows = [Record(line, (value,)) for line, value in enumerate(values, first)]
    (told,) = looked_at([name], rows)["columns"]
    return told


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "text"),
        (["2026-03-02", "2026-03-04", "soon"], "date"),
        (["2026-03-02", "soon", "later"], "text"),
        (["yes", "No", "TRUE", "Select"], "boolean"),
        (["7", "12.0", "n/a"], "integer"),
        (["7", "12.5"], "text"),
        (["123456789012"], "text"),
        (["Select", "?"], "text"),
    ],
)
def test_a_column_is_of_the_kind_that_most_of_its_values_are(values, kind):
    assert column(values)["type"] == kind


def test_a_column_tells_how_full_it_is_and_its_commonest_values():
    told = column(["web", "fair", " web ", "", "call", "mail", "Select"])

    assert (told["filled"], told["distinct"], told["pure"]) == (6, 5, True)
    assert told["samples"] == ["web", "fair", "call"]
    assert told["blanks"] == ["Select"]
    assert told["dates"] is None


@pytest.mark.parametrize(
    ("values", "dates"),
    [
        (
            ["02/03/2026", "13/03/2026"],
            {"order": "dmy", "shown": 1, "line": 3, "value": "13/03/2026"},
        ),
        (["02/02/2026"], {"order": "dmy", "shown": 0, "line": 0, "value": ""}),
        (
            ["02/03/2026"],
            {
                "order": "",
                "why": "no day is above 12, so day and month could be either way round in 1 "
                "values; say in the mapping which comes first",
            },
        ),
    ],
)
def test_the_order_of_dates_is_told_with_its_proof_or_why_it_is_not_known(values, dates):
    assert column(values)["dates"] == dates


def test_a_column_of_many_values_is_judged_to_its_end():
    values = [f"2026-01-{n % 28 + 1:02} 10:{n % 60:02}:{n // 60:02}" for n in range(1_500)]

    told = column([*values, "#REF!", "Select", "2026-01-01 10:00:00"])

    assert len(values) > MOST_VALUES
    assert (told["type"], told["distinct"], told["pure"]) == ("date", None, False)
    assert told["damage"] == [
        {"kind": "blank", "count": 1, "line": 1503, "value": "Select"},
        {"kind": "error", "count": 1, "line": 1502, "value": "#REF!"},
    ]


def test_what_is_spoiled_is_counted_with_its_first_line():
    told = column(["4.91E+11", "ok", "4.91E+11", "May-20"])

    assert told["damage"] == [
        {"kind": "range", "count": 1, "line": 5, "value": "May-20"},
        {"kind": "rounded", "count": 2, "line": 2, "value": "4.91E+11"},
    ]


def test_a_lost_zero_is_told_once_for_all_its_cells():
    told = column(["10115"] * 9 + ["1097", "1097"], name="Postal code")

    assert told["damage"] == [{"kind": "zeros", "count": 2, "line": 11, "value": "1097"}]


def test_records_that_were_refused_are_counted_and_say_nothing_of_the_columns():
    found = looked_at(["A"], [Record(2, ("x",)), Refusal(3, "", "too many fields")])

    assert (found["records"], found["refused"]) == (2, 1)
    assert found["columns"][0]["filled"] == 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Select", "blank"), ("?", "blank"), ("unknown", "blank"), ("N/A", "blank"),
        ("20-May", "range"), ("may-20", "range"), ("1,2e+9", "rounded"), ("#N/A", "error"),
        ("#DIV/0!", "error"), ("Unknown Industries", ""), ("5-20", ""),
        ("please select one of these", ""),
    ],
)  # fmt: skip
def test_a_spoiled_value_is_known_by_its_form(value, kind):
    assert damage.damaged(value) == kind


@pytest.mark.parametrize(
    ("name", "values", "lost"),
    [
        pytest.param("PLZ", {"10115": 9, "1097": 1}, ["1097"], id="one is short by a zero"),
        pytest.param("Age", {"10115": 9, "1097": 1}, [], id="no column of codes"),
        pytest.param("PLZ", {"10115": 3, "1097": 1}, [], id="too few to say"),
        pytest.param("PLZ", {"10115": 9, "1097": 9}, [], id="lengths are mixed"),
        pytest.param("PLZ", {"10115": 9, "1097": 1, "01097": 1}, [], id="zeros are kept"),
        pytest.param("Code", {"115": 9, "97": 1}, [], id="short codes"),
        pytest.param("PLZ", {"10115": 9, "٣٤٥٦": 1, "AB": 1}, [], id="not digits of ASCII"),
    ],
)
def test_lost_zeros_are_told_only_where_nearly_all_are_of_one_length(name, values, lost):
    assert damage.lost_zeros(name, values) == lost


# --- what the columns mean


def meant(*columns, preset="", stages=None):
    asked = [{"name": name, "type": kind, "filled": n} for name, kind, n in columns]
    return [one.to for one in suggestions.suggest(asked, preset, stages or {})]


@pytest.mark.parametrize("key", list(suggestions.presets()))
def test_an_export_is_known_by_its_header(key):
    preset = suggestions.presets()[key]

    assert suggestions.preset_of([*preset["columns"], *preset["stages"]]) == key


def test_two_columns_alike_are_no_export():
    assert suggestions.preset_of(["Email", "Phone Number", "Ding"]) == ""


def test_a_column_means_what_its_name_says_and_no_two_mean_the_same():
    assert meant(("E-Mail", "text", 1), ("Mail", "text", 1), ("Ding", "text", 1)) == [
        "email", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "filled", "to"), [("date", 9, "won"), ("text", 9, ""), ("text", 0, "won")]
)
def test_a_moment_is_read_from_dates_or_from_a_column_without_any_value(kind, filled, to):
    assert meant(("Won date", kind, filled)) == [to]


def test_an_export_says_what_its_columns_mean_and_which_stage_a_date_entered():
    columns = [
        ("HubSpot Score", "integer", 1),
        ("Became a Marketing Qualified Lead Date", "date", 1),
        ("Became a Customer Date", "date", 1),
        ("Company", "text", 1),
    ]

    found = meant(*columns, preset="hubspot", stages={"mql": "comparing"})

    assert found == ["score", "entered.comparing", "", "company_name"]
