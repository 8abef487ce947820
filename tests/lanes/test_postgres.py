"""What is left to one database is listed with a reason, is there, and can be left to it."""

import re
from pathlib import Path

import pytest

from tests.lanes import postgres

BY_HAND = re.compile(
    r"cursor\(|\.raw\(|RawSQL|select_for_update|IntegrityError|transaction=True|"
    r"threading|ThreadPool|import \w*races|\.races import"
)
FILES = sorted(postgres.kept().items())


def test_each_group_says_why():
    assert [group for group, said in postgres.LISTED.items() if len(said["why"]) < 40] == []


def test_each_file_is_listed_once():
    files = [file for group in postgres.LISTED.values() for file in group["files"]]

    assert len(files) == len(set(files))


@pytest.mark.parametrize(("file", "names"), FILES, ids=[file for file, _ in FILES])
def test_what_is_listed_is_there_and_asks_a_database_nothing_by_hand(file, names):
    text = (postgres.TESTS / file).read_text()

    assert names <= set(re.findall(r"def (test_\w+)", text))
    assert BY_HAND.findall(text) == [], "this runs on both databases, whole"


def test_a_file_that_nobody_listed_runs_on_both():
    assert postgres.runs(postgres.TESTS / "sla" / "test_of_tomorrow.py", "test_it")
    assert postgres.runs(Path("/elsewhere/test_it.py"), "test_it")


def test_of_a_listed_file_the_named_tests_run_on_both():
    file = postgres.TESTS / "sla" / "test_pages_signing.py"

    assert postgres.runs(file, "test_a_code_signs_once")
    assert not postgres.runs(file, "test_the_page_shows_the_fingerprint_that_is_signed")
