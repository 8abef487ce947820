"""Two editors of one text: what each changed is kept; what both changed is told apart."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core import terms as core
from sla.core.merge import GONE, Conflict, merge
from tests.core.agreements import classic

CLASSIC = classic()


def changed(path, value, document=CLASSIC):
    """The document with one part set, or taken out if the value is GONE."""
    made = deepcopy(document)
    target = made
    for step in path[:-1]:
        target = target[step]
    if value is GONE:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return made


# Each changes a part of its own: any two of them can be put together.
EDITS = {
    "title": (("title",), "Our word"),
    "preamble": (("preamble",), "Together."),
    "a clause": (("clauses", 1, "text"), "Every Monday."),
    "a clause less": (("clauses", 2), GONE),
    "a target": (("obligations", 1, "targets", 1, "within"), "PT2H"),
    "another target": (("obligations", 1, "targets", 4, "within"), "P3D"),
    "attempts": (("obligations", 2, "attempts"), 5),
    "attainment": (("obligations", 2, "attainment"), 80),
    "volume": (("commitments", 0, "count"), 300),
    "a step": (("ladders", "quiet", 0, "percent"), 60),
    "a review date": (("governance", "review_on"), "2027-06-01"),
    "criteria": (("journey", 7, "criteria"), None),
    "a holiday less": (("calendars", "berlin", "closed", 3), GONE),
    "monday": (("calendars", "berlin", "weekly", "mon"), [["10:00", "16:00"]]),
    "a reason": (("return_reasons", 2, "name"), "No need this year"),
}


def edited(*names):
    document = deepcopy(CLASSIC)
    for name in names:
        path, value = EDITS[name]
        document = changed(path, value, document)
    return document


sets_of_edits = st.sets(st.sampled_from(sorted(EDITS)), max_size=5)


@given(mine=sets_of_edits)
def test_a_text_merged_with_itself_is_itself(mine):
    document = edited(*sorted(mine))

    for base in (CLASSIC, document):
        merged = merge(base, document, document)

        assert (merged.terms, merged.conflicts) == (document, ())


@given(theirs=sets_of_edits, mine=sets_of_edits)
def test_changes_of_different_parts_are_all_kept_whoever_comes_first(theirs, mine):
    mine -= theirs
    # A list that lost its end is edited by place here, so what goes away goes last.
    a, b = (edited(*sorted(one, key=lambda n: EDITS[n][1] is GONE)) for one in (theirs, mine))
    both = edited(*sorted(theirs | mine, key=lambda n: EDITS[n][1] is GONE))

    one, other = merge(CLASSIC, a, b), merge(CLASSIC, b, a)

    assert one.conflicts == other.conflicts == ()
    assert one.terms == other.terms == one.theirs == both


rows = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("abcdef"), "n": st.integers(0, 3)}),
    unique_by=lambda row: row["key"],
    max_size=6,
)


@given(base=rows, theirs=rows, mine=rows)
def test_of_any_three_lists_no_row_is_lost_that_only_one_side_touched(base, theirs, mine):
    merged = merge({"rows": base}, {"rows": theirs}, {"rows": mine})

    b, t, m, got = (
        {row["key"]: row["n"] for row in one}
        for one in (base, theirs, mine, merged.terms["rows"])
    )
    disputed = {conflict.path.split("/")[1] for conflict in merged.conflicts}
    for key in set("abcdef") - disputed:
        wanted = t.get(key) if m.get(key) == b.get(key) else m.get(key)
        assert got.get(key) == wanted


@given(base=rows, theirs=rows, mine=rows)
def test_what_has_no_conflict_is_the_same_from_either_side(base, theirs, mine):
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)

    assert bool(one.conflicts) == bool(other.conflicts)
    if not one.conflicts:
        assert one.terms == other.terms


@given(theirs=sets_of_edits, mine=sets_of_edits, first=st.data())
def test_the_result_parses_or_has_faults_that_are_named(theirs, mine, first):
    drop = first.draw(st.sampled_from(["handoffs", "commitments", "return_reasons"]))
    a = edited(*sorted(theirs)) | {drop: []}

    merged = merge(CLASSIC, a, edited(*sorted(mine))).terms

    try:
        core.parse(merged)
    except core.TermsError as error:
        assert all(fault.path and fault.reason for fault in error.faults)


def test_the_same_leaf_changed_twice_is_a_conflict_with_both_texts():
    path = EDITS["a target"][0]

    merged = merge(CLASSIC, changed(path, "PT2H"), changed(path, "PT3H"))

    assert merged.conflicts == (
        Conflict("obligations/first_attempt/targets/trial/within", "PT1H", "PT2H", "PT3H"),
    )
    assert merged.terms == changed(path, "PT3H")
    assert merged.theirs == changed(path, "PT2H")


def test_a_row_that_one_took_out_and_the_other_changed_is_a_conflict():
    gone, mine = changed(("clauses", 0), GONE), changed(("clauses", 0, "text"), "Mine.")

    (conflict,) = merge(CLASSIC, gone, mine).conflicts

    assert (conflict.path, conflict.theirs) == ("clauses/counting", GONE)
    assert conflict.mine["text"] == "Mine."


def test_two_orders_of_the_same_rows_are_a_conflict_and_one_is_taken():
    base = ["a", "b", "c"]

    assert merge(base, ["b", "a", "c"], base).terms == ["b", "a", "c"]
    assert merge(base, ["b", "a", "c"], ["a", "b", "c", "d"]).terms == ["b", "a", "c", "d"]
    (conflict,) = merge(base, ["b", "a", "c"], ["a", "c", "b"]).conflicts
    assert conflict.path == "order"


def test_rows_that_both_added_stand_where_each_was_put():
    merged = merge(["a", "b"], ["a", "x", "b", "z"], ["y", "a", "b", "w"])

    assert merged.terms == ["y", "a", "x", "b", "w", "z"]


@pytest.mark.parametrize(
    ("base", "theirs", "mine"),
    [
        pytest.param([1], [1, 2], [3], id="numbers"),
        pytest.param(["a"], ["a", {"key": "b"}], ["c"], id="of several kinds"),
        pytest.param([], [{"n": 1}], [{"n": 2}], id="rows without a key"),
        pytest.param([], [{"key": "a"}, {"key": "a"}], [{"key": "b"}], id="one key twice"),
        pytest.param([], [{"key": 7}], [{"key": "b"}], id="a key that is no text"),
    ],
)
def test_lists_whose_rows_nothing_names_are_a_conflict_as_a_whole(base, theirs, mine):
    merged = merge({"rows": base}, {"rows": theirs}, {"rows": mine})

    assert merged.conflicts == (Conflict("rows", base, theirs, mine),)
    assert (merged.terms, merged.theirs) == ({"rows": mine}, {"rows": theirs})


def test_a_row_that_stays_after_all_stands_where_it_was():
    """They took the first row out, I changed it: the conflict keeps mine, in its place."""
    base = [{"key": key, "n": 1} for key in "abc"]
    theirs, mine = base[1:], [{"key": "a", "n": 2}, *base[1:]]

    merged = merge({"rows": base}, {"rows": theirs}, {"rows": mine})

    assert merged.terms["rows"] == mine
    assert merged.theirs["rows"] == theirs


def test_criteria_are_one_thought_and_never_half_of_each():
    path = ("journey", 7, "criteria")
    theirs, mine = ({"key": "x", "attested": name} for name in ("paid", "asked"))

    (conflict,) = merge(CLASSIC, changed(path, theirs), changed(path, mine)).conflicts

    assert (conflict.theirs, conflict.mine) == (theirs, mine)
