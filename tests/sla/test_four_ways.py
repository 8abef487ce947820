"""Every part of the terms is shown, edited, compared and printed: the schema is walked."""

from copy import deepcopy
from functools import cache

from sla.certificate.document import text
from sla.core import terms
from sla.core.diff import compare_terms
from sla.core.terms.reading import read_terms
from tests.core.agreements import everything
from tests.core.terms_walk import patterns
from tests.core.test_terms_leaves import ONE_VALUE
from tests.core.test_terms_leaves import shown as read_by_people
from tests.sla.leaves import edited, one_of_each


def shown(document):
    return read_by_people(read_terms(document))


def printed(document):
    """What the typesetter gets of these terms."""
    return text(read_terms(document), document)


def compared(old, new):
    """The sentences of the redline, whichever of the two is the newer."""
    there, back = (compare_terms(*map(read_terms, pair)) for pair in ((old, new), (new, old)))
    return bool(there and back)


@cache
def ways_of():
    """For each kind of leaf, the ways in which a change of it is seen."""
    old, found = everything(), {}
    was_shown, was_printed = shown(old), printed(old)
    for pattern, one in one_of_each().items():
        seen = {
            "shown": shown(one.document) != was_shown,
            "edited": edited(one),
            "compared": compared(old, one.document),
            "printed": printed(one.document) != was_printed,
        }
        found[pattern] = {way for way, differs in seen.items() if differs}
    return found


def lacking(schema):
    """What each kind of leaf of a schema lacks of the four, where it lacks any."""
    needed = patterns(schema, definitions=schema["$defs"]) - ONE_VALUE
    every = {"shown", "edited", "compared", "printed"}
    missing = {one: every - ways_of().get(one, set()) for one in needed}
    return {one: ways for one, ways in missing.items() if ways}


def test_every_part_of_the_terms_is_shown_edited_compared_and_printed():
    assert lacking(terms.schema()) == {}


def test_a_new_part_without_any_of_the_four_is_found():
    schema = deepcopy(terms.schema())
    schema["$defs"]["stage"]["properties"]["colour"] = {"type": "string"}

    assert lacking(schema) == {"journey[].colour": {"shown", "edited", "compared", "printed"}}
