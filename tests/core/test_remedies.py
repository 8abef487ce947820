"""Every kind of warning says what would solve it, and where."""

import re
from pathlib import Path

import pytest

from sla.core import terms
from sla.core import warnings as core
from sla.core.warnings import fairness, remedies
from tests.core.agreements import classic, company

FOLDER = Path(core.__file__).parent


def test_every_kind_of_warning_has_a_remedy():
    text = "".join(path.read_text() for path in FOLDER.glob("*.py"))
    kinds = set(re.findall(r'code=f"(\w+):', text)) | set(fairness._CHARGED)

    assert kinds == set(remedies._BY_KIND)


def test_a_volume_is_solved_where_volumes_are_written():
    caution = core.Caution("demand_to_sales:x", False, "", "", "commitments/x")

    assert core.remedy(caution).part == "volumes"


@pytest.mark.parametrize(
    ("kind", "path", "part"),
    [
        ("demand_to_sales", "obligations/x", "promises"),
        ("unknown_person", "commitments/x", "volumes"),
        ("unknown_person", "ladders/quiet", "ladders"),
        ("unmapped_word", "journey/x", "journey"),
        ("unmapped_word", "handoffs/x", "handoffs"),
        ("unmapped_word", "obligations/x", "promises"),
        ("unmapped_word", "commitments/x", "volumes"),
        ("unmapped_word", "return_reasons/x", "returns"),
        ("unmapped_word", "clauses/x", "words"),
    ],
)
def test_a_warning_is_solved_in_the_part_that_it_is_about(kind, path, part):
    caution = core.Caution(f"{kind}:x", False, "", "", path)

    assert core.remedy(caution).part == part


def test_the_names_and_keys_of_stages_are_no_old_words():
    found = core.warnings(terms.parse(classic()), company(legacy_words=("comparing", "SQO")))

    assert [one.code for one in found if one.kind == "unmapped_word"] == ["unmapped_word:SQO"]
