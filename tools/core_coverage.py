"""The gate of the core: the example tests of tests/core reach every line of every core package.

Properties and the oracle stay outside: what is reached by chance alone has no case that a
person can read. Whatever is not reached is listed, and the command fails.
"""

import sys
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
APART = ("tests/core/test_workingtime_oracle.py", "tests/core/test_workingtime_laws.py")
LANE = "not hypothesis and not slow and not thorough"


def packages() -> list[str]:
    """Every package called core of the product, as folders."""
    found = [path.parent for top in ("portal", "sla", "leads")
             for path in (ROOT / top).rglob("core/__init__.py")]  # fmt: skip
    return sorted(map(str, found))


def main() -> int:
    """0 if the tests pass and every line is reached."""
    measured = coverage.Coverage(data_file=None, config_file=False, source=packages())
    with measured.collect():
        failed = pytest.main(
            ["-q", "-n0", "-p", "no:cacheprovider", "-m", LANE]
            + [f"--ignore={name}" for name in APART]
            + [str(ROOT / "tests/core"), *sys.argv[1:]]
        )
    reached = measured.report(show_missing=True, skip_covered=True, precision=2)
    if reached < 100:
        print("a line of the core that no example reaches: add the case, or delete the line")
    return int(bool(failed) or reached < 100)


if __name__ == "__main__":
    sys.exit(main())
