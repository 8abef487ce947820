"""The three texts of the demo's agreement: superseded, in force, and waiting for Sales."""

from copy import deepcopy
from typing import Any

from sla.core import terms as core

Terms = dict[str, Any]


def first() -> Terms:
    """What both departments began with, two years ago: slower promises, no trials apart."""
    terms = deepcopy(core.template("classic"))
    terms["preamble"] = terms["preamble"].replace(
        "Marketing and Sales own", "Marketing and Sales of Halden Instruments own"
    )
    _within(terms, "accept", None, "PT2H")
    _within(terms, "first_attempt", "demo_request", "PT1H")
    _within(terms, "first_attempt", "trial", "PT4H")
    _within(terms, "answer", None, "P1D")
    _commitment(terms, "comparing_a_month", 120)
    terms["governance"]["review_on"] = "2027-03-01"
    return terms


def second() -> Terms:
    """In force: quicker promises, and benchmarks that both have confirmed."""
    terms = first()
    _within(terms, "accept", None, "PT1H")
    _within(terms, "first_attempt", "demo_request", "PT15M")
    _within(terms, "first_attempt", "trial", "PT1H")
    _within(terms, "answer", None, "PT4H")
    _commitment(terms, "comparing_a_month", 190)
    confirmed = {"noticed_comparing": 35, "comparing_talking": 80, "talking_customer": 15}
    for benchmark in terms["benchmarks"]:
        benchmark |= {"percent": confirmed[benchmark["key"]], "confirmed": True}
    return terms


def third() -> Terms:
    """Proposed: trials within two hours, and Marketing answers returns sooner."""
    terms = second()
    _within(terms, "first_attempt", "trial", "PT2H")
    _within(terms, "answer", None, "PT3H")
    terms["governance"]["review_on"] = "2027-06-01"
    return terms


def _within(terms: Terms, obligation: str, segment: str | None, within: str) -> None:
    owed = next(one for one in terms["obligations"] if one["key"] == obligation)
    next(row for row in owed["targets"] if row["segment"] == segment)["within"] = within


def _commitment(terms: Terms, key: str, count: int) -> None:
    next(one for one in terms["commitments"] if one["key"] == key)["count"] = count
