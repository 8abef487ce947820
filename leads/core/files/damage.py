"""Cells that a spreadsheet or a form has spoiled: shown before a file is taken, never
mended by a guess."""

import re
from collections import Counter
from collections.abc import Mapping

BLANK_WORDS = frozenset(
    {
        "select", "select one", "please select", "?", "??", "unknown", "n/a", "na", "-", "--",
        "null", "none", "nan", "(none)", "(blank)", "not specified", "not set", "undefined",
    }
)  # fmt: skip
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_KINDS = (
    ("range", re.compile(rf"(?:[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{1,2}})", re.IGNORECASE)),
    ("rounded", re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)),
    ("error", re.compile(r"#(?:REF|VALUE|NAME|DIV/0|N/A|NUM|NULL)[!?]?", re.IGNORECASE)),
)
_CODES = re.compile(r"zip|postal|post ?code|plz|\bcode\b|phone|mobile|tel\b", re.IGNORECASE)
_MOSTLY = 0.8
_MANY = 5  # values from which on lengths say something


def damaged(value: str) -> str:
    """What seems to have happened to a value: `blank`, `range`, `rounded`, `error`, or "".

    >>> [damaged(one) for one in ("Select", "May-20", "4.91E+11", "#N/A", "5-20")]
    ['blank', 'range', 'rounded', 'error', '']
    """
    if len(value) > 20:
        return ""
    if value.casefold() in BLANK_WORDS:
        return "blank"
    return next((kind for kind, form in _KINDS if form.fullmatch(value)), "")


def lost_zeros(name: str, values: Mapping[str, int]) -> list[str]:
    """Of the values of a column of codes (value -> how often) those too short by a zero.

    Only where nearly all are digits of one length, and none begins with a zero.
    """
    digits = {value: n for value, n in values.items() if value.isascii() and value.isdigit()}
    lengths = Counter[int]()
    for value, n in digits.items():
        lengths[len(value)] += n
    if _CODES.search(name) is None or lengths.total() < _MANY:
        return []
    usual, often = lengths.most_common(1)[0]
    if usual < 4 or often < _MOSTLY * lengths.total() or any(v[0] == "0" for v in digits):
        return []
    return [value for value in digits if usual - 2 <= len(value) < usual]
