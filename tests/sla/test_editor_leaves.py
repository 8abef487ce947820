"""Each leaf of the terms is read from the form exactly as the form shows it."""

import pytest

from sla.core import terms
from sla.forms.parts import PARTS
from tests.core.agreements import changed, classic, everything
from tests.sla.leaves import PARTED, all_together, one_of_each, read, sent

ONE_VALUE = {"schema"}
"""Leaves that may say one thing only."""


@pytest.fixture(scope="module")
def together():
    return all_together()


@pytest.mark.parametrize("part", PARTS)
def test_each_leaf_is_read_as_it_is_shown(together, part):
    _, document = together

    assert read(part, document, sent(part, document)) == document


def test_what_does_not_go_together_is_read_as_it_is_shown_too(together):
    alone = one_of_each().keys() - together[0]

    wrong = [
        pattern
        for pattern in alone
        for one in [one_of_each()[pattern]]
        for part in [PARTED[one.leaf.path[0]]]
        if read(part, one.document, sent(part, one.document)) != one.document
    ]

    assert wrong == []
    assert len(together[0]) > 100


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("document", [classic(), everything()], ids=["classic", "everything"])
def test_an_untouched_form_gives_back_the_very_same_terms(part, document):
    assert read(part, document, sent(part, document)) == document


def test_a_value_of_criteria_keeps_its_commas_quotes_and_blanks():
    value = ['a, "b"', " c", "d\ne", '"', "f"]
    leaf = {"key": "odd", "field": "lead.source", "op": "in", "value": value}
    document = changed(classic(), ["journey", 0, "criteria"], leaf)
    one = changed(classic(), ["journey", 0, "criteria"], leaf | {"op": "is", "value": ' "x" '})

    assert read("journey", document, sent("journey", document)) == document
    assert read("journey", one, sent("journey", one)) == one


def test_every_name_of_the_terms_belongs_to_one_part():
    assert set(PARTED) | ONE_VALUE == set(terms.schema()["properties"])
    assert sum(len(part.names) for part in PARTS.values()) == len(PARTED)
