"""No text that somebody wrote runs on any page: a Chromium opens all of them, with the headers
they have. What watches sees texts run where nothing holds them, as a watch that cannot fail
would prove nothing."""

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client

from tests.security.xss import corpus
from tests.security.xss.trying import opened
from tests.security.xss.window import Window

TEXTS = [corpus.shown(text) for text in corpus.everything()]
PLACES = """<!doctype html><html lang="en"><head><title>{{ text }}</title></head><body>
<h1 title="{{ text }}">{{ text }}</h1><p data-a='{{ text }}'>{{ text }}</p>
<textarea name="a">{{ text }}</textarea><input name="b" value="{{ text }}">
<select><option value="{{ text }}">{{ text }}</option></select></body></html>"""
A_CELL = 10_000  # characters: all of them together


@pytest.fixture(scope="module")
def window(browser):
    opened = Window(browser)
    yield opened
    opened.close()


def test_there_are_a_hundred_and_twenty_texts_of_every_family():
    assert len(set(TEXTS)) == 120
    assert len(corpus.families()) == 12
    assert len(set(corpus.a_few())) == corpus.FEW


def test_a_text_that_is_not_held_is_noticed(window):
    window.faults.clear()
    noticed = ran = 0
    for family in ("tags", "handlers", "svg", "mathml", "mutation", "css"):
        for text in corpus.families()[family]:
            page = f"<!doctype html><title>x</title><body><p>{text}</p>"
            window.show(HttpResponse(page), Client(), [])
            noticed += bool(window.faults)
            ran += any("alert" in one.partition(": ")[2][:6] for one in window.faults)
            window.faults.clear()

    print(f"{noticed} noticed, {ran} of them ran")
    assert noticed >= 60
    assert ran >= 15


def test_what_a_template_writes_is_a_text_in_every_place_of_a_page(window):
    window.faults.clear()
    template = engines["django"].from_string(PLACES)
    for start in range(0, 120, 12):
        some = TEXTS[start : start + 12]
        page = template.render({"text": " ".join(some)})

        assert window.show(HttpResponse(page), Client(), some) == set(some)

    assert window.faults == []


@pytest.fixture(scope="module")
def trial(window, django_db_setup, django_db_blocker):
    """After `window`: Playwright's loop has the thread from then on, and with it a connection
    to the database that is not the one of before."""
    with opened(django_db_blocker, doors=False) as found:
        yield found


@pytest.fixture
def db():
    """The company lives for the whole file."""


@pytest.mark.parametrize(
    ("texts", "turns"),
    [
        pytest.param(corpus.a_few(), 1, id="twenty"),
        pytest.param(corpus.everything(), 2, id="all", marks=pytest.mark.slow),
    ],
)
def test_no_text_runs_on_any_page(trial, window, db, texts, turns, record_property):
    """Every page in Chromium, in each turn as somebody else, with texts in each place where a
    door keeps such a text: which these are is tried in tests/security/test_texts_fuzz.py."""
    trial.begin([corpus.shown(text) for text in texts])
    trial.open_all()
    window.faults.clear()
    before, rows = window.visits, 0
    for turn in range(turns):
        rows += trial.fill(turn * len(texts) // turns, A_CELL)
        trial.look(window, turn)

    visits, shown = window.visits - before, sum(map(len, trial.seen.values()))
    record_property("texts", len(texts))
    record_property("places", len(trial.kept))
    record_property("rows written", rows)
    record_property("pages opened", visits)
    record_property("texts shown", shown)
    record_property("ran", len(window.faults))
    assert sorted(set(window.faults)) == []
    assert set().union(*trial.seen.values()) == set(trial.texts)
    assert (rows > 400, visits > 150) == (True, True)
    assert sum(bool(seen) for seen in trial.seen.values()) > 100
