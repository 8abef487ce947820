"""The redline: whole sentences, part by part, with what was inserted and deleted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core import terms
from sla.core.diff import compare, compare_terms, words
from tests.core.agreements import changed, classic

TEXTS = st.text(alphabet="ab ,.;()“”\n\t\u00a0é1:%", max_size=60)


def test_a_document_does_not_differ_from_itself():
    assert compare(classic(), classic()) == []


def test_a_changed_number_is_shown_in_its_whole_sentence():
    new = changed(classic(), ["obligations", 5, "targets", 0, "within"], "PT3H")

    (change,) = compare(classic(), new)

    assert (change.part, change.number) == ("Who owes what, by when", "3.6")
    assert change.path == "obligations/answer/targets"
    assert change.old == "Time allowed, from the return on: 4 hours."
    assert change.new == "Time allowed, from the return on: 3 hours."
    assert change.words == (
        ("equal", "Time allowed, from the return on: "),
        ("delete", "4 "),
        ("insert", "3 "),
        ("equal", "hours."),
    )


def test_a_changed_name_is_a_changed_heading():
    new = changed(classic(), ["obligations", 0, "name"], "Take it or return it")

    assert [(c.path, c.new) for c in compare(classic(), new)] == [
        ("obligations/accept/heading", "Take it or return it.")
    ]


def test_a_new_clause_is_inserted_as_a_whole():
    new = classic()
    new["clauses"].append({"key": "peace", "heading": "Peace", "text": "We eat together."})

    (change,) = compare(classic(), new)

    assert (change.number, change.old) == ("9.4", "")
    assert change.words == (("insert", "Peace. We eat together."),)


def test_a_dropped_clause_keeps_the_number_it_had():
    new = classic()
    del new["clauses"][1]

    (change,) = compare(classic(), new)

    assert (change.number, change.path, change.new) == ("9.2", "clauses/talking", "")
    assert [op for op, _ in change.words] == ["delete"]


def test_a_sentence_that_is_dropped_from_a_clause_is_shown():
    new = changed(classic(), ["journey", 2, "legacy"], None)

    (change,) = compare(classic(), new)

    assert (change.old, change.new) == ("Old label: MQL.", "")


def test_stages_in_another_order_are_told_once():
    new = classic()
    new["journey"][1:3] = reversed(new["journey"][1:3])

    (change,) = compare(classic(), new)

    assert change.path == "journey/order"
    assert change.new.startswith(
        "The stages, in order: noticed a problem, comparing, exploring"
    )


def test_clauses_in_another_order_are_told():
    new = classic()
    new["clauses"].reverse()

    (change,) = compare(classic(), new)

    assert change.path == "clauses/order"
    assert change.old == (
        "In this order: How we count; How we talk about it; How we change this."
    )


def test_what_means_the_same_is_no_change():
    new = classic()
    del new["journey"][6]["legacy"], new["commitments"][1]["once_per"]
    new["calendars"]["berlin"]["closed"].reverse()
    del new["calendars"]["berlin"]["weekly"]["sun"]

    assert compare(classic(), new) == []


def test_an_empty_part_that_is_filled_reads_in_both_ways():
    empty, filled = terms.template("empty"), terms.template("empty")
    filled["return_reasons"] = [{"key": "other", "name": "Something else"}]

    there, gone = compare(empty, filled)
    back = compare(filled, empty)

    assert there.new == "Something else. It disputes no criterion."
    assert gone.old == "Nothing agreed. There is no reason to return a lead."
    assert [change.old for change in back] == [gone.new, there.new]


def test_drafts_that_cannot_be_proposed_yet_can_be_compared():
    draft = changed(classic(), ["handoffs", 0, "to_stage"], "won")

    assert [change.new for change in compare(classic(), draft)] == [
        "Once accepted, the person is at the stage “won”.",
        "The offer makes itself as soon as the criteria of “won” are met.",
    ]


def test_what_is_no_document_is_refused():
    with pytest.raises(terms.TermsError):
        compare(classic(), {})


def test_terms_that_were_parsed_before_are_compared_without_parsing_again():
    old, new = classic(), changed(classic(), ["title"], "Another name")

    assert compare_terms(terms.parse(old), terms.parse(new)) == compare(old, new)


def test_a_word_at_the_end_may_change_without_its_stop():
    assert words("on 25 May, 25 Dec.", "on 25 May.") == (
        ("equal", "on 25 May"),
        ("delete", ", 25 Dec"),
        ("equal", "."),
    )


def test_long_texts_are_compared_in_time():
    old = " ".join(f"the word {n}" for n in range(3000))

    found = words(old, old.replace("word 1500", "phrase 1500"))

    assert [(op, text) for op, text in found if op != "equal"] == [
        ("delete", "word "),
        ("insert", "phrase "),
    ]


@given(TEXTS, TEXTS)
def test_without_the_deleted_words_it_is_the_new_text_and_without_the_inserted_the_old(
    old, new
):
    found = words(old, new)

    kept = "".join(text for op, text in found if op != "insert")
    assert "".join(text for op, text in found if op != "delete") == new
    assert "".join(kept.split()) == "".join(old.split())


def test_a_word_that_is_deleted_at_the_end_is_parted_from_the_one_before():
    assert words("see them all", "see them") == (("equal", "see them"), ("delete", " all"))


@given(TEXTS)
def test_a_text_is_equal_to_itself(text):
    assert all(op == "equal" for op, _ in words(text, text))
