"""Whole columns of a file: read at once what is plain, and point at what is not."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core import text
from leads.core.files import blocks, mapping, plain, records
from leads.core.files.dates import Column, Moment
from leads.core.files.records import Record

FEB = Moment(datetime(2026, 2, 1, tzinfo=UTC), date_only=True)
MARCH = Moment(datetime(2026, 3, 1, tzinfo=UTC), date_only=True)


def target(to, **options):
    columns = {"A": {"to": to} | options, "Id": "external_id"}
    return mapping.read({"source": "crm", "missing": ["Select"], "columns": columns}).targets[0]


@pytest.mark.parametrize(
    ("cells", "clean"),
    [
        (["Ana Lima", "", "Jürgen"], True),
        ([], True),
        (["d'Artagnan"], True),
        (["'+49"], False),
        (["Ana", "'+49"], False),
        (["Ana", " Lima"], False),
        (["Ana ", "Lima"], False),
        ([" Ana"], False),
        (["Ana "], False),
        (["Ana  Lima"], False),
        (["Ana\nLima"], False),
        (["Ju\u0308rgen"], False),
        (["a\u200bb"], False),
        (["eleven long"], False),
    ],
)
def test_a_column_is_clean_if_nothing_in_it_would_be_changed(cells, clean):
    assert plain.is_clean(cells, 10) is clean


@given(st.lists(st.text(max_size=8), max_size=5))
def test_a_clean_column_is_what_cleaning_makes_of_it(cells):
    if plain.is_clean(cells, 6):
        assert cells == [text.line(cell, 6) for cell in cells]


def test_texts_are_kept_blank_or_odd():
    column = plain.Texts(target("name"), 20).read(["Ana", "Select", "", " Bo ", "'=1"])

    assert column.values[:3] == ["Ana", "", ""]
    assert column.odd == {3, 4}


def test_words_are_read_as_what_they_mean():
    read = plain.Texts(target("country", values={"D": "Germany", "X": " x"}), 20).read

    assert read(["D", "France"]).values == ["Germany", "France"]
    assert read(["D", "X"]).odd == {1}


def test_numbers_are_read_once_and_what_is_none_is_odd(monkeypatch):
    monkeypatch.setattr(plain, "MOST_KNOWN", 3)
    scores = plain.Known(target("score"), None)

    first = scores.read(["7", "", "Select", "many", " 8", "'9"])
    again = scores.read(["7", "8"])

    assert first.values[:3] == [7, None, None]
    assert first.odd == {3, 4, 5}
    assert (again.values, again.odd) == ([7, 8], set())


def test_dates_are_instants_or_days():
    came = plain.Known(target("arrived"), "ymd").read(["2026-02-01", "2026-02-30"])
    day = plain.Known(target("attributes.day", type="date"), "dmy").read(["01-02-2026"])

    assert came.values == [FEB, None]
    assert came.odd == {1}
    assert day.values == ["2026-02-01"]


def test_what_comes_before_what_it_follows_is_pointed_at():
    assert plain.disordered([FEB, MARCH, None, FEB], [MARCH, FEB, FEB, None]) == {1}


# --- the records themselves


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ("a,b\nc,d\n", ["a,b", "c,d"]),
        ("a,b\r\n\r\nc", ["a,b", "", "c"]),
        ("a\r\nb\nc\r\n", ["a", "b", "c"]),
        ("a\rb\n", None),
        ('a,"b"\n', None),
    ],
)
def test_a_block_is_lines_unless_a_mark_says_otherwise(block, lines):
    assert blocks.lines_of(block) == lines


def test_lines_are_taken_apart_with_their_numbers():
    assert blocks.parted(["1,2", "", "3"], 7, ",", 10) == ([7, 9], [["1", "2"], ["3"]])
    assert blocks.parted(["1,2", "x" * 11], 7, ",", 10) is None


def test_quotes_that_pair_up_are_read_at_once():
    found = blocks.quoted(['"a\n', 'b",c\n', "\n", "d,e\n"], 5, ",")
    assert found == ([5, 8], [["a\nb", "c"], ["d", "e"]])
    assert blocks.quoted(['a,"b\n'], 5, ",") is None


CELL = st.text(st.sampled_from('ab,"\n\r x'), max_size=5)


@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=3), max_size=8), size=st.integers(1, 40)
)
def test_the_size_of_a_block_changes_no_record(rows, size):
    written = "a,b\n" + "\n".join(map(",".join, rows))
    whole = list(records.records(io.StringIO(written, newline=""), ","))

    lines = records._Lines(io.StringIO(written, newline=""))
    lines.give_back(lines.stream.read())
    one_by_one = list(records._parsed(lines, ",", keep=False))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(records, "_SOME", size)
        small = list(records.records(io.StringIO(written, newline=""), ","))
    assert small == whole
    read = [one for one in one_by_one if isinstance(one, Record) and len(one.fields) == 2]
    assert read == [one for one in whole if isinstance(one, Record)]


def test_a_column_that_begins_with_the_year_is_seen_at_a_glance():
    column = Column("Came")

    column.see_all([2, 3, 4], ["", "Select", "2026-02-01"], {"Select"})
    column.see_all([5, 6], ["2026-02-02", ""], {"Select"})
    column.see_all([7, 8], ["2026-02-02", "13-02-2026"], {"Select"})

    assert column.proof == {"ymd": (4, "2026-02-01"), "dmy": (8, "13-02-2026")}
