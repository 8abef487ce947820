"""A touch that was logged by a wrong key is taken back by who logged it, within 30 s."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.journeys import taking_back, touches
from leads.errors import NothingToUndo, UndoOvertaken, UndoTooLate
from leads.models import Clock, Touch
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user

LATER = MONDAY_NINE + timedelta(minutes=5)
SOON = LATER + timedelta(seconds=20)
pytestmark = [pytest.mark.django_db, pytest.mark.now(SOON)]


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def accepted(rep):
    return make_accepted(by=rep, at=MONDAY_NINE, name="Ines Moreau")


@pytest.fixture
def call(rep, accepted):
    return touches.log(lead_id=accepted.lead_id, kind="call", by=rep, at=LATER)


def standing(handoff):
    kinds = ("first_attempt", "cadence")
    rows = Clock.objects.filter(handoff=handoff, kind__in=kinds).order_by("pk")
    return list(
        rows.values("kind", "stopped_at", "outcome", "attempts_made", "due_at", "next_step_at")
    )


def test_the_clocks_run_on_as_if_it_had_not_been_made(rep, accepted):
    before = standing(accepted)
    call = touches.log(lead_id=accepted.lead_id, kind="call", by=rep, at=LATER)
    counted = standing(accepted)

    taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)

    assert counted != before
    assert standing(accepted) == before
    assert Touch.objects.get(pk=call.pk).undone_at == SOON


def test_the_ledger_keeps_both(rep, call):
    taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)

    kinds = LedgerEntry.objects.filter(subject_type="touch", subject_id=call.pk)
    assert list(kinds.order_by("seq").values_list("kind", flat=True)) == [
        "touch_logged",
        "touch_taken_back",
    ]


def test_thirty_seconds_are_in_time_and_one_more_is_not(rep, call):
    with pytest.raises(UndoTooLate):
        taking_back.take_back(touch_id=call.pk, by=rep, at=LATER + timedelta(seconds=31))

    taking_back.take_back(touch_id=call.pk, by=rep, at=LATER + timedelta(seconds=30))


def test_nobody_takes_back_what_another_logged_or_what_is_taken_back(rep, call):
    with pytest.raises(NothingToUndo):
        taking_back.take_back(touch_id=call.pk, by=make_user("Jana Kos"), at=SOON)
    taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)

    with pytest.raises(NothingToUndo):
        taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)


def test_an_attempt_that_another_followed_stays(rep, accepted, call):
    touches.log(lead_id=accepted.lead_id, kind="voicemail", by=rep, at=SOON)

    with pytest.raises(UndoOvertaken):
        taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)


def test_an_attempt_that_accepted_is_taken_back_with_the_acceptance_only(rep):
    handoff = make_handoff(receiver=rep, at=MONDAY_NINE)
    call = touches.log(lead_id=handoff.lead_id, kind="call", by=rep, at=LATER)

    with pytest.raises(UndoOvertaken):
        taking_back.take_back(touch_id=call.pk, by=rep, at=SOON)


def test_the_desk_says_until_when_it_can_be_taken_back_and_does_it(client, desk, rep, call):
    page = desk(rep)
    url = reverse("leads:desk-take-back", args=[call.pk])

    client.post(url)

    assert "Ines Moreau: call logged" in page
    assert "It can be taken back until 09:05:30." in page
    assert url in page
    assert url not in desk(rep)
