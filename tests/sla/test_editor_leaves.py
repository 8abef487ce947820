"""Every leaf of the terms has a field that people see; a new one without is found here."""

from functools import cache

import pytest
from django.template.loader import render_to_string

from sla.core import terms
from sla.core.terms.checks import faults_of
from sla.core.terms.reading import read_terms
from sla.forms.around import Around
from sla.forms.editor import PartForm
from sla.forms.parts import PARTS
from sla.forms.tree.posted import posted_from
from tests.core.agreements import changed, classic, everything
from tests.core.terms_walk import alternatives, leaves, patterns
from tests.core.test_terms_leaves import misshapen
from tests.sla.browsing import as_sent

ONE_VALUE = {"schema"}
"""Leaves that may say one thing only."""

PARTED = {name: key for key, part in PARTS.items() for name in part.names}


def sent(part, document, *, around=None):
    """What the form of a part sends of a document, untouched."""
    form = PartForm(PARTS[part], Around(around or document))
    drawn = "".join(render_to_string(node.template, {"node": node}) for node in form.nodes())
    top = f'<form id="draft"><input name="as_" value="{form.said["as_"]}">'
    return as_sent(top + drawn)


def read(part, document, entered):
    """The terms that come of it when somebody enters that in the form of a document."""
    form = PartForm(PARTS[part], Around(document), posted_from(entered))
    assert form.is_valid(), form.page.errors
    return form.result()


def seen(entered):
    """What people see of it: not the names under which a row was before."""
    return {name: said for name, said in entered.items() if not name.endswith(("_", "-was"))}


def other(document, leaf):
    """The document with another value for a leaf that the terms accept; None for none."""
    for found in alternatives(leaf, document):
        fits = leaf.kind == "key" or not misshapen(found, leaf)
        if fits and not list(faults_of(read_terms(found), found)):
            return found
    return None


@cache
def one_of_each():
    """For each kind of leaf that can be changed, its part and a document with that changed."""
    document, found = everything(), {}
    for leaf in leaves(document):
        if leaf.pattern not in found and (changed_one := other(document, leaf)):
            found[leaf.pattern] = (PARTED.get(leaf.path[0]), changed_one)
    return found


def test_each_leaf_of_the_terms_has_a_field_that_shows_it():
    before = {part: seen(sent(part, everything())) for part in PARTS}

    shown = {
        pattern
        for pattern, (part, document) in one_of_each().items()
        if part and seen(sent(part, document)) != before[part]
    }

    assert patterns(terms.schema()) - shown == ONE_VALUE


def test_each_leaf_is_read_as_it_is_shown():
    wrong = [
        pattern
        for pattern, (part, document) in one_of_each().items()
        if read(part, document, sent(part, document)) != document
    ]

    assert wrong == []


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
