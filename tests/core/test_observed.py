"""Which clocks of an observed version are listed: all, the late ones, or the other ends."""

from datetime import UTC, datetime

import pytest

from sla.core.observed import PAGE, Question, chosen, listed

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("asked", "clocks", "shown", "page", "pages"),
    [
        pytest.param(1, 0, (0, 0), 1, 1, id="nothing is one page"),
        pytest.param(1, PAGE, (0, PAGE), 1, 1, id="a full page is the last"),
        pytest.param(2, PAGE + 1, (PAGE, PAGE + 1), 2, 2, id="the rest"),
        pytest.param(9, PAGE + 1, (PAGE, PAGE + 1), 2, 2, id="beyond the last page"),
        pytest.param(0, 3, (0, 3), 1, 1, id="before the first"),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_one(asked, clocks, shown, page, pages):
    question = Question(AT, AT, AT, page=asked)

    found = question.turned(range(clocks))

    assert found == (range(*shown), page, pages)
