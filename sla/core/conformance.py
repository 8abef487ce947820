"""Run the working-time core against a file of cases taken from other libraries.

    python -m sla.core.conformance FILE.json [--verbose]

prints each case that fails or is skipped, then `N passed, M failed, K skipped`, and
exits 1 if any failed. A case with a `dialect` asks for a rule that is not ours (there:
that the closing instant is open), so it is skipped, and named.
"""

import argparse
import json
import sys
from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sla.core import workingtime
from sla.core.openings.table import FIRST_YEAR, LAST_YEAR
from sla.core.workingtime import WorkingCalendar

Case = Mapping[str, Any]
Answer = datetime | timedelta | bool
Outcome = Literal["passed", "failed", "skipped"]


class Result(NamedTuple):
    """How one case went, and why if it did not pass."""

    case: Case
    outcome: Outcome
    why: str = ""

    def __str__(self) -> str:
        line = f"{self.outcome} {self.case['id']} {self.case['op']} ({self.case['source']})"
        return f"{line}: {self.why}" if self.why else line


def run(cases: Iterable[Case]) -> Iterator[Result]:
    """Yield the result of each case, in order."""
    for case in cases:
        if "dialect" in case:
            yield Result(case, "skipped", case["dialect"])
        else:
            yield _tried(case)


def _tried(case: Case) -> Result:
    answer, expected = _answer(case), _expected(case)
    if answer == expected:
        return Result(case, "passed")
    return Result(case, "failed", f"expected {expected}, got {answer}")


def _answer(case: Case) -> Answer | str:
    """What the core says, or why it refuses."""
    try:
        return OPERATIONS[case["op"]](calendar_of(case["calendar"]), case["args"])
    except ValueError as error:
        return f"a refusal: {error}"


def _expected(case: Case) -> Answer:
    value = case["expected"]
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return value if isinstance(value, bool) else timedelta(seconds=value)


def calendar_of(data: Mapping[str, Any]) -> WorkingCalendar:
    """Return the calendar of a case; holidays of every year become dates of each."""
    return WorkingCalendar.from_json(
        {
            "name": "conformance",
            "zone": data["tz"],
            "weekly": data["weekly"],
            "closed": [day for written in data["holidays"] for day in _dates(written)],
            "special": data["shifts"],
            "breaks": data["breaks"],
            "day": "PT8H",
        }
    )


def _dates(written: str) -> Iterator[str]:
    """The date `2026-12-25`, or `*-12-25` in each year that has it."""
    if not written.startswith("*-"):
        yield written
        return
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if written != "*-02-29" or isleap(year):
            yield f"{year}{written[1:]}"


def _between(calendar: WorkingCalendar, args: Mapping[str, Any]) -> timedelta:
    found = workingtime.between(calendar, _instant(args["start"]), _instant(args["end"]))
    as_asked: dict[str, timedelta] = {"absolute": abs(found), "zero": max(found, timedelta(0))}
    return as_asked.get(args.get("reversed", "signed"), found)


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


OPERATIONS: dict[str, Callable[[WorkingCalendar, Mapping[str, Any]], Answer]] = {
    "add": lambda calendar, args: workingtime.add(
        calendar, _instant(args["start"]), timedelta(seconds=args["seconds"])
    ),
    "subtract": lambda calendar, args: workingtime.subtract(
        calendar, _instant(args["start"]), timedelta(seconds=args["seconds"])
    ),
    "between": _between,
    "is_open": lambda calendar, args: workingtime.is_open(calendar, _instant(args["at"])),
    "next_open": lambda calendar, args: workingtime.next_open(calendar, _instant(args["at"])),
    "prev_open": lambda calendar, args: workingtime.previous_open(
        calendar, _instant(args["at"])
    ),
    "is_business_day": lambda calendar, args: bool(
        calendar.hours_on(date.fromisoformat(args["date"]))
    ),
    "is_holiday": lambda calendar, args: date.fromisoformat(args["date"]) in calendar.closed,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the file that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sla.core.conformance")
    parser.add_argument("file", type=Path, help="cases in JSON")
    parser.add_argument("--verbose", action="store_true", help="also name what passed")
    options = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    for result in run(json.loads(options.file.read_text())["cases"]):
        counts[result.outcome] += 1
        if options.verbose or result.outcome != "passed":
            sys.stdout.write(f"{result}\n")
    totals = (f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped"))
    sys.stdout.write(", ".join(totals) + "\n")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
