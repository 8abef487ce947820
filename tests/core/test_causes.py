"""What the facts around a late clock suggest, before anybody says."""

import pytest

from leads.core.causes.suggesting import Facts, most, suggested


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        ("outage", "outside"), ("away", "absence"), ("unowned", "routing"), ("lacking", "data"),
        ("disputed", "definition"), ("full", "capacity"),
    ],
)  # fmt: skip
def test_each_fact_speaks_for_a_cause(fact, cause):
    assert suggested(Facts(**{fact: True})) == cause


def test_what_nobody_could_help_comes_first():
    assert suggested(Facts(outage=True, away=True, full=True)) == "outside"
    assert suggested(Facts(away=True, full=True)) == "absence"


def test_without_facts_nothing_is_suggested():
    assert suggested(Facts()) is None
    assert most([None, None]) == (None, 0)


def test_what_most_speak_for_is_suggested_for_all():
    assert most(["data", None, "absence", "data"]) == ("data", 2)
