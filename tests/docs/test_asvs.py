"""The table of security requirements: each one once, counted truly, each test there."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "docs" / "security"
PAGE = (SECURITY / "asvs.md").read_text()
THREATS = (SECURITY / "threats.md").read_text()
ROW = re.compile(r"(?m)^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$")
ROWS = ROW.findall(PAGE)
# How many the standard has of each level.
OF_THE_STANDARD = {"1": 70, "2": 183}
STATES = {"met", "operator", "not applicable", "**not met**", "**not met** (in part)"}
NAMED = re.compile(r"`(tests/[^`]+)`")


def is_there(test):
    """Whether a file, and the function in it where one is named, is there."""
    path, _, name = test.partition("::")
    return (ROOT / path).exists() and (not name or name in names_in(path))


@cache
def names_in(path):
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_requirement_of_both_levels_stands_once():
    assert Counter(level for _, level, *_ in ROWS) == OF_THE_STANDARD
    assert len({key for key, *_ in ROWS}) == len(ROWS)
    assert len(re.findall(r"(?m)^\| V", PAGE)) == len(ROWS)


def test_its_sums_are_those_of_its_rows():
    counted = Counter((state, level) for _, level, _, state, *_ in ROWS)

    assert {state for state, _ in counted} == STATES
    for state in STATES:
        sums = f"| {state} | {counted[state, '1']} | {counted[state, '2']} |"
        assert sums in PAGE


def test_what_is_met_names_a_test_that_is_there():
    bare = [key for key, _, _, state, _, by in ROWS if state == "met" and not NAMED.search(by)]
    named = {one for *_, by in ROWS for one in NAMED.findall(by)}

    assert bare == []
    assert {one for one in named if not is_there(one)} == set()
    assert sum("::" in one for one in named) > 100


def test_each_threat_stands_once_and_names_tests_that_are_there():
    rows = re.findall(r"(?m)^\| (T\d+) \|(.+)\|$", THREATS)
    named = [NAMED.findall(rest) for _, rest in rows]

    assert [key for key, _ in rows] == [f"T{number}" for number in range(1, 35)]
    assert all(any("::" in one for one in tests) for tests in named)
    assert {one for tests in named for one in tests if not is_there(one)} == set()


@pytest.mark.parametrize(
    "name", ["asvs", "model", "promises", "keys", "data", "limits", "logs"]
)
def test_a_test_that_is_named_is_there(name):
    named = NAMED.findall((SECURITY / f"{name}.md").read_text())

    assert {one for one in named if not is_there(one)} == set()


def test_the_first_page_on_security_leads_to_pages_that_are_there():
    said = (ROOT / "SECURITY.md").read_text()
    named = re.findall(r"\]\((docs/[^)]+)\)", said)

    assert {path.name for path in SECURITY.glob("*.md")} == {Path(one).name for one in named}
    assert [one for one in named if not (ROOT / one).is_file()] == []
    assert "critical 3 days, high 14, medium 60" in said


def test_every_promise_says_by_what_it_is_tried():
    said = (SECURITY / "promises.md").read_text()
    table = said.partition("## What we promise")[2].partition("##")[0]
    rows = re.findall(r"(?m)^\| [^|-].*\|$", table)[1:]

    assert len(rows) >= 11
    assert [row for row in rows if not NAMED.search(row)] == []


def test_time_frames_for_mending_packages_are_written():
    said = (ROOT / "docs" / "security" / "promises.md").read_text()

    assert "critical 3 days, high 14, medium 60" in said
    assert "pip-audit" in said
