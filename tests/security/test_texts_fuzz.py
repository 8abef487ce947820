"""Whatever somebody writes through any door, by form, API, file or admin, is a text in the
HTML that comes back, as a parser reads it. What a Chromium makes of the same texts on the same
pages is in tests/browser/test_xss.py."""

import pytest
from django.http import HttpResponse

from tests.security.xss import corpus, places
from tests.security.xss.reading import Reader
from tests.security.xss.trying import opened

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def trial(django_db_setup, django_db_blocker):
    with opened(django_db_blocker) as found:
        yield found


@pytest.fixture
def db():
    """The company lives for the whole file."""


def page(text):
    return HttpResponse(f"<!doctype html><title>x</title><body><p>{text}</p>")


def test_the_reader_sees_what_is_not_held():
    eye = Reader()
    for text in corpus.families()["tags"] + corpus.families()["handlers"]:
        eye.show(page(text), None, [])

    assert len(eye.faults) >= 25


def test_every_column_of_text_has_a_door_or_it_is_said_why_not(trial, db):
    reached = {
        f"{place.table}.{place.column}" for door in trial.doors for place in door.reaches
    }
    doorless = places.doorless("past_doors") | places.doorless("ours")

    assert len(reached) > 60
    assert places.columns() - reached - doorless == set()
    assert doorless - places.columns() == set()


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        pytest.param(corpus.a_few(), False, id="twenty"),
        pytest.param(corpus.everything(), True, id="all", marks=pytest.mark.slow),
    ],
)
def test_no_text_becomes_an_element_or_an_attribute(trial, db, texts, whole, record_property):
    """Of the twenty each door is offered as many as fit into its field; of all, all of them."""
    eye = Reader()
    trial.begin([corpus.shown(text) for text in texts])

    doors = enumerate(trial.doors)
    sent = sum(trial.offer(door, number, whole=whole) for number, door in doors)
    rows = trial.fill(0)
    trial.look(eye, 0)
    trial.look_at_answers(eye)

    shown = sum(map(len, trial.seen.values()))
    record_property("texts", len(texts))
    record_property("doors", len(trial.doors))
    record_property("texts sent", sent)
    record_property("places that keep them", len(trial.kept))
    record_property("rows written", rows)
    record_property("pages read", eye.visits)
    record_property("texts shown", shown)
    assert eye.faults == []
    assert set(trial.kept) <= places.listed()
    assert len(trial.doors) > 250
    assert sent >= (len(texts) * len(trial.doors) if whole else 1_000)
    assert (rows > 400, eye.visits > 200, shown > 500) == (True, True, True)
