"""The help: words as the portal means them, the agreement's own, and those of a screen."""

import pytest
from django.urls import get_resolver, reverse

from leads.views.help.terms import EVERY, GROUPS, SCREENS
from tests.factories import MONDAY_NINE, make_agreement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


@pytest.fixture
def read(client):
    make_agreement()
    client.force_login(make_user())

    def page(**query):
        return client.get(reverse("leads:help"), query).text

    return page


def test_every_word_stands_with_its_meaning_and_its_section_of_the_agreement(read):
    page = read()

    assert all(f'id="{key}"' in page for key in EVERY)
    assert "In your agreement: 3, Who owes what, by when" in page
    assert "#s3" in page


def test_a_promise_says_what_the_agreement_in_force_says_of_it(read):
    page = read(q="cadence")

    assert "with the next one due on the desk" in page
    assert 'class="no">3.' in page


def test_an_old_label_finds_the_stage_of_the_journey_in_force(read):
    page = read(q="SQL")

    assert "The stages of your journey" in page
    assert "SQL" in page.partition("<tbody")[2]


def test_a_word_that_there_is_not_says_what_to_do(read):
    assert "No such word here" in read(q="zzzz")


def test_the_footer_of_a_screen_leads_to_the_words_of_that_screen(client, read):
    desk = client.get(reverse("leads:desk")).text

    assert "/help/?screen=leads%3Adesk" in desk
    page = read(screen="leads:desk")
    assert page.index("On the screen that you come from") < page.index(f'id="{GROUPS[0][0]}"')
    assert "On the screen" not in read(screen="nonsense")


def test_screens_and_their_words_are_there():
    names = {f"leads:{name}" for name in get_resolver("leads.urls").reverse_dict}
    known = {screen for screen in SCREENS if screen.startswith("leads:")}

    assert known <= names
    assert {key for words in SCREENS.values() for key in words} <= set(EVERY)


def test_without_an_agreement_the_words_still_stand(client):
    client.force_login(make_user())

    page = client.get(reverse("leads:help")).text

    assert "Clock" in page
    assert "In your agreement" not in page
