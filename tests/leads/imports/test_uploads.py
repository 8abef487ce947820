"""A file is looked at before anything else: what it is, what it holds; bombs are refused."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from django.conf import settings

from leads.actions.imports.files import uploads, workbooks
from leads.actions.imports.files.memory import without_quotes
from leads.core.files import damage, suggestions
from leads.errors import FileRefused
from leads.models import Lead, Upload
from tests.factories import MONDAY_NINE, make_operations
from tests.leads.imports.bringing import (
    MAPPING,
    bring,
    make_company,
    rehearse,
    table,
    take,
    workbook,
)

pytestmark = pytest.mark.django_db
HEADER = b"Id,Name\n"


@pytest.fixture
def operator():
    return make_operations()


def column(upload, name):
    return next(one for one in upload.found["columns"] if one["name"] == name)


@pytest.mark.parametrize(
    ("body", "encoding", "delimiter"),
    [
        ("Id;Name\n1;Jörg\n".encode(), "utf-8", ";"),
        ("Id,Name\n1,Jörg\n".encode("cp1252"), "cp1252", ","),
        ("Id\tName\n1\tJörg\n".encode("utf-16"), "utf-16", "\t"),
        ("\ufeffId|Name\r\n1|Jörg\r\n".encode(), "utf-8-sig", "|"),
    ],
)
def test_encoding_and_delimiter_are_found_out(operator, body, encoding, delimiter):
    upload = bring(body, operator)

    assert (upload.found["encoding"], upload.found["delimiter"]) == (encoding, delimiter)
    assert [one["name"] for one in upload.found["columns"]] == ["Id", "Name"]
    assert column(upload, "Name")["samples"] == ["Jörg"]


def test_the_order_of_dates_is_told_per_column_with_its_proof(operator):
    rows = [[f"{day:02}/03/2026", f"03/{day:02}/2026", "01/02/2026"] for day in range(1, 29)]

    upload = bring(table(*rows, header=["A", "B", "C"]), operator)

    assert column(upload, "A")["dates"] == {
        "order": "dmy", "shown": 16, "line": 14, "value": "13/03/2026",
    }  # fmt: skip
    assert column(upload, "B")["dates"]["order"] == "mdy"
    assert column(upload, "C")["dates"]["order"] == ""
    assert "could be either way" in column(upload, "C")["dates"]["why"]


def test_damage_is_told_with_its_first_line(operator):
    codes = [["10115", "5-20", "4.91E+11", "Google"]] * 9
    spoiled = [["1097", "May-20", "#REF!", "Select"], ["10117", "20-50", "", "?"]]

    upload = bring(
        table(*codes, *spoiled, header=["Postal code", "Stock", "Long", "Source"]), operator
    )

    told = {
        (one["name"], harm["kind"]): (harm["count"], harm["line"], harm["value"])
        for one in upload.found["columns"]
        for harm in one["damage"]
    }
    assert told == {
        ("Postal code", "zeros"): (1, 11, "1097"),
        ("Stock", "range"): (1, 11, "May-20"),
        ("Long", "rounded"): (9, 2, "4.91E+11"),
        ("Long", "error"): (1, 11, "#REF!"),
        ("Source", "blank"): (2, 11, "Select"),
    }


def test_a_column_of_many_values_is_judged_to_its_end(operator):
    rows = [[f"2026-01-{n % 28 + 1:02} 10:{n % 60:02}:{n // 60 % 60:02}"] for n in range(3000)]

    upload = bring(table(*rows, ["Select"], header=["When"]), operator)

    told = column(upload, "When")
    assert (told["type"], told["distinct"], told["dates"]["order"]) == ("date", None, "ymd")
    assert told["damage"][0]["line"] == 3002


@pytest.mark.parametrize("system", ["hubspot", "salesforce", "pipedrive"])
def test_exports_of_common_systems_are_known_by_their_headers(system):
    preset = suggestions.presets()[system]
    header = [*preset["columns"], *preset["stages"]]

    assert suggestions.preset_of(header) == system
    columns = [{"name": name, "type": "date", "filled": 1} for name in header]
    stages = {"mql": "comparing", "sql": "deciding", "opportunity": "deciding"}
    found = suggestions.suggest(columns, system, stages)
    assert [one.because for one in found if one.to].count(preset["name"]) >= 5
    named = [one.to for one in found if one.to]
    assert len(named) == len(set(named))
    assert suggestions.preset_of(["Ding", "Dong"]) == ""


# --- workbooks


def test_the_first_sheet_of_a_workbook_is_read_as_it_was_typed():
    operator = make_company()
    body = workbook(
        ["Id", "Name", "Email", "Score", "Seen"],
        [1.0, "Ana\nLima", "ana@acme.example", 7, date(2026, 2, 1)],
        [],
        ["007", "=1+1", None, None, datetime(2026, 2, 2, 10, 30)],  # noqa: DTZ001
    )

    upload = bring(body, operator, name="leads.xlsx")
    rehearse(upload, operator, mapping=MAPPING | {"columns": {
        name: to for name, to in MAPPING["columns"].items()
        if name in ("Id", "Name", "Email", "Score", "Seen")
    }})  # fmt: skip
    run = take(upload, operator)

    assert (upload.found["sheet"], upload.found["others"]) == ("Sheet", 0)
    assert upload.found["records"] == 2
    ana, other = Lead.objects.order_by("pk")
    assert (ana.name, ana.score, ana.sources.get().external_id) == ("Ana Lima", 7, "1")
    assert other.sources.get().external_id == "007"
    assert [row[0] for row in run.slices.get().outcomes] == [2, 4]  # rows of the sheet


def packed(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


BOMBS = {  # how each is made, and what is said of it
    "a ZIP of something": (lambda: packed(readme="hello"), "ZIP file"),
    "a workbook that unpacks to a thousand times its size": (
        lambda: packed(**{"xl/workbook.xml": "<x/>", "xl/big.xml": b"0" * (60 << 20)}),
        "hundred times",
    ),
    "a workbook that unpacks beyond the limit": (
        lambda: packed(**{"xl/workbook.xml": "<x/>", "xl/big.xml": b"0" * (101 << 20)}),
        "too large",
    ),
    "a workbook with entities": (
        lambda: packed(**{"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}),
        "entities",
    ),
    "a broken workbook": (lambda: packed(**{"xl/workbook.xml": "<x"}), "no workbook"),
    "half a workbook": (lambda: workbook(["Id"], ["1"])[:-200], "no workbook"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, "old workbook"),
    "a gzip": (lambda: b"\x1f\x8b" + b"0" * 100, "gzip"),
    "NUL bytes": (lambda: HEADER + b"1,A\x00na\n", "NUL"),
    "a million columns": (lambda: b"," * 400_000, "columns"),
    "nothing": (lambda: b"", "empty"),
    "a header alone": (lambda: HEADER, "no record"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_cannot_be_a_file_of_leads_is_refused_and_not_kept(operator, bomb):
    make, said = BOMBS[bomb]
    body = make()

    with pytest.raises(FileRefused, match=said):
        bring(body, operator)

    assert not Upload.objects.exists()
    assert not list(settings.FILES_DIR.glob("*"))


def test_a_file_over_twenty_megabytes_is_refused_while_it_comes(operator):
    read = []

    def endless():
        while True:
            read.append(1)
            yield b"x" * (1 << 20)

    with pytest.raises(FileRefused, match="20 MB"):
        uploads.keep(name="big.csv", blocks=endless(), by=operator, at=MONDAY_NINE)

    assert len(read) == 21


def test_a_sheet_that_claims_a_cell_at_its_far_end_costs_nothing(operator, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_CELLS", 50_000)
    far = workbook(["Id"], *[[None] * 5000 + ["x"] for _ in range(3)])

    with pytest.raises(FileRefused, match="columns"):
        bring(far, operator)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\leads.csv", "a/b.svg", "leads.csv\x00.html", ""]
)
def test_the_name_of_a_file_is_only_shown(operator, name):
    upload = bring(table({"Id": "1"}), operator, name=name)

    assert "/" not in upload.name
    assert "\x00" not in upload.name
    assert upload.name
    assert upload.path.parent == settings.FILES_DIR
    assert upload.path.stem == upload.key
    assert upload.path.stat().st_mode & 0o777 == 0o600


def test_words_that_mean_nothing_are_known():
    assert {damage.damaged(word) for word in ("Select", "?", "unknown", "N/A")} == {"blank"}
    assert damage.damaged("Unknown Industries") == ""


@pytest.mark.parametrize("word", ["Ana", "O'Brien", 'O\'Brien "x" Lima', "back\\slash", "\\"])
def test_nothing_of_a_quoted_cell_is_left_in_a_reason(word):
    kept = without_quotes([[2, "rejected", None, "Stage", f"{word!r} is no stage"]])

    assert kept == [[2, "rejected", None, "Stage", "… is no stage"]]
