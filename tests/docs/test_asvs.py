"""The table of security requirements: each one once, counted truly, each test there."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security" / "asvs.md").read_text()
ROW = re.compile(r"(?m)^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$")
ROWS = ROW.findall(PAGE)
# How many the standard has of each level.
OF_THE_STANDARD = {"1": 70, "2": 183}
STATES = {"met", "operator", "not applicable", "**not met**", "**not met** (in part)"}
NAMED = re.compile(r"`(tests/[^`]+)`")


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
    lost = {
        one
        for one in named
        if not (ROOT / one.partition("::")[0]).exists()
        or ("::" in one and one.partition("::")[2] not in names_in(one.partition("::")[0]))
    }

    assert bare == []
    assert lost == set()
    assert sum("::" in one for one in named) > 100


def test_time_frames_for_mending_packages_are_written():
    said = (ROOT / "docs" / "security" / "promises.md").read_text()

    assert "critical 3 days, high 14, medium 60" in said
    assert "pip-audit" in said
