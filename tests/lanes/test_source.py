"""What reads our own source is left out of the fast lane, and run by the checks."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARK = "pytest.mark." + "source"


def test_each_file_that_reads_the_source_is_among_the_checks():
    check = (ROOT / "tools/check").read_text()
    (line,) = [one for one in check.replace("\\\n", "").splitlines() if " -m source " in one]
    named = line.partition(" -m source ")[2].split()
    marked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if MARK in path.read_text()
    }

    assert marked
    assert [one for one in marked if not one.startswith(tuple(named))] == []
