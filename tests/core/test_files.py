"""Files of leads: every record accounted for, dates by proof, cells typed or refused."""

import hashlib
import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core.files import cells, dates, records
from leads.core.files import mapping as mappings
from leads.core.files.dates import Column, Undecided
from leads.core.files.mapping import MappingError
from leads.core.files.records import Record, Refusal, UnreadableFile

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")


def parsed(text, delimiter=","):
    return list(records.records(io.StringIO(text, newline=""), delimiter))


def fields(text):
    return [one.fields for one in parsed(text) if isinstance(one, Record)]


def refused(text):
    return [(one.line, one.reason) for one in parsed(text) if isinstance(one, Refusal)]


# --- encodings and delimiters


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(b"name\nAna\n", "utf-8", id="ASCII is UTF-8"),
        pytest.param("name\nÁna\n".encode(), "utf-8", id="UTF-8"),
        pytest.param("name\nÁna\n".encode("utf-8-sig"), "utf-8-sig", id="with a mark"),
        pytest.param("name\nÁna\n".encode("utf-16"), "utf-16", id="UTF-16"),
        pytest.param("name\nÁna “x”\n".encode("cp1252"), "cp1252", id="Windows"),
        pytest.param("Á".encode() * 600_000, "utf-8", id="split at a block's end"),
    ],
)
def test_the_encoding_is_found_out(data, encoding):
    assert records.encoding_of(io.BytesIO(data)) == encoding


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04....", "a ZIP or spreadsheet file"),
        (b"\x1f\x8b....", "a gzip file"),
        (b"name\nA\x00na\n", "NUL bytes"),
        (b"name\n\x81\n", "neither UTF-8 nor Windows-1252"),
        ("Á".encode()[:1], None),
    ],
)
def test_what_is_no_text_is_refused(data, reason):
    if reason is None:  # half a character of UTF-8 is a whole one of Windows-1252
        assert records.encoding_of(io.BytesIO(data)) == "cp1252"
        return
    with pytest.raises(UnreadableFile, match=reason):
        records.encoding_of(io.BytesIO(data))


@pytest.mark.parametrize(
    ("text", "wanted", "delimiter"),
    [
        ("a,b\n1,2\n", (), ","),
        ("a;b\n1,5;2\n", (), ";"),
        ("a\tb\n1\t2\n", (), "\t"),
        ('a|b\n"1|2"|3\n', (), "|"),
        ("a,b;c,d\n1;2\n", ("a,b",), ";"),
        ('a,b\n"unclosed\n', (), ","),
        ("\n", ("a",), ","),
    ],
)
def test_the_delimiter_is_found_out(text, wanted, delimiter):
    assert records.delimiter_of(text.splitlines(keepends=True), wanted) == delimiter


# --- records


def test_a_record_knows_the_line_on_which_it_begins():
    found = parsed('a,b\n1,"two\nlines"\n\n3,4\n')

    assert found == [
        Record(1, ["a", "b"]),
        Record(2, ["1", "two\nlines"]),
        Record(5, ["3", "4"]),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(end):
    assert parsed(end.join(["a,b", "1,2", "3,4", ""]))[-1] == Record(3, ["3", "4"])


def test_a_quote_that_is_never_closed_costs_one_line_and_not_the_rest():
    text = "a,b\n1,2\n" + '3,"4\n' + "".join(f"{n},x\n" for n in range(1_000))

    assert refused(text) == [(3, "a quotation mark is never closed")]
    assert len(fields(text)) == 1_002


def test_quotes_that_do_not_pair_up_cost_their_own_lines():
    assert refused('a,b\n1,"x"y\n2,z\n') == [
        (2, "a quotation mark stands in the middle of a field")
    ]
    assert fields('a,b\n1,"x"y\n2,z\n')[-1] == ["2", "z"]


def test_another_number_of_fields_than_the_header_is_refused():
    assert refused("a,b\n1,2,3\n1\n4,5\n") == [
        (2, "has 3 fields, the header has 2"),
        (3, "has 1 fields, the header has 2"),
    ]


def test_an_endless_line_is_refused_and_costs_no_memory():
    text = "a,b\n" + "x" * 3_000_000 + "\n1,2\n"

    assert refused(text) == [(2, "longer than 512 KiB")]
    assert fields(text)[-1] == ["1", "2"]


def test_a_long_field_is_refused():
    long, longer = "x" * 40_000, "x" * 140_000

    assert refused(f"a,b\n{long},1\n{longer},1\n") == [
        (2, "a field is longer than 32 KiB"),
        (3, "a field is longer than 32 KiB"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no header"),
        ("\n\n", "no header"),
        ("a," * 200 + "\n", "201 columns"),
        ('"a,b\n1,2', "header cannot be read"),
    ],
)
def test_a_file_without_a_usable_header_is_refused(text, reason):
    with pytest.raises(UnreadableFile, match=reason):
        parsed(text)


@given(st.lists(st.text(st.sampled_from('ab," \n\r;')), min_size=1, max_size=12))
def test_every_line_is_in_exactly_one_record_or_refusal(lines):
    text = "h1,h2\n" + "\n".join(lines)

    found = parsed(text)

    numbers = [one.line for one in found]
    assert numbers == sorted(set(numbers))
    assert all(isinstance(one, Refusal) or len(one.fields) == 2 for one in found)


# --- dates


def column(*values):
    seen = Column("day")
    for line, value in enumerate(values, 2):
        seen.see(line, value)
    return seen


@pytest.mark.parametrize(
    ("values", "order", "words"),
    [
        (["2018-02-01", "no date"], "ymd", "day: year first, as line 2 (2018-02-01) shows"),
        (["01-02-2018", "20-10-2017"], "dmy", "day: day first, as line 3 (20-10-2017) shows"),
        (["1/2/2018", "1/13/2018 4:05 PM"], "mdy", None),
        (["05.05.2018"], "dmy", "day: day first"),
        ([], "ymd", "day: year first"),
    ],
)
def test_the_order_of_a_column_is_decided_by_proof(values, order, words):
    seen = column(*values)

    assert seen.decide() == order
    assert words in (None, seen.words(order))


def test_without_proof_nothing_is_decided():
    with pytest.raises(Undecided, match="no day is above 12"):
        column("01-02-2018", "03-04-2018").decide()


def test_two_proofs_against_each_other_decide_nothing():
    with pytest.raises(Undecided, match=r"line 2 \(13-01-2018\) is day first, line 3"):
        column("13-01-2018", "01-13-2018").decide()


@pytest.mark.parametrize(
    ("value", "order", "instant"),
    [
        pytest.param("2018-02-01", "ymd", "2018-02-01T02:00", id="a day is its midnight"),
        pytest.param("01-02-2018", "dmy", "2018-02-01T02:00", id="day first"),
        pytest.param("01-02-2018", "mdy", "2018-01-02T02:00", id="month first"),
        pytest.param("2018-02-26 19:58:54", "ymd", "2018-02-26T22:58:54", id="local"),
        pytest.param("2018-02-26T19:58:54Z", "ymd", "2018-02-26T19:58:54", id="of its own"),
        pytest.param("2018-02-26 19:58:54.25+02:00", "ymd", "2018-02-26T17:58:54.25", id="+2"),
        pytest.param("2018-02-26 19:58 -0330", "ymd", "2018-02-26T23:28", id="west"),
        pytest.param("2/26/2018 12:05 AM", "mdy", "2018-02-26T03:05", id="after midnight"),
        pytest.param("2/26/2018, 7:58 PM", "mdy", "2018-02-26T22:58", id="in the evening"),
    ],
)
def test_a_date_is_read_in_the_order_and_zone_of_its_column(value, order, instant):
    moment = dates.read(value, order, SAO_PAULO)

    assert moment.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert moment.date_only is (len(value) == 10)


def test_a_time_that_does_not_exist_or_exists_twice_is_read_as_rfc_5545_does():
    gap = dates.read("2026-03-29 02:30", "ymd", BERLIN)
    twice = dates.read("2026-10-25 02:30", "ymd", BERLIN)

    assert gap.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert twice.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["2018-02-30", "31-31-2018", "2018-1", "soon", "0001-01-01", "٢٠١٨-٠٢-٠١",
              "2018-02-01 25:00", "2018-02-01 13:00 PM", "2018-02/01"],
)  # fmt: skip
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        dates.read(value, "dmy", SAO_PAULO)


# --- mappings and cells

MAPPING = {
    "source": "crm",
    "zone": "America/Sao_Paulo",
    "missing": ["Select"],
    "columns": {
        "Id": "external_id",
        "Name": "name",
        "Score": "score",
        "Ok": "consent",
        "Seen": "arrived",
        "Won": {"to": "won", "zone": "UTC"},
        "City": {"to": "attributes.city", "values": {"SP": "São Paulo"}},
        "Since": {"to": "attributes.since", "type": "date"},
        "Visits": {"to": "attributes.visits", "type": "integer"},
    },
    "constants": {"segment": "import"},
}
HEADER = list(MAPPING["columns"])


def read(**values):
    mapping = mappings.read(MAPPING)
    row = [values.get(name, "") for name in HEADER]
    orders = dict.fromkeys(HEADER, "ymd")
    return cells.Reader(mapping, mapping.places(HEADER), orders).read(Record(7, row))


def test_cells_become_typed_values():
    got = read(
        Id=" 7 ", Name="Ana", Score="100.0", Ok="Yes", City="SP", Since="2020-05-01",
        Visits="-3", Seen="2026-01-01", Won="2026-01-02 03:04:05",
    )  # fmt: skip

    assert got.line == 7
    assert got.values == {
        "external_id": "7", "name": "Ana", "score": 100, "consent": True, "segment": "import",
        "attributes.city": "São Paulo", "attributes.since": "2020-05-01",
        "attributes.visits": -3,
    }  # fmt: skip
    assert got.moments["arrived"].at == datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert got.moments["won"].at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("'+49 30 1234", "+49 30 1234"), ("' =1+1", "=1+1"), ("'s Hertogenbosch",) * 2,
        ("O'Neil",) * 2,
    ],
)  # fmt: skip
def test_a_cell_that_left_guarded_against_formulas_comes_back_without_its_apostrophe(
    written, kept
):
    assert read(Id="7", Name=written).values["name"] == kept


def test_a_file_is_known_by_the_digest_of_its_bytes():
    assert records.digest_of(io.BytesIO(b"a,b\n")) == hashlib.sha256(b"a,b\n").hexdigest()


def test_blank_and_untouched_cells_are_missing():
    assert read(Id="7", Name="  ", City="Select").values.keys() == {"external_id", "segment"}


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ({"Score": "12.5"}, "Score", "'12.5' is not a whole number"),
        ({"Score": "١٢٣"}, "Score", "'١٢٣' is not a whole number"),
        ({"Score": "9" * 1_000}, "Score", f"'{'9' * 40}' is not a whole number"),
        ({"Ok": "maybe"}, "Ok", "'maybe' is neither yes nor no"),
        ({"Since": "May-20"}, "Since", "not a date, such as 2026-03-02 or 2026-03-02 09:30"),
        (
            {"Seen": "2026-01-02", "Won": "2026-01-01 23:00:00"},
            "Won",
            "2026-01-01 23:00 UTC is before first contact, 2026-01-02 03:00 UTC",
        ),
        (
            {"Seen": "2026-01-02 10:00", "Won": "2026-01-02 12:59:00"},
            "Won",
            "2026-01-02 12:59 UTC is before first contact, 2026-01-02 13:00 UTC",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_the_record_with_column_and_reason(
    cell, column, reason
):
    assert read(Id="7", **cell) == Refusal(7, column, reason)


def test_where_only_days_are_written_the_same_day_is_in_order():
    got = read(Id="7", Seen="2026-01-02", Won="2026-01-02 01:00:00")

    assert not isinstance(got, Refusal)


def test_columns_are_found_by_name_without_case_and_space():
    mapping = mappings.read({"source": "x", "columns": {"First  Name": "name"}})

    assert mapping.places(["\ufefffirst name", "other"]) == {"First  Name": 0}


@pytest.mark.parametrize("header", [["other"], ["name", "Name"]])
def test_a_column_that_is_missing_or_twice_refuses_the_file(header):
    with pytest.raises(MappingError, match="the column 'Name'"):
        mappings.read({"source": "x", "columns": {"Name": "name"}}).places(header)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([], "is an object"),
        ({"columns": {"a": "name"}}, "source: a text"),
        ({"source": "x", "columns": {}}, "columns: an object"),
        ({"source": "x", "colums": {}}, "unknown: colums"),
        ({"source": "x", "columns": {"a": "nam"}}, "there is no 'nam'"),
        ({"source": "x", "columns": {"a": 1}}, "a target, or an object"),
        ({"source": "x", "columns": {"a": {"to": "name", "x": 1}}}, "unknown option"),
        (
            {"source": "x", "columns": {"a": {"to": "name", "type": "text"}}},
            "only an attribute",
        ),
        (
            {"source": "x", "columns": {"a": {"to": "attributes.b", "type": "float"}}},
            "type: one",
        ),
        ({"source": "x", "columns": {"a": "name", "b": "name"}}, "told by two columns"),
        ({"source": "x", "columns": {"a": "score"}}, "must say who it is"),
        ({"source": "x", "columns": {"a": {"to": "won", "order": "ydm"}}}, "order: one of"),
        ({"source": "x", "zone": "Mars", "columns": {"a": "name"}}, "'Mars' is not in"),
        ({"source": "x", "encoding": "utf-7", "columns": {"a": "name"}}, "encoding: one of"),
        ({"source": "x", "delimiter": "x", "columns": {"a": "name"}}, "delimiter: a comma"),
        ({"source": "x", "create": 1, "columns": {"a": "name"}}, "create: true or false"),
        ({"source": "x", "columns": {"a": "name"}, "constants": {"score": "1"}}, "only texts"),
        ({"source": "x", "columns": {"a": "name"}, "constants": []}, "constants: an object"),
        ({"source": "x", "missing": [1], "columns": {"a": "name"}}, "missing: texts"),
        ({"source": "x", "columns": {"a": {"to": "name", "values": 1}}}, "values: an object"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_with_the_place(raw, reason):
    with pytest.raises(MappingError, match=reason):
        mappings.read(raw)


def test_one_column_may_have_two_meanings():
    raw = {"source": "x", "columns": {"Origin": ["segment", "attributes.origin"], "a": "name"}}

    mapping = mappings.read(raw)

    assert [target.to for target in mapping.targets] == ["segment", "attributes.origin", "name"]
    assert mapping.columns == ("Origin", "a")
