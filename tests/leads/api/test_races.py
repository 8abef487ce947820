"""The same call sixteen times at once: one effect, and sixteen equal answers."""

from functools import partial

import pytest

from leads.models import Handoff, Lead, Touch
from portal.accounts.actions import tokens
from portal.accounts.models import KeptAnswer
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_team, make_user
from tests.leads.api.programs import program, send
from tests.leads.races import at_once
from tests.sla.programs import DAY, a_token, calls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.now(MONDAY_NINE)]
MANY = 16
ANA = {"name": "Ana Lima", "email": "ana@lima.example"}


def all_at_once(owner, path, body=None, **headers):
    """What sixteen processes are told that show one token."""
    _, secret = a_token(owner, "read", "intake", "act", at=MONDAY_NINE - DAY)
    acts = [
        partial(send, calls(secret), "POST", f"/api/v1{path}", body, **headers)
        for _ in range(MANY)
    ]
    told, refused = at_once(acts)
    assert refused == []
    return told


def test_sixteen_identical_posts_make_one_lead_and_get_equal_answers():
    make_agreement(), make_team("inside-sales")

    told = all_at_once(
        make_user(team="demand-generation"), "/leads", ANA, **{"Idempotency-Key": "form-7"}
    )

    assert {(one.status_code, one.content) for one in told} == {(201, told[0].content)}
    assert sum("Idempotent-Replay" not in one.headers for one in told) == 1
    assert Lead.objects.count() == KeptAnswer.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="lead_arrived").count() == 1


def test_sixteen_posts_without_a_key_make_one_lead_all_the_same():
    make_agreement(), make_team("inside-sales")

    told = all_at_once(make_user(team="demand-generation"), "/leads", ANA)

    assert {one.status_code for one in told} == {200, 201}
    assert {one.json()["lead"]["id"] for one in told} == {Lead.objects.get().pk}


def test_sixteen_acceptances_with_one_key_are_one():
    handoff = make_handoff(at=MONDAY_NINE)

    told = all_at_once(
        handoff.receiver, f"/handoffs/{handoff.pk}/accept", **{"Idempotency-Key": "a"}
    )

    assert {(one.status_code, one.content) for one in told} == {(200, told[0].content)}
    assert Handoff.objects.get().moves.filter(move="accept").count() == 1


def test_a_key_that_comes_with_sixteen_bodies_at_once_counts_for_one():
    handoff = make_handoff(at=MONDAY_NINE)
    _, secret = a_token(handoff.receiver, "act", at=MONDAY_NINE - DAY)
    path = f"/api/v1/leads/{handoff.lead_id}/touches"
    acts = [
        partial(
            send, calls(secret), "POST", path, {"kind": "note", "subject": f"Note {n}"},
            **{"Idempotency-Key": "b"},
        )
        for n in range(MANY)
    ]  # fmt: skip

    told, _ = at_once(acts)

    assert sorted(one.status_code for one in told) == [201] + [422] * (MANY - 1)
    assert Touch.objects.count() == 1


def test_a_limit_holds_over_all_who_show_the_token(monkeypatch):
    monkeypatch.setattr(tokens, "CALLS", 5)
    who = make_user(team="demand-generation")
    _, secret = a_token(who, at=MONDAY_NINE - DAY)

    told, _ = at_once([partial(calls(secret).get, "/api/v1/token")] * MANY)

    assert sorted(one.status_code for one in told) == [200] * 5 + [429] * (MANY - 5)
    assert program(who).get("/api/v1/token").status_code == 200
