"""What a run has counted is kept, line by line, until the same test has run again."""

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.results import Results, commit, kept, rows_of

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


def test_results_of_before_are_no_change_of_what_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*words: str) -> None:
        named = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *named, *words], check=True, capture_output=True)

    code, figures = tmp_path / "code.py", tmp_path / "docs" / "results" / "full.md"
    figures.parent.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    git("init")
    for one in (code, figures):
        one.write_text("before")
    git("add", ".")
    git("commit", "-m", "All of it")

    figures.write_text("after")
    assert "with changes" not in commit()

    code.write_text("after")
    assert commit().endswith(", with changes")
