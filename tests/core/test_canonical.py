"""What both departments sign is RFC 8785, whichever way it is written."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sla.core import terms
from sla.core.canonical import GREATEST, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers(-GREATEST, GREATEST) | TEXTS
DOCUMENTS = st.recursive(
    LEAVES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(DOCUMENTS)
def test_every_document_is_written_as_the_rfc_says(document):
    assert canonical(document) == rfc8785.dumps(document)


def test_a_fraction_is_written_as_the_rfc_says():
    assert canonical({"share": [0.5, 1e21, 100]}) == b'{"share":[0.5,1e+21,100]}'


def test_names_sort_as_the_rfc_says_also_beyond_ascii():
    document = {"\U0001f600": 1, "\ufb33": 2, "a": 3, "A": {"\x7f": '\u2028\x1f\\"/'}}

    assert canonical(document) == rfc8785.dumps(document)


def test_the_classic_terms_are_written_as_the_rfc_says():
    document = terms.template("classic")

    assert canonical(document) == rfc8785.dumps(document)


@pytest.mark.parametrize(
    "wrong", [GREATEST + 1, -GREATEST - 1, "\ud800", {"\ud800": 1}, {1: 2}]
)
def test_what_has_no_such_form_is_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011  # the library's own
        canonical({"a": [wrong]})
