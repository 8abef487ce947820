"""Whatever somebody writes through any door, by form, API, file or admin, is a text in the
HTML that comes back, as a parser reads it. What a Chromium makes of the same texts, where a
template writes them, is in tests/browser/test_xss.py."""

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
    ("texts", "turns"),
    [
        pytest.param(corpus.a_few(), 1, id="twenty"),
        pytest.param(corpus.everything(), 12, id="all", marks=pytest.mark.slow),
    ],
)
def test_no_text_becomes_an_element_or_an_attribute(trial, db, texts, turns):
    eye = Reader()
    trial.begin([corpus.shown(text) for text in texts])

    sent = sum(trial.offer(door, number, 0) for number, door in enumerate(trial.doors))
    rows = 0
    for turn in range(turns):
        rows += trial.fill(turn)
        trial.look(eye, turn)
    trial.look_at_answers(eye)

    shown = sum(map(len, trial.seen.values()))
    print(
        f"{len(trial.doors)} doors, {sent} texts sent, {rows} rows, {eye.visits} pages,"
        f" {shown} texts shown"
    )
    assert eye.faults == []
    assert len(trial.doors) > 250
    assert sent > 1_000
    assert rows > 400
    assert eye.visits > 200
    assert shown > 500
