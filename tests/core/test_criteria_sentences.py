"""Each criterion reads as a plain sentence."""

import pytest

from sla.core import terms
from sla.core.criteria import FieldIs, sentence

CASES = [
    ({"field": "company.employees", "op": "between", "value": [20, 5000]},
     "the company’s number of employees is from 20 to 5,000"),
    ({"field": "lead.source", "op": "is", "value": "Web, or fair"},
     "the source is “Web, or fair”"),
    ({"field": "lead.source", "op": "is_not", "value": "web"},
     "the source is known and is not web"),
    ({"field": "company.country", "op": "not_in", "value": ["DE", "FR"]},
     "the company’s country is known and is none of DE or FR"),
    ({"field": "lead.phone", "op": "missing"}, "the phone number is not known"),
    ({"field": "lead.consent", "op": "is", "value": False}, "consent to be contacted is no"),
    ({"field": "attributes.go_live", "op": "at_most", "value": "2026-12-31", "type": "date"},
     "“go live” (a date) is on or before 2026-12-31"),
    ({"field": "attributes.go_live", "op": "at_least", "value": "2026-12-31", "type": "date"},
     "“go live” (a date) is on or after 2026-12-31"),
    ({"field": "attributes.plan", "op": "is", "value": "pro"}, "“plan” is pro"),
    ({"touch": "webinar", "within": "P30D"}, "they attended a webinar in the last 30 days"),
    ({"touch": ["call", "meeting"], "department": "sales", "direction": "two_way", "count": 2,
      "within": "PT12H"},
     "they had a call or had a meeting with Sales, both ways, at least 2 times "
     "in the last 12 hours"),
    ({"touch": "mail", "direction": "outbound"}, "they exchanged a mail, coming from us"),
    ({"touch": "mail", "direction": "inbound", "within": "P1D"},
     "they exchanged a mail, coming from them, in the last 1 day"),
    ({"touch": "call", "direction": "two_way"}, "they had a call, both ways"),
    ({"attested": "budget_confirmed"}, "somebody has attested “budget confirmed”"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "said"), CASES)
def test_a_leaf_reads_as_a_sentence(raw, said):
    assert sentence(terms.parse_criteria({"key": "x"} | raw)) == said


def test_groups_inside_groups_stand_in_brackets():
    phone = {"key": "a", "field": "lead.phone", "op": "present"}
    mail = {"key": "b", "field": "lead.email", "op": "present"}
    budget = {"key": "c", "attested": "budget"}

    raw = {"all": [{"any": [phone, mail]}, {"not": {"any": [budget, phone]}}]}

    assert sentence(terms.parse_criteria(raw)) == (
        "(the phone number is known, or the mail address is known), and "
        "it is not so that (somebody has attested “budget”, or the phone number is known)"
    )


def test_a_field_that_a_draft_made_up_reads_by_its_name():
    assert sentence(FieldIs("x", "lead.shoe", "is", "44", "text")) == "lead.shoe is 44"


FAULTS = [
    ({"field": "lead.shoe", "op": "present"}, "field", "there is no field lead.shoe"),
    ({"field": "lead.email", "op": "present", "type": "text"}, "type",
     "only an attribute says its type"),
    ({"field": "lead.email", "op": "at_least", "value": "a"}, "op",
     "at_least needs a number or a date, this is a text"),
    ({"field": "lead.consent", "op": "in", "value": [True]}, "op",
     "in needs more than true or false"),
    ({"field": "lead.email", "op": "present", "value": "a"}, "value", "present takes no value"),
    ({"field": "lead.email", "op": "in", "value": "a"}, "value", "in needs a list"),
    ({"field": "lead.score", "op": "between", "value": [1]}, "value",
     "between needs the least and the most"),
    ({"field": "lead.score", "op": "between", "value": [2, 1]}, "value",
     "must begin with the least"),
    ({"field": "lead.score", "op": "is", "value": [1]}, "value", "is needs one value"),
    ({"field": "lead.score", "op": "is", "value": "1"}, "value", "must be a whole number"),
    ({"field": "lead.score", "op": "is", "value": True}, "value", "must be a whole number"),
    ({"field": "lead.consent", "op": "is", "value": 1}, "value", "must be true or false"),
    ({"field": "lead.email", "op": "is"}, "value", "must be a text"),
    ({"field": "attributes.day", "op": "is", "value": "2026-13-01", "type": "date"}, "value",
     "must be a date such as 2026-12-24"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "path", "reason"), FAULTS)
def test_an_operator_and_a_value_that_do_not_fit_the_field_are_refused(raw, path, reason):
    with pytest.raises(terms.TermsError) as refused:
        terms.parse_criteria({"not": {"key": "x"} | raw})

    assert refused.value.faults == [(f"not.{path}", reason)]
