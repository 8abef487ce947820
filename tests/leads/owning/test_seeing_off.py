"""Leaving the company: seen before it is done, and all of it in one action."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.owning import seeing_off
from leads.errors import CannotLeave
from leads.models import Assignment, Handoff
from portal.accounts.models import User
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_operations,
    make_signatory,
    make_team,
    make_user,
)

LATER = MONDAY_NINE + timedelta(minutes=20)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def leaver():
    """Somebody with two handoffs and a colleague."""
    first = make_handoff()
    make_accepted(by=first.receiver)
    return first.receiver, make_user("Colleague")


def test_a_preview_says_who_would_get_what_and_leaves_all_as_it_is(leaver):
    who, colleague = leaver
    entries = LedgerEntry.objects.count()

    told = seeing_off.preview(user_id=who.pk, by=make_operations(), at=LATER)

    assert told.leads == 2
    assert told.handoffs == {colleague.pk: 2}
    assert told.names[colleague.pk] == "Colleague"
    assert User.objects.get(pk=who.pk).is_active
    assert Handoff.objects.filter(receiver=who).count() == 2
    assert LedgerEntry.objects.count() == entries


def test_leaving_does_what_the_preview_said_in_one_action(leaver):
    who, colleague = leaver
    told = seeing_off.preview(user_id=who.pk, by=make_operations(), at=LATER)

    done = seeing_off.see_off(user_id=who.pk, by=make_operations(), at=LATER)

    assert done == told
    gone = User.objects.get(pk=who.pk)
    assert (gone.is_active, gone.left_at) == (False, LATER)
    assert not Assignment.objects.filter(member=who, until=None).exists()
    assert Handoff.objects.filter(receiver=colleague).count() == 2
    assert LedgerEntry.objects.filter(kind="person_left").count() == 1


def test_who_heads_or_manages_leaves_after_another_is_named():
    steward = make_team("inside-sales").steward

    with pytest.raises(CannotLeave, match="name another first"):
        seeing_off.see_off(user_id=steward.pk, by=make_operations(), at=LATER)


def test_nobody_closes_their_own_account_and_a_signatorys_only_the_head():
    head = make_signatory("sales")
    signer = make_user(role="manager", is_signatory=True)
    team = make_team("inside-sales")

    assert seeing_off.may_see_off(head, signer)
    assert not seeing_off.may_see_off(make_operations(), signer)
    assert not seeing_off.may_see_off(team.manager, signer)
    assert not seeing_off.may_see_off(team.manager, team.manager)
    assert seeing_off.may_see_off(team.manager, make_user())
    assert not seeing_off.may_see_off(make_user(), make_user())


def test_the_page_shows_the_preview_before_the_button(client, leaver):
    who, _colleague = leaver
    client.force_login(who.team.manager)
    url = reverse("leads:person-leaving", args=[who.pk])

    first, seen = client.get(url), client.post(url, {"do": "look"})
    client.post(url, {"do": "leave"})

    assert "hand everything on" not in first.text
    assert "2 leads would go on" in seen.text
    assert "Colleague" in seen.text
    assert not User.objects.get(pk=who.pk).is_active


def test_to_a_colleague_the_page_is_not_there(client, leaver):
    who, colleague = leaver
    client.force_login(colleague)

    assert client.get(reverse("leads:person-leaving", args=[who.pk])).status_code == 404
