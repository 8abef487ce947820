"""The desk of a manager: the team's trouble, a word on a dispute, a text to be signed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import returns
from sla.actions import drafting, review
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_handoff,
    make_signatory,
    make_team,
    make_terms,
)

LATER = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
DESK = "leads:desk"


@pytest.fixture
def desk(client):
    """What the desk of somebody says."""

    def read(person):
        client.force_login(person)
        return client.get(reverse(DESK)).text

    return read


def test_a_manager_sees_what_is_late_with_the_team_and_can_give_it_to_another(desk):
    handoff = make_handoff(name="Ines Moreau", at=MONDAY_NINE)

    page = desk(make_team("inside-sales").manager)

    assert "Your team" in page
    assert f"With {handoff.receiver.name}, Inside sales." in page
    soonest = handoff.clocks.order_by("due_at").first()
    assert f"{reverse('leads:desk-bulk')}?do=reassign&amp;row={soonest.pk}" in page


def test_a_member_sees_nothing_of_what_others_of_the_team_owe(desk):
    handoff = make_handoff(name="Ines Moreau", at=MONDAY_NINE)

    assert "Your team" not in desk(handoff.receiver)


def test_a_dispute_waits_on_the_desks_of_both_managers_until_each_has_said_a_word(desk):
    handoff = make_handoff(name="Ines Moreau", at=MONDAY_NINE)
    returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=LATER, reason="no_need", note="later"
    )
    returns.answer_dispute(handoff_id=handoff.pk, by=handoff.giver, at=LATER, note="They asked")
    giving, receiving = handoff.giver_team.manager, handoff.receiver_team.manager
    before = [desk(person) for person in (giving, receiving)]

    returns.decide(handoff_id=handoff.pk, by=giving, at=LATER, counts=False)

    assert ["Decide the dispute" in page for page in before] == [True, True]
    assert "Decide the dispute" not in desk(giving)
    assert "Decide the dispute" in desk(receiving)


def test_a_text_to_be_signed_waits_on_the_desk_of_who_signs(desk):
    head, author = make_signatory("sales"), make_signatory("marketing")
    draft = drafting.draft(
        agreement_id=make_agreement().pk, terms=make_terms(title="New"), by=author, at=LATER
    )
    review.propose(version_id=draft.pk, by=author, at=LATER)

    assert "waits for your signature" in desk(head)
    assert "waits for your signature" not in desk(make_team("inside-sales").manager)
