"""The cases of other working-time libraries, and the command that runs such a file."""

import json
import os
import runpy
from pathlib import Path

import pytest

from sla.core import conformance
from sla.core.conformance import calendar_of, main, run

COPY = Path(__file__).with_name("business_time_cases.json")
FOLDER = os.environ.get("CONCORD_CONFORMANCE")
FILES = [COPY, *(sorted(Path(FOLDER).glob("*.json")) if FOLDER else [])]

CALENDAR = {
    "tz": "UTC",
    "weekly": {"mon": [["09:00", "17:00"]]},
    "holidays": ["*-02-29", "2026-03-02"],
    "breaks": {"2026-03-09": [["10:00", "11:30"]]},
    "shifts": {},
}
PASSES = {
    "id": "a",
    "source": "here",
    "calendar": CALENDAR,
    "op": "add",
    "args": {"start": "2026-02-23T09:00:00+00:00", "seconds": 36_000},
    "expected": "2026-03-09T12:30:00+00:00",
}
FAILS = PASSES | {"id": "b", "expected": "2026-03-09T11:00:00+00:00"}
REFUSED = PASSES | {"id": "c", "args": PASSES["args"] | {"seconds": -1}}
DIALECT = PASSES | {"id": "d", "dialect": "the closing instant is open"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_case_of_other_libraries_passes_but_a_dialect(path, capsys):
    status = main([str(path)])

    *named, totals = capsys.readouterr().out.splitlines()
    assert status == 0
    assert totals.split(", ")[1] == "0 failed"
    assert all(line.startswith("skipped") for line in named)


def test_of_the_227_cases_one_is_a_dialect(capsys):
    main([str(COPY)])

    assert capsys.readouterr().out.splitlines() == [
        "skipped 4476cde3f0 is_open "
        "(lennym/moment-business-time:test/spec.business-hours.js:63): "
        "the closing instant counts as open",
        "226 passed, 0 failed, 1 skipped",
    ]


def test_a_file_with_a_wrong_answer_exits_1_and_says_which(tmp_path, capsys):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [PASSES, FAILS, REFUSED, DIALECT]}))

    status = main([str(path), "--verbose"])

    assert status == 1
    assert capsys.readouterr().out.splitlines() == [
        "passed a add (here)",
        "failed b add (here): expected 2026-03-09 11:00:00+00:00, "
        "got 2026-03-09 12:30:00+00:00",
        "failed c add (here): expected 2026-03-09 12:30:00+00:00, "
        "got a refusal: an amount of working time must not be negative",
        "skipped d add (here): the closing instant is open",
        "1 passed, 2 failed, 1 skipped",
    ]


@pytest.mark.parametrize(
    ("how", "seconds"), [("signed", -28_800), ("absolute", 28_800), ("zero", 0)]
)
def test_an_end_before_its_start_is_counted_as_the_case_asks(how, seconds):
    args = {"start": "2026-02-24T00:00:00Z", "end": "2026-02-23T00:00:00Z", "reversed": how}
    case = PASSES | {"op": "between", "args": args, "expected": seconds}

    assert [result.outcome for result in run([case])] == ["passed"]


def test_a_yearly_holiday_becomes_a_date_of_each_year_that_has_it():
    closed = [day.isoformat() for day in calendar_of(CALENDAR).closed]

    assert {"2024-02-29", "2028-02-29", "2026-03-02"} <= set(closed)
    assert "1900-02-29" not in closed
    assert len(closed) == 74


def test_it_runs_as_a_command(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["conformance", str(COPY)])

    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(conformance.__file__, run_name="__main__")

    assert capsys.readouterr().out.endswith("226 passed, 0 failed, 1 skipped\n")
