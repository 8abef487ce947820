"""Somebody leaves: their open work moves on in the same transaction, and no clock restarts."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin

from leads.actions.handing import returns
from leads.actions.owning import leaving
from leads.models import Handoff
from leads.reports.audit import audit
from portal import ledger
from portal.accounts.admin import UserAdmin
from portal.accounts.models import User
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_operations,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(minutes=20)


def leaves(who, at=LATER, by=None):
    who.is_active = False
    who.save()
    with ledger.recording(at=at):
        return leaving.leave(who=who, by=by or make_operations(), at=at)


def seat(lead, department):
    return lead.assignments.get(department=department, until=None)


@pytest.mark.parametrize("make", [make_handoff, make_accepted])
def test_an_open_handoff_moves_to_a_colleague_with_seat_and_clocks(make):
    handoff, other = make(), make_user()
    before = dict(handoff.clocks.values_list("pk", "due_at"))

    leaves(handoff.receiver)

    moved = Handoff.objects.get(pk=handoff.pk)
    assert moved.receiver == other
    assert seat(moved.lead, "sales").member == other
    assert dict(handoff.clocks.values_list("pk", "due_at")) == before
    assert {one.owner for one in handoff.clocks.unstopped()} == {other}


def test_where_nobody_is_left_the_steward_gets_it_and_is_told():
    handoff, steward = make_handoff(), make_team("inside-sales").steward

    leaves(handoff.receiver)

    assert Handoff.objects.get(pk=handoff.pk).receiver == steward
    told = Delivery.objects.to(steward.pk).in_app()
    assert told.filter(about__contains="reassigned").exists()
    assert told.filter(about__startswith="user:", title__contains="has left").exists()


def test_it_is_ledgered_as_a_reassignment_by_who_closed_the_account():
    handoff, operator = make_handoff(), make_operations()
    make_user()

    leaves(handoff.receiver, by=operator)

    entries = {entry.kind: entry for entry in ledger.entries_about(("handoff", handoff.pk))}
    assert entries["handoff_reassign"].clear["receiver"] != handoff.receiver_id
    assert entries["handoff_reassign"].actor_id == operator.pk


def test_a_giver_who_leaves_hands_on_the_return_that_waits_for_an_answer():
    handoff = make_accepted()
    other = make_user(team=handoff.giver_team)
    returns.give_back(
        handoff_id=handoff.pk, reason="no_need", note="", by=handoff.receiver, at=LATER
    )

    leaves(handoff.giver, LATER + timedelta(minutes=1))

    assert Handoff.objects.get(pk=handoff.pk).giver == other
    assert {one.owner for one in handoff.clocks.unstopped()} == {other}


def test_who_has_nothing_in_hand_leaves_nothing():
    assert leaves(make_user()) == 0


def test_the_audit_is_clean_afterwards():
    handoff = make_accepted()
    make_user()

    leaves(handoff.receiver)

    broken = {one.key: one.rows for one in audit(LATER) if not one.holds}
    assert broken == {}


def test_the_admin_hands_on_when_it_closes_an_account(rf):
    handoff, other = make_handoff(), make_user()
    request, who = rf.post("/"), handoff.receiver
    request.user = make_operations()
    who.is_active = False
    form = SimpleNamespace(changed_data=["is_active"])

    with ledger.recording():
        UserAdmin(User, admin.site).save_model(request, who, form, change=True)

    assert Handoff.objects.get(pk=handoff.pk).receiver == other
