"""People pasted from a sheet: each row is read, or each of its faults is named by field."""

import pytest

from leads.core.setup import sheet

PLACES = {"inside sales": "inside-sales", "operations": "operations"}


def read(text):
    return sheet.read(text, PLACES)


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_a_sheet_pastes_tabs_and_a_file_has_semicolons_or_commas(mark):
    (row,) = read(mark.join(["Ada Lovelace", "Ada@Mill.example", "Inside Sales", "yes"]))

    assert (row.name, row.email, row.place) == (
        "Ada Lovelace", "ada@mill.example", "inside-sales",
    )  # fmt: skip
    assert row.manager
    assert row.faults == {}


def test_a_row_of_headings_says_where_each_column_stands():
    (row,) = read("Team,E-Mail,Shoe size,Name\nInside sales,ada@mill.example,38,Ada\n")

    assert (row.line, row.name, row.email, row.place) == (
        2, "Ada", "ada@mill.example", "inside-sales",
    )  # fmt: skip


def test_empty_rows_are_passed_over_and_lines_are_those_of_the_sheet():
    rows = read(
        "\r\nAda\tada@mill.example\tInside sales\r\n\t\t\r\nBo\tbo@mill.example\toperations"
    )

    assert [(row.line, row.name, row.place) for row in rows] == [
        (2, "Ada", "inside-sales"), (4, "Bo", "operations"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("\tada@mill.example\tInside sales", {"name": "missing"}),
        ("Ada\t\tInside sales", {"email": "missing"}),
        ("Ada\tada at mill\tInside sales", {"email": "no_mail"}),
        ("Ada\tada@mill.example\t", {"team": "missing"}),
        ("Ada\tada@mill.example\tLegal", {"team": "unknown"}),
        ("Ada\tada@mill.example\tInside sales\tperhaps", {"manager": "unclear"}),
        ("Ada\tada@mill\tLegal\tperhaps",
         {"email": "no_mail", "team": "unknown", "manager": "unclear"}),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_named_by_its_field(row, faults):
    assert dict(read(row)[0].faults) == faults


def test_the_same_address_twice_and_two_managers_of_a_team_are_faults_of_the_second_row():
    rows = read(
        "Ada,ada@mill.example,Inside sales,yes\n"
        "Ada L,ADA@mill.example,Inside sales\n"
        "Bo,bo@mill.example,Inside sales,yes\n"
    )

    assert [dict(row.faults) for row in rows] == [
        {}, {"email": "twice"}, {"manager": "second"},
    ]  # fmt: skip


def test_more_rows_than_are_read_at_once_are_said_beforehand():
    line = "Ada,ada@mill.example,Inside sales\n"

    assert not sheet.is_too_long("Name,Mail\n" + line * sheet.MOST)
    assert sheet.is_too_long(line * (sheet.MOST + 1))
