"""The signed document is the program: no leaf of the terms may be there for nothing."""

from copy import deepcopy
from functools import cache

from sla.core import terms
from sla.core.clauses import render
from sla.core.diff import compare_terms
from sla.core.terms.checks import faults_of
from sla.core.terms.reading import read_terms
from sla.core.terms.schema import shape_faults
from tests.core.agreements import classic, everything
from tests.core.terms_walk import alternatives, leaves, patterns

# Names that machines use: they show in the path of a clause, which is its address, its
# margin note and its place in every comparison, and not in its sentences.
ADDRESSES = {
    f"{part}[].key"
    for part in (
        "clauses",
        "journey",
        "handoffs",
        "obligations",
        "commitments",
        "benchmarks",
        "return_reasons",
    )
} | {"calendars{}"}

ONE_VALUE = {"schema"}
"""Leaves that may say one thing only; anything else is refused."""


def shown(agreement):
    """What people see of an agreement: every number, path, title and line."""
    return [
        (section.title, clause.number, clause.path, clause.title, clause.lines)
        for section in render(agreement)
        for clause in section.clauses
    ]


def sentences(agreement):
    return [(title, lines) for _, _, _, title, lines in shown(agreement)]


def accepted(document, leaf):
    """The terms with another value for one leaf of theirs, the first that is not refused.

    None if every other value is refused.
    """
    for other in alternatives(leaf, document):
        if leaf.kind == "key" or not misshapen(other, leaf):
            agreement = read_terms(other)
            if not list(faults_of(agreement, other)):
                return agreement
    return None


def misshapen(document, leaf):
    """Whether the changed part breaks the schema; the parts beside it do not."""
    top, schema = document[leaf.path[0]], terms.schema()["properties"][leaf.path[0]]
    inside = schema.get("items") or schema.get("additionalProperties")
    if inside is None:
        name = schema.get("$ref", "").removeprefix("#/$defs/")
        return bool(shape_faults(top, name) if name else shape_faults(document))
    inner, steps = top[leaf.path[1]], inside.get("items")
    if steps is None:
        return bool(shape_faults(inner, inside["$ref"].removeprefix("#/$defs/")))
    return any(shape_faults(step, steps["$ref"].removeprefix("#/$defs/")) for step in inner)


@cache
def one_of_each():
    """For each pattern that can be changed, its first leaf and terms with that changed."""
    document, found = everything(), {}
    for leaf in leaves(document):
        if leaf.pattern not in found and (agreement := accepted(document, leaf)):
            found[leaf.pattern] = agreement
    return found


def test_each_leaf_of_the_classic_terms_changes_a_line_that_people_read_or_is_refused():
    document = classic()
    before = shown(terms.parse(document))

    silent = [
        (leaf.path, leaf.value)
        for leaf in leaves(document)
        if (new := accepted(document, leaf)) and shown(new) == before
    ]

    assert silent == []


def test_each_part_of_the_schema_can_be_changed_and_its_sentence_changes_with_it():
    before = sentences(terms.parse(everything()))

    said = {
        pattern
        for pattern, new in one_of_each().items()
        if pattern in ADDRESSES or sentences(new) != before
    }

    assert patterns(terms.schema()) - said == ONE_VALUE


def test_each_part_that_changes_is_in_the_redline_both_ways():
    old = terms.parse(everything())

    unseen = [
        pattern
        for pattern, new in one_of_each().items()
        if not (compare_terms(old, new) and compare_terms(new, old))
    ]

    assert unseen == []


def test_a_part_that_nobody_reads_is_found():
    schema = deepcopy(terms.schema())
    schema["$defs"]["stage"]["properties"]["colour"] = {"type": "string"}

    said = {leaf.pattern for leaf in leaves(everything())}

    assert patterns(schema, definitions=schema["$defs"]) - said == {"journey[].colour"}


def test_a_leaf_that_may_say_one_thing_only_is_refused_when_it_says_another():
    faults = terms.faults(classic() | {"schema": "concord/terms/2"})

    assert faults == [("schema", 'must be concord/terms/1, not "concord/terms/2"')]
