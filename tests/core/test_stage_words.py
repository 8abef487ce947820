"""Stages by every word that means them: key, name, old label, and what was replaced."""

import pytest

from leads.core.words.abroad import meant, since_customer
from leads.core.words.renamed import keys_of, names_now
from leads.core.words.stages import split, words_of
from sla.core import terms
from tests.core.agreements import classic

WORDS = words_of([terms.parse(classic())])
COMPARING = ("MQL", "mql", "comparing", "Comparing", " Comparing ")


@pytest.mark.parametrize("word", COMPARING)
def test_a_stage_is_meant_by_its_key_its_name_and_its_old_label(word):
    assert "comparing" in WORDS.keys_of(word)


@pytest.mark.parametrize("word", ["SAL", "sql", "SAL/SQL", "talking with us"])
def test_each_word_of_a_joined_label_means_the_stage(word):
    assert "talking" in WORDS.keys_of(word)


def test_a_word_that_means_nothing_finds_only_itself():
    assert WORDS.keys_of("Hot") == {"Hot"}
    assert not WORDS.is_legacy("comparing")
    assert WORDS.is_legacy("mQl")


def test_a_key_that_was_replaced_still_finds_its_leads():
    document = classic()
    document["journey"][2]["replaces"] = ["weighing"]

    words = words_of([terms.parse(document)])

    assert words.keys_of("MQL") >= {"comparing", "weighing"}
    assert words.spoken("weighing") == "Comparing"


@pytest.mark.parametrize(
    ("typed", "rest", "stage"),
    [
        ("stage=MQL", "", "MQL"),
        ("Anna stage=MQL", "Anna", "MQL"),
        ('stage: "talking with us" Anna', "Anna", "talking with us"),
        ("Anna", "Anna", ""),
        ("backstage=x", "backstage=x", ""),
    ],
)
def test_a_stage_may_stand_among_the_words_of_a_search(typed, rest, stage):
    assert split(typed) == (rest, stage)


def test_a_reader_sees_the_old_label_where_there_is_one_and_else_the_name():
    assert WORDS.spoken("comparing", legacy=True) == WORDS.label("comparing") == "MQL"
    assert WORDS.spoken("using", legacy=True) == "Using it"
    assert WORDS.label("using") == ""
    assert WORDS.spoken("unheard-of") == "unheard-of"


def test_a_list_names_the_stages_in_force_and_a_glossary_old_words_too():
    named, glossary = WORDS.named(legacy=True), WORDS.glossary()

    assert list(named) == [stage["key"] for stage in classic()["journey"]]
    assert named["comparing"] == "MQL"
    assert {glossary[word] for word in ("comparing", "MQL", "mql")} == {"Comparing"}


def test_where_two_journeys_name_a_stage_differently_the_first_counts():
    other = classic()
    other["journey"][2] |= {"name": "weighing up", "legacy": "Warm, Hot"}

    words = words_of([terms.parse(classic()), terms.parse(other)])

    assert (words.spoken("comparing"), words.label("comparing")) == ("Comparing", "MQL")
    assert "comparing" in words.keys_of("hot") & words.keys_of("weighing up")


@pytest.mark.parametrize(
    ("words", "first", "stages"),
    [
        ({"noticed": "noticed", "customer": "customer"}, "noticed", ("noticed", "customer")),
        ({"using": "using", "customer": "customer"}, "noticed", ("noticed", "using")),
        ({"evangelist": "fans", "customer": "customer"}, "noticed", ("noticed", None)),
        ({"subscriber": "readers"}, "noticed", (None, None)),
        ({}, "", (None, None)),
    ],
)
def test_words_of_another_systems_journey_mean_the_nearest_stage(words, first, stages):
    found = meant(words, first)

    assert (found.get("subscriber"), found.get("evangelist")) == stages


def test_customers_are_at_the_stage_called_so_and_all_after_it():
    journey = [("comparing", ["MQL"]), ("bought", ["Customer"]), ("using", [])]

    assert since_customer(journey) == {"bought", "using"}
    assert since_customer(journey[:1]) == frozenset()


def test_a_stage_is_counted_under_the_keys_that_it_replaces():
    document = classic()
    document["journey"][1]["replaces"] = ["weighing"]
    key = document["journey"][1]["key"]

    assert keys_of(terms.parse(document), key) == (key, "weighing")
    assert keys_of(None, "comparing") == ("comparing",)
    assert names_now(terms.parse(document)) == {"weighing": key}
    assert names_now(None) == {}
