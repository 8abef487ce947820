"""A handoff's own page: rounds, clocks of both sides, and two people at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs, returns
from tests.factories import MONDAY_NINE, make_handoff, make_team, make_user

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
HTMX = {"HX-Request": "true"}


def page(client, handoff):
    return client.get(reverse("leads:handoff", args=[handoff.pk])).text


def accept(client, handoff, **more):
    return client.post(reverse("leads:handoff-accept", args=[handoff.pk]), **more)


def test_who_comes_second_is_told_who_was_quicker_in_place(client):
    handoff = make_handoff()
    manager = make_team("inside-sales").manager
    four_seconds_ago = LATER - timedelta(seconds=4)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=four_seconds_ago)
    client.force_login(manager)

    answer = accept(client, handoff, headers=HTMX)

    assert answer.status_code == 409
    assert f"{handoff.receiver} accepted this 4 s ago" in answer.text
    assert "<html" not in answer.text
    assert f'id="handoff-{handoff.pk}"' in answer.text
    assert "accepted" in answer.text


def test_accepting_in_place_answers_with_the_card_and_the_way_back(client):
    handoff = make_handoff()
    client.force_login(handoff.receiver)

    answer = accept(client, handoff, headers=HTMX)

    assert answer.status_code == 200
    assert "Undo, 30\xa0s" in answer.text
    assert "Return with a reason" in answer.text


def test_each_round_stands_with_the_clocks_of_both_sides(client):
    handoff = make_handoff()
    returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + timedelta(minutes=2),
        reason="no_need", note="Next year",
    )  # fmt: skip
    returns.answer_fixed(
        handoff_id=handoff.pk, by=handoff.giver, at=MONDAY_NINE + timedelta(minutes=5)
    )
    client.force_login(handoff.giver)

    text = page(client, handoff)

    assert text.index("Round 2") < text.index("Round 1")
    assert "returned it: No need now" in text
    assert "“Next year”" in text
    for clock in handoff.clocks.all():
        assert reverse("leads:clock", args=[clock.pk]) in text


def test_a_dispute_shows_both_managers_words(client):
    handoff = make_handoff()
    returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE, reason="no_need"
    )
    returns.answer_dispute(
        handoff_id=handoff.pk, by=handoff.giver, at=MONDAY_NINE, note="They asked twice"
    )
    returns.decide(
        handoff_id=handoff.pk, by=handoff.giver_team.manager, at=MONDAY_NINE, counts=True
    )
    client.force_login(handoff.receiver_team.manager)

    text = client.get(reverse("leads:handoff-decide", args=[handoff.pk])).text

    assert "it counts" in text
    assert "no word yet" in text
    assert "If they do not, it counts: that is signed." in text


def test_the_return_is_five_big_choices_with_their_examples(client):
    handoff = make_handoff()
    client.force_login(handoff.receiver)

    text = client.get(reverse("leads:handoff-return", args=[handoff.pk])).text

    assert text.count('name="reason"') == 5
    assert "Eight people work there, the form said 80." in text
    assert "Only after 6 attempts; none is counted yet." in text


def test_a_reason_that_needs_the_cadence_is_refused_with_the_way_out(client):
    handoff = make_handoff()
    client.force_login(handoff.receiver)

    answer = client.post(
        reverse("leads:handoff-return", args=[handoff.pk]), {"reason": "unable_to_reach"}
    )

    assert answer.status_code == 409
    assert "attempts that were agreed" in answer.text


def test_who_reads_no_leads_finds_no_handoff(client):
    handoff = make_handoff()
    client.force_login(make_user(team=None, role="admin", is_staff=True))

    assert client.get(reverse("leads:handoff", args=[handoff.pk])).status_code == 404


def test_the_page_of_an_offered_lead_begins_with_accept(client):
    handoff = make_handoff()
    client.force_login(handoff.receiver)

    text = client.get(reverse("leads:lead", args=[handoff.lead_id])).text

    assert text.index("/handoffs/") == text.index(f"/handoffs/{handoff.pk}/accept/")
