"""Tables that leave: what is a text stays one, whoever opens the file."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.spreadsheet import guarded, table
from portal.spreadsheet.formulas import DANGEROUS
from tests.many import examples

FORMULAS = [
    "=1+1", "+49 30 1234", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "＝1", "＋1",
    "－1", "＠A1", " =1", "\u200b=cmd|' /C calc'!A0", "\ufeff@x",
]  # fmt: skip
HEADER = ["Lead", "Score"]
MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def body(kind, rows, header=HEADER):
    return b"".join(table(kind, "leads", header, rows).streaming_content)


def separated(rows):
    return list(csv.reader(StringIO(body("csv", rows).decode("utf-8-sig"), newline="")))


def sheet(rows):
    return list(load_workbook(BytesIO(body("xlsx", rows))).active.iter_rows(values_only=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_leaves_as_a_text(text):
    assert separated([[text, 1]])[1] == [f"'{text}", "1"]
    book = load_workbook(BytesIO(body("xlsx", [[text, 1]])))
    assert book.active["A2"].data_type in {"s", "inlineStr"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=examples(2_000))
def test_no_cell_begins_as_a_formula_and_every_text_comes_back(text):
    safe = guarded(text)

    assert not safe.startswith(DANGEROUS)
    assert safe.removeprefix("'") == text.removeprefix("'") or safe == text


def test_numbers_are_numbers_and_texts_stand_in_quotes():
    assert body("csv", [["Ana", 7]]).decode("utf-8-sig").split("\r\n")[1] == '"Ana",7'
    assert sheet([["Ana", 7]])[1] == ("Ana", 7)


def test_instants_are_local_and_days_are_days():
    with timezone.override("Europe/Berlin"):
        assert separated([[MOMENT, date(2026, 3, 2)]])[1] == [
            "2026-03-02 09:30:00+01:00", "2026-03-02",
        ]  # fmt: skip
        shown = sheet([[MOMENT, date(2026, 3, 2)]])[1]
        assert [one.isoformat() for one in shown] == [
            "2026-03-02T09:30:00", "2026-03-02T00:00:00",
        ]  # fmt: skip


def test_blanks_yes_and_no_great_numbers_and_soup_survive():
    rows = [[None, True], [2**60, "a\x00\ud800<&>\"'\n"]]

    assert separated(rows)[1:] == [["", "true"], [str(2**60), "a\x00?<&>\"'\n"]]
    assert sheet(rows)[1:] == [(None, True), (str(2**60), "a<&>\"'\n")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_are_read_while_the_file_is_sent(kind):
    read = []

    def rows():
        for number in range(200_000):
            read.append(number)
            yield [f"Lead {number * 7919}", number]

    stream = iter(table(kind, "leads", HEADER, rows()).streaming_content)
    next(stream)

    assert len(read) < 100_000


def test_it_is_a_file_to_keep():
    response = table("xlsx", "leads", HEADER, [])

    assert response["Content-Disposition"] == 'attachment; filename="leads.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_in_the_zone_and_the_language_of_who_asked(kind):
    """It is sent when the middleware that chose both has gone."""

    def rows():
        yield [MOMENT, gettext("yes")]

    with timezone.override("Europe/Berlin"), translation.override("de"):
        answer = table(kind, "leads", HEADER, rows())
    sent = b"".join(answer.streaming_content)

    if kind == "csv":
        assert '"2026-03-02 09:30:00+01:00","ja"' in sent.decode("utf-8-sig")
    else:
        instant, said = load_workbook(BytesIO(sent)).active[2]
        assert (instant.value.isoformat(), said.value) == ("2026-03-02T09:30:00", "ja")
        assert instant.number_format == 'yyyy\\-mm\\-dd\\ hh:mm:ss\\ "+01:00"'


def test_each_instant_of_a_sheet_shows_how_far_it_is_from_utc():
    summer = MOMENT.replace(month=7)
    with timezone.override("Europe/Berlin"):
        book = load_workbook(
            BytesIO(body("xlsx", [[MOMENT, summer, MOMENT, date(2026, 3, 2)]]))
        )

    zones = [cell.number_format.split('"')[1:2] for cell in book.active[2]]
    assert zones == [["+01:00"], ["+02:00"], ["+01:00"], []]
    assert all(cell.is_date for cell in book.active[2])
