"""JSON that comes from outside means one thing, or is refused with a sentence."""

import pytest

from sla.core import terms
from sla.core.terms import TermsError


def test_a_strict_text_is_read_as_it_stands():
    assert terms.loads(b'{"a": [1, true, null, "\xc3\xa9"]}') == {"a": [1, True, None, "é"]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "it says 'a' twice in one object"),
        ('{"a": 1.5}', "it holds 1.5; numbers must be whole"),
        ('{"a": NaN}', "it holds NaN; numbers must be whole"),
        ('{"a": }', "it is not JSON: Expecting value, line 1, column 7"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_readers_would_read_differently_is_refused(text, reason):
    with pytest.raises(TermsError) as refused:
        terms.loads(text)

    assert refused.value.faults == [("terms", reason)]


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(TermsError, match="it holds a number that is too long"):
        terms.loads("1" * 10_000)
