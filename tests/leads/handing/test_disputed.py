"""A return that is disputed is called so wherever the handoff is named: by whom, until when."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import returns
from tests.factories import MONDAY_NINE, make_handoff

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def handoff():
    """One that was returned and is disputed, ten seconds ago."""
    made = make_handoff(name="Ines Moreau")
    returns.give_back(handoff_id=made.pk, by=made.receiver, at=MONDAY_NINE, reason="no_need")
    ago = LATER - timedelta(seconds=10)
    return returns.answer_dispute(
        handoff_id=made.pk, by=made.giver, at=ago, note="They asked twice"
    )


@pytest.fixture
def said(client, handoff):
    """What a page of the handoff or its lead says to somebody."""

    def read(view, user, key):
        client.force_login(user)
        return " ".join(client.get(reverse(view, args=[key] if key else [])).text.split())

    return read


def until(handoff):
    """The due instant of the managers' clock, as a page writes it."""
    due = handoff.clocks.get(kind="decide").due_at
    return f'<time datetime="{due.strftime("%Y-%m-%dT%H:%M")}'


def test_the_page_of_the_lead_says_who_disputes_and_until_when_it_is_decided(handoff, said):
    text = said("leads:lead", handoff.receiver, handoff.lead_id)

    assert "The return is disputed" in text
    assert f"Disputed by {handoff.giver}" in text
    assert "“They asked twice” Both managers decide, until " + until(handoff) in text


def test_what_one_did_last_is_the_dispute_and_not_the_return(handoff, said):
    on_lead = said("leads:lead", handoff.giver, handoff.lead_id)
    on_desk = said("leads:desk", handoff.giver, None)

    assert "<strong>Return disputed</strong>" in on_lead
    assert "<strong>Ines Moreau: return disputed</strong>" in on_desk


def test_the_card_of_the_handoff_calls_it_disputed_in_place_of_returned(handoff, said):
    text = said("leads:handoff", handoff.receiver, handoff.pk)
    card = text[text.index("<article") : text.index("</article>")]

    assert "Return disputed</span>" in card
    assert "Returned</span>" not in card
    assert f"Disputed by {handoff.giver}" in card
    assert until(handoff) in card


def test_a_managers_row_says_who_disputes_and_why(handoff, said):
    text = said("leads:desk", handoff.receiver_team.manager, None)

    assert f"Disputed by {handoff.giver}: “They asked twice”" in text


def test_on_the_way_it_is_disputed_too(handoff, said):
    text = said("leads:brief", handoff.receiver, handoff.pk)

    assert "<strong>Return disputed.</strong>" in text
    assert until(handoff) in text


def test_the_journey_draws_the_dispute(handoff, said):
    text = said("leads:lead", handoff.receiver, handoff.lead_id)

    drawing = text[text.index("Journey drawing") : text.index('id="all"')]
    assert "Return disputed" in drawing


def test_what_is_offered_again_is_not_disputed_any_more(handoff, said):
    returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=LATER)

    text = said("leads:lead", handoff.receiver, handoff.lead_id)

    assert "The return is disputed" not in text
    handoff.refresh_from_db()
    assert (handoff.is_disputed, handoff.standing) == (False, "offered")
