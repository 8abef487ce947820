"""Evidence is recorded in the words of the agreement and read in the reader's."""

from datetime import UTC, datetime

import pytest

from leads.desk.story import retelling
from sla.core import terms as core
from sla.core.criteria import leaves, sentence
from tests.core.agreements import classic

WORDS = {"is at least {value}": "beträgt mindestens {value}"}
AT = "2026-03-02T09:00:00+00:00"


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setattr(retelling, "say", lambda one, many="", n=1: WORDS.get(one, one))


@pytest.fixture(scope="module")
def terms():
    return core.parse(classic())


def recorded_of(terms):
    trees = (stage.criteria for stage in terms.journey if stage.criteria is not None)
    found = (sentence(leaf) for tree in trees for leaf in leaves(tree))
    return next(said for said in found if "is at least" in said)


def test_recorded_evidence_is_read_in_the_readers_language(german, terms):
    (row,) = retelling.retold([{"sentence": recorded_of(terms), "set_at": AT}], terms)

    assert "beträgt mindestens" in row["sentence"]
    assert row["set_at"] == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_the_terms_ask_no_more_keeps_the_words_that_were_recorded(german, terms):
    (row,) = retelling.retold([{"sentence": "the score is at least 7,777"}], terms)

    assert row["sentence"] == "the score is at least 7,777"
