"""Which clocks of an observed version are listed: all, the late ones, or the other ends."""

import pytest

from sla.core.observed import chosen, listed


@pytest.mark.parametrize(
    ("would", "really", "lists"),
    [
        ("late", "late", {"all", "late"}),
        ("late", "met", {"all", "late", "other"}),
        ("met", "late", {"all", "other"}),
        ("met", "met", {"all"}),
        ("open", "left_out", {"all", "other"}),
    ],
)
def test_a_clock_stands_in_the_lists_that_are_about_it(would, really, lists):
    assert {
        which for which in ("all", "late", "other") if listed(which, would, really)
    } == lists


@pytest.mark.parametrize(
    ("which", "differ", "lists"),
    [("any", 2, "other"), ("any", 0, "all"), ("other", 0, "other"), ("late", 2, "late")],
)
def test_who_asks_for_nothing_sees_what_ends_otherwise_or_else_all(which, differ, lists):
    assert chosen(which, differ) == lists
