"""What a run has counted is kept, line by line, until the same test has run again."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.results import Results, kept, rows_of

DAY = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Report:
    nodeid: str
    duration: float = 12.4
    user_properties: list[tuple[str, object]] = field(default_factory=list)
    when: str = "call"
    passed: bool = True


@pytest.fixture
def results(pytestconfig: pytest.Config, tmp_path: Path) -> Results:
    made = Results(pytestconfig, "unused.md")
    made.path = tmp_path / "results" / "full.md"
    return made


def test_a_line_says_what_was_counted_and_of_which_commit() -> None:
    report = Report(
        "tests/a.py::test_it[a|b]", user_properties=[("rounds", 10_000), ("of", "16")]
    )

    (row,) = rows_of([report], "abc", DAY).values()

    assert row.startswith("| `tests/a.py::test_it[a/b]` | rounds: 10,000; of: 16 | 12 | abc |")


def test_only_what_ran_again_is_written_anew(results: Results) -> None:
    for name in ("b", "a"):
        results.pytest_runtest_logreport(Report(name))
    results.pytest_sessionfinish()
    results.ran.clear()
    results.pytest_runtest_logreport(Report("b", duration=99))
    results.pytest_runtest_logreport(Report("c", passed=False))
    results.pytest_runtest_logreport(Report("d", when="setup"))
    results.pytest_sessionfinish()

    rows = kept(results.path)
    assert list(rows) == ["a", "b"]
    assert "| 12 |" in rows["a"]
    assert "| 99 |" in rows["b"]


def test_a_run_in_which_nothing_passed_writes_nothing(results: Results) -> None:
    results.pytest_runtest_logreport(Report("c", passed=False))
    results.pytest_sessionfinish()

    assert not results.path.exists()
    assert kept(results.path) == {}
