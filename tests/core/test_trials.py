"""Each clause that a text changes, alone and together, on rounds that a person can read."""

from copy import deepcopy

import numpy as np
import pytest

from leads.core.rounds import judge
from leads.core.trials.clauses import Late, costs, number, variants
from sla.core import terms
from tests.core.agreements import classic
from tests.core.test_rounds import a_round, history, within

A_DAY = 24 * 60
MONDAY = "2026-03-02"


def text(*changes):
    document = deepcopy(classic())
    for change in changes:
        change(document)
    return terms.parse(document)


def owed(document, key="accept"):
    return next(one for one in document["obligations"] if one["key"] == key)


def quicker(document):
    owed(document)["targets"] = [within("PT30M")]


def slower(document):
    owed(document)["targets"] = [within("PT2H")]


def monday_closed(document):
    calendar = document["calendars"]["berlin"]
    calendar["closed"] = sorted({*calendar["closed"], MONDAY})


def gone(document):
    document["obligations"].remove(owed(document))


def in_new_york(document):
    owed(document)["calendar"] = {"fixed": "new-york"}


def governed_in_lisbon(document):
    document["governance"]["zone"] = "Europe/Lisbon"


def paths(old, new):
    return [one.path for one in variants(old, new)]


def places(found):
    return {key: list(some) for key, some in found.items() if some.size}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (quicker, ["obligations/accept/targets"]),
        (in_new_york, ["obligations/accept/calendar"]),
        (monday_closed, ["calendars/berlin"]),
        (gone, ["obligations/accept"]),
        (governed_in_lisbon, ["governance/zone"]),
    ],
)
def test_a_change_is_one_clause(change, expected):
    assert paths(text(), text(change)) == expected


def test_a_promise_that_is_new_brings_its_calendar_along():
    def without_new_york(document):
        gone(document)
        del document["calendars"]["new-york"]

    new = next(iter(variants(text(without_new_york), text(in_new_york))))

    assert new.path == "obligations/accept"
    assert new.terms.obligation("accept").calendar.fixed == "new-york"
    assert new.terms.calendar("new-york") == text().calendar("new-york")


def test_a_promise_of_another_kind_is_another_promise():
    def another_kind(document):
        gone(document)
        owed(document, "first_attempt")["key"] = "accept"

    assert "obligations/accept" in paths(text(), text(another_kind))


def test_a_quicker_target_makes_late_what_took_longer():
    past = history(a_round(took=20), a_round(took=45), a_round(took=3 * 60))

    cost = costs(text(), text(quicker), past)

    assert [one.path for one in cost.alone] == ["obligations/accept/targets"]
    assert places(cost.alone[0].newly) == {"accept": [1]}
    assert places(cost.together.newly) == {"accept": [1]}
    assert number(cost.alone[0].spared) == 0
    assert number(cost.only_together("newly")) == number(cost.undone("newly")) == 0
    assert cost.twice("newly") == 0


def test_a_promise_that_is_gone_spares_whoever_broke_it():
    past = history(a_round(took=20), a_round(took=3 * 60))

    assert places(costs(text(), text(gone), past).together.spared) == {"accept": [1]}


def test_what_a_closed_day_takes_back_is_undone():
    """The quicker target alone is broken on a Monday that the new calendar closes."""
    past = history(a_round(took=45))

    cost = costs(text(), text(quicker, monday_closed), past)

    assert [one.path for one in cost.alone] == [
        "obligations/accept/targets",
        "calendars/berlin",
    ]
    assert places(cost.undone("newly")) == {"accept": [0]}
    assert number(cost.together.newly) == 0


def test_a_row_that_two_clauses_spare_is_counted_once_more_than_it_is():
    past = history(a_round(took=90))

    cost = costs(text(), text(slower, monday_closed), past)

    assert cost.twice("spared") == 1
    assert places(cost.together.spared) == {"accept": [0]}


def test_what_only_the_combination_changes_is_said_apart():
    """Neither two hours nor a closed Monday spares an answer on Tuesday at half past ten;
    both do: the clock begins on Tuesday at nine, and may take two hours."""
    past = history(a_round(took=A_DAY + 90))

    cost = costs(text(), text(slower, monday_closed), past)

    assert [number(one.spared) for one in cost.alone] == [0, 0]
    assert places(cost.only_together("spared")) == {"accept": [0]}


def test_the_same_question_is_judged_once_for_each_text():
    late = Late(history(a_round(took=45)))
    old, new = text(), text(quicker)

    assert late.of(new, "accept") is late.of(new, "accept")
    assert list(late.of(new, "accept")) == [0]
    assert late.of(old, "accept").size == 0
    assert late.of(text(gone), "accept").size == 0
    judged = judge(new, new.obligation("accept"), late.history)
    assert np.array_equal(judged.rows, [0])
