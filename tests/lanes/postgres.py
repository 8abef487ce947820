"""Which tests the PostgreSQL lane leaves to the fast lane: what postgres.toml lists."""

import tomllib
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
LISTED = tomllib.loads(Path(__file__).with_name("postgres.toml").read_text())


@cache
def kept() -> dict[str, set[str]]:
    """For each listed file, below `tests/`, the names of the tests that run here too."""
    found: dict[str, set[str]] = {}
    for group in LISTED.values():
        found |= {file: set(names) for file, names in group["files"].items()}
    return found


def runs(file: Path, name: str) -> bool:
    """Whether the test function `name` of `file` runs on PostgreSQL as well."""
    if not file.is_relative_to(TESTS):
        return True
    names = kept().get(file.relative_to(TESTS).as_posix())
    return names is None or name in names
