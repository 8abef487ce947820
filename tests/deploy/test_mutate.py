"""The runner of mutants finds what a test does not notice, and what it does."""

import ast
import os
import subprocess
import sys

import pytest

from tools import mutate

TEXT = '''"""A file."""


def late(due: int, at: int) -> bool:
    """Whether it is."""
    return not at <= due
'''
NOTICES = """from shop import late


def test_edges():
    assert (late(5, 5), late(5, 6)) == (False, True)
"""
SLEEPS = """from shop import late


def test_far():
    assert late(5, 90)
"""
ASK = """
import sys
from pathlib import Path
from tools import mutate
file = Path("shop.py").resolve()
sys.path.insert(0, str(file.parent))
tests = ("-c", "pytest.ini", "test_shop.py")
assert mutate.survives(file, None, tests, 60), "the tests fail by themselves"
for _, words, tree in mutate.mutants(file.read_text()):
    if mutate.survives(file, tree, tests, 60):
        print(words)
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop.py").write_text(TEXT)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    return tmp_path


def survivors(shop, test):
    (shop / "test_shop.py").write_text(test)
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=shop, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(mutate.ROOT), "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines())


def test_words_and_types_are_no_mutants_and_the_rest_is():
    assert [words for _, words, _ in mutate.mutants(TEXT)] == [
        "return None", "at <= due", "at < due",
    ]  # fmt: skip


def test_each_mutant_differs_from_the_file_in_one_place():
    for _, _, tree in mutate.mutants(TEXT):
        assert ast.unparse(tree) != ast.unparse(ast.parse(TEXT))


@pytest.mark.thorough
def test_a_test_at_the_edge_kills_what_one_far_from_it_lets_live(shop):
    assert survivors(shop, NOTICES) == set()
    assert survivors(shop, SLEEPS) == {"at < due"}


def test_every_part_names_files_that_are_there():
    for part in mutate.PARTS.values():
        assert [
            one for one in part.files + part.tests if not (mutate.ROOT / one).is_file()
        ] == []


def test_a_share_of_the_mutants_is_the_same_one_each_time_and_in_their_order():
    every = list(range(100))
    some = mutate.sampled(every, 32)

    assert (len(some), some) == (32, sorted(some))
    assert some == mutate.sampled(every, 32) != every[:32]
    assert mutate.sampled(every, 0) == mutate.sampled(every, 100) == every
