"""Which agreement takes a lead: each scope in order, the first that does ends it."""

from datetime import UTC, datetime

from sla.core import scopes
from sla.core.criteria import Facts
from sla.core.facts import Value

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PARTNERS = {"key": "partners", "field": "lead.segment", "op": "is", "value": "partner"}
GERMANS = {
    "key": "both",
    "all": [
        {"key": "there", "field": "company.country", "op": "is", "value": "DE"},
        {"key": "asked", "field": "lead.segment", "op": "is", "value": "demo_request"},
        {"key": "called", "touch": ["call"]},
    ],
}


def lead(**fields):
    return Facts(fields={name.replace("__", "."): Value(v) for name, v in fields.items()})


def verdicts(asked, facts):
    return [one.verdict for one in scopes.ask(asked, facts, NOON)]


def test_agreements_are_asked_in_order_until_one_takes_the_lead():
    asked = [GERMANS, PARTNERS, None, PARTNERS]

    assert verdicts(asked, lead(lead__segment="partner")) == [
        "not", "takes", "not_asked", "not_asked",
    ]  # fmt: skip
    assert verdicts(asked, lead()) == ["not", "not", "takes", "not_asked"]


def test_who_asks_is_shown_what_was_seen():
    (one,) = scopes.ask([PARTNERS], lead(lead__segment="trial"), NOON)

    assert [(seen.value, seen.met) for seen in one.evidence] == [("trial", False)]


def test_only_fields_are_asked_for_each_once_in_the_order_of_the_scopes():
    fields = scopes.asked_fields([PARTNERS, None, GERMANS])

    assert [leaf.field for leaf in fields] == ["lead.segment", "company.country"]


def test_a_scope_is_said_in_words_and_none_is_every_lead():
    assert scopes.sentence(None) == "every lead"
    assert "partner" in scopes.sentence(PARTNERS)
