"""Other systems' own names for a record, and what they say of a person by a word."""

import re
from collections.abc import Sequence
from functools import lru_cache

from leads.core import text

_SALESFORCE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Z0-5a-z]{3})?")
# Key prefixes of Salesforce: lead, contact, account, opportunity, campaign member.
_SALESFORCE_KINDS = ("00Q", "003", "001", "006", "00v")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_STUDENT = re.compile(r"(?:phd |doctoral |graduate |undergraduate )?student")


def external_id(source: str, written: str) -> str:
    """A system's own id for a record, so that one record has one.

    Salesforce writes 15 characters (where case matters) or 18 (the same with a check of the
    case): both become 18. An id of another system stays as it is, trimmed.

    >>> external_id("salesforce", "00Q5g00000ABcDe")
    '00Q5g00000ABcDeEAL'
    """
    written = text.line(written, 120)
    if _is_salesforce(source, written):
        return _eighteen(written)
    return written


def external_ids(source: str, written: Sequence[str]) -> Sequence[str]:
    """`external_id` of each of many, which are clean lines of at most 120 characters."""
    rows = "\n" + "\n".join(written)
    named = source.casefold().startswith("salesforce")
    if named or any(f"\n{kind}" in rows for kind in _SALESFORCE_KINDS):
        return [external_id(source, one) for one in written]
    return written


@lru_cache(maxsize=4_096)  # many records of a file say the same
def is_student(segment: str, job_title: str) -> bool:
    """Whether the person says to study; nobody sells to students here."""
    said = (segment.casefold(), job_title.casefold())
    return any(_STUDENT.fullmatch(word) for word in said)


def _is_salesforce(source: str, written: str) -> bool:
    named = source.casefold().startswith("salesforce") or written.startswith(_SALESFORCE_KINDS)
    return named and _SALESFORCE.fullmatch(written) is not None


def _eighteen(written: str) -> str:
    """The 18 characters; the last three say, bit by bit, which letters are capitals."""
    body = written[:15]
    if len(written) == 18:
        body = _with_case(body, written[15:].upper())
    return body + "".join(_check(body[start : start + 5]) for start in (0, 5, 10))


def _check(five: str) -> str:
    return _CHECK[sum(1 << place for place, sign in enumerate(five) if sign.isupper())]


def _with_case(body: str, check: str) -> str:
    """Put back the capitals that a system without case has lost."""
    capital = [bool(_CHECK.index(sign) >> place & 1) for sign in check for place in range(5)]
    return "".join(
        sign.upper() if is_capital else sign.lower()
        for sign, is_capital in zip(body, capital, strict=True)
    )
