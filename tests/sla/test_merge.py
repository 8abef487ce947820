"""Two editors of one draft: what each changed is kept; what both changed is shown."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.actions import drafting
from sla.core import terms as core
from sla.core.merge import GONE, Conflict, merge
from sla.errors import DraftChanged
from tests.factories import make_terms, make_user
from tests.sla.versions import HOUR, NINE, a_draft

CLASSIC = make_terms()


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


# --- as the portal saves


def save(version, by, terms, seen=1, hour=1):
    return drafting.save(
        version_id=version.pk, terms=terms, by=by, at=NINE + hour * HOUR, seen_save=seen
    )


@pytest.mark.django_db
def test_the_second_editors_save_holds_both_changes_and_says_what_was_merged():
    version = a_draft()
    save(version, make_user(), version.terms | {"preamble": "Together."})

    saved = save(version, make_user(), version.terms | {"title": "Our word"}, hour=2)

    assert saved.terms == version.terms | {"preamble": "Together.", "title": "Our word"}
    assert [change.new for change in saved.merged] == ["Together."]
    assert version.saves.count() == 3


@pytest.mark.django_db
def test_a_conflict_changes_nothing_and_shows_only_what_both_changed():
    version = a_draft()
    theirs = version.terms | {"preamble": "Theirs.", "title": "Our word"}
    save(version, make_user("Fay First"), theirs)

    with pytest.raises(DraftChanged) as refused:
        save(version, make_user(), version.terms | {"preamble": "Mine."}, hour=2)

    assert "Fay First" in str(refused.value)
    assert [(c.old, c.new) for c in refused.value.changes] == [("Mine.", "Theirs.")]
    assert [c.path for c in refused.value.conflicts] == ["preamble"]
    assert version.saves.count() == 2


@pytest.mark.django_db
def test_changes_that_do_not_fit_together_are_refused_with_the_reason():
    version = a_draft()
    stages = deepcopy(version.terms["benchmarks"])
    stages[0]["to_stage"] = "using"
    save(version, make_user(), version.terms | {"benchmarks": stages})
    journey = [stage for stage in version.terms["journey"] if stage["key"] != "using"]

    with pytest.raises(DraftChanged, match="do not fit together") as refused:
        save(version, make_user(), version.terms | {"journey": journey}, hour=2)

    assert "using" in str(refused.value)
    assert version.saves.count() == 2


@pytest.mark.django_db
def test_who_wants_no_merging_is_refused_whenever_somebody_saved_in_between():
    version = a_draft()
    save(version, make_user(), version.terms | {"preamble": "Together."})

    with pytest.raises(DraftChanged) as refused:
        drafting.save(
            version_id=version.pk, terms=version.terms | {"title": "Our word"},
            by=make_user(), at=NINE + 2 * HOUR, seen_save=1, merging=False,
        )  # fmt: skip

    assert any(change.new == "Together." for change in refused.value.changes)


@pytest.mark.django_db
def test_a_text_that_nobody_knows_the_beginning_of_is_not_merged():
    version = a_draft()

    with pytest.raises(DraftChanged):
        save(version, make_user(), version.terms | {"title": "Our word"}, seen=99)
