"""What watches for texts that run sees them run where nothing holds them, and sees nothing
where they are written as texts: a watch that cannot fail would prove nothing."""

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import Client

from tests.security.xss import corpus
from tests.security.xss.window import Window

TEXTS = [corpus.shown(text) for text in corpus.everything()]
PLACES = """<!doctype html><html lang="en"><head><title>{{ text }}</title></head><body>
<h1 title="{{ text }}">{{ text }}</h1><p data-a='{{ text }}'>{{ text }}</p>
<textarea name="a">{{ text }}</textarea><input name="b" value="{{ text }}">
<select><option value="{{ text }}">{{ text }}</option></select></body></html>"""


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
    ran = 0
    for family in ("tags", "handlers", "svg", "mathml", "mutation", "css"):
        for text in corpus.families()[family]:
            page = f"<!doctype html><title>x</title><body><p>{text}</p>"
            window.show(HttpResponse(page), Client(), [])
            ran += bool(window.faults)
            window.faults.clear()

    assert ran >= 60


def test_what_a_template_writes_is_a_text_in_every_place_of_a_page(window):
    window.faults.clear()
    template = engines["django"].from_string(PLACES)
    for start in range(0, 120, 12):
        some = TEXTS[start : start + 12]
        page = template.render({"text": " ".join(some)})

        assert window.show(HttpResponse(page), Client(), some) == set(some)

    assert window.faults == []
