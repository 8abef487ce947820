"""Read by whole columns or record by record: what comes in is the same, and so is what is
refused, whatever stands in the cells."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.actions.imports.sifting import Sifter
from leads.actions.imports.source import Source
from leads.core.files import mapping
from leads.core.files.records import Record, Refusal
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import make_company
from tests.many import examples

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


@pytest.fixture(autouse=True)
def _company():
    make_company()


COLUMNS = {
    "Id": "external_id", "First": "first_name", "Last": "last_name", "Name": "name",
    "Mail": "email", "Phone": "phone", "Firm": "company_name", "Host": "company_domain",
    "Staff": "company_employees", "Score": "score", "Source": "source", "Owner": "owner",
    "Stage": {"to": "stage", "values": {"S": "MQL", "none": ""}},
    "Yes": "consent", "Said": "consent_at", "Plan": "attributes.plan",
    "Visits": {"to": "attributes.visits", "type": "integer"},
    "Day": {"to": "attributes.day", "type": "date"},
    "Came": "arrived", "Offered": "offered", "Won": "won",
}  # fmt: skip
CLEAN = {
    "Id": "a-1", "First": "Ana", "Last": "Lima", "Name": "", "Mail": "ana@acme.example",
    "Phone": "+49 30 901820", "Firm": "Acme", "Host": "acme.example", "Staff": "12",
    "Score": "7", "Source": "fair", "Owner": "boss@example.com", "Stage": "", "Yes": "yes",
    "Said": "2026-02-01", "Plan": "pro", "Visits": "3", "Day": "2026-01-31",
    "Came": "2026-02-01T10:00:00Z", "Offered": "2026-02-02", "Won": "",
}  # fmt: skip
NASTY = [
    "", " ", "x", "Select", " Select ", "'+49 30 1", "'s Hertogenbosch", "Jürgen",
    "Ju\u0308rgen",
    "a\u200bb", "two  blanks", "line\nbreak", "\u00a0x", "x" * 260, "y" * 600, "\ud800", "\x00",
    "A@B.example", "a@b.example, c@d.example", "a.b+c@googlemail.com", "a@www.acme.example",
    "ana@bücher.example", "not mail", "https://www.Acme.example/x", "gmail.com", "MQL", "S",
    "none", "Other", "00Q5g00000ABcDe", "-5", "100.0", "9" * 12, "9" * 16, "٣", "maybe", "NO",
    "2026-02-30", "2031-01-01", "2026-02-01", "2025-12-31T23:59:59+02:00", "13-02-2026",
]  # fmt: skip


def source(**more):
    read = mapping.read({"source": "crm", "missing": ["Select"], "columns": COLUMNS} | more)
    places = {name: place for place, name in enumerate(COLUMNS)}
    orders = dict.fromkeys(COLUMNS, "dmy")
    return Source(Path("leads.csv"), "", "utf-8", ",", read, places, orders, ())


def records(*changes):
    return [Record(n, list((CLEAN | change).values())) for n, change in enumerate(changes, 2)]


def both(some, **more):
    sifter = Sifter(source(**more), MONDAY_NINE)
    return sifter.sift(some), sifter.sift_each(some)


@settings(
    max_examples=examples(400, few=40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(
        st.dictionaries(st.sampled_from([*COLUMNS]), st.sampled_from(NASTY), max_size=6),
        min_size=1,
        max_size=12,
    ),
    constants=st.sampled_from([{}, {"country": " DE ", "segment": "partner"}]),
)
def test_columns_say_what_records_say(changes, constants):
    columns, each = both(records(*changes), constants=constants)

    assert columns == each


@pytest.mark.parametrize("column", [*COLUMNS])
def test_one_odd_cell_is_read_as_by_itself_and_hides_no_neighbour(column):
    sifter = Sifter(source(), MONDAY_NINE)
    for cell in NASTY:
        some = records({}, {"Id": "b-2"} | {column: cell}, {"Id": "c-3"})

        found = sifter.sift(some)

        assert found == sifter.sift_each(some)
        assert {one.line for one in found.arriving} >= {2, 4}


def test_what_was_refused_before_stands_in_its_place():
    broken = Refusal(3, "", "a quotation mark is never closed")
    first, third = records({}, {"Score": "many"})

    found = Sifter(source(), MONDAY_NINE).sift([first, broken, third._replace(line=4)])

    assert [one.line for one in found.refused] == [3, 4]
    assert [one.line for one in found.arriving] == [2]


def test_what_lies_in_the_future_is_refused():
    late = f"{MONDAY_NINE + timedelta(days=3):%Y-%m-%d}"

    columns, each = both(records({"Came": late, "Offered": ""}, {}))

    assert columns == each
    assert [(one.line, one.column) for one in columns.refused] == [(2, "Came")]
