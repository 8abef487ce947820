"""A lead by API alone, from its arrival over a handoff to its outcome, by who may."""

from datetime import timedelta

import pytest

from leads.models import Handoff, HandoffMove, Lead, Touch
from leads.reports.audit import SENTENCES, broken
from portal import wallclock
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_handoff,
    make_lead,
    make_operations,
    make_team,
    make_user,
)
from tests.leads.api.programs import get, post, problem, program, send

AN_HOUR_LATER = MONDAY_NINE + timedelta(hours=1)
pytestmark = [pytest.mark.django_db, pytest.mark.now(AN_HOUR_LATER)]


def later(monkeypatch, **passed):
    monkeypatch.setattr(wallclock, "now", lambda: AN_HOUR_LATER + timedelta(**passed))


def test_a_lead_arrives_and_is_found_with_both_its_seats():
    make_agreement()
    who = program(make_user(team="demand-generation"))
    make_team("inside-sales")

    answer = send(
        who, "POST", "/api/v1/leads",
        {"name": "Ana Lima", "email": "ana@lima.example", "source": "website"},
    )  # fmt: skip

    made = answer.json()
    assert (answer.status_code, made["outcome"]) == (201, "new")
    assert get(who, answer.headers["Location"].removeprefix("/api/v1")) == made["lead"]
    assert [seat["department"] for seat in made["lead"]["seats"]] == ["marketing", "sales"]


def test_a_demo_request_has_its_handoff_and_clocks_in_the_answer_of_the_same_instant():
    make_agreement()
    who = program(make_user(team="demand-generation"))
    make_user(team="inside-sales")

    made = post(
        who, "/leads",
        {"name": "Ana Lima", "email": "ana@acme.example", "phone": "+49 30 90182015",
         "touch": "demo_request", "segment": "demo_request", "source": "website",
         "company_country": "DE", "company_employees": 200, "consent": True},
        201,
    )  # fmt: skip

    (offered,) = get(who, f"/handoffs?lead={made['lead']['id']}")["items"]
    clocks = get(who, f"/clocks?lead={made['lead']['id']}")["items"]
    assert offered["state"] == "offered"
    started = {one["obligation"]: one["started_at"] for one in clocks}
    assert {"accept", "first_attempt"} <= set(started)
    assert set(started.values()) == {offered["offered_at"]} == {made["lead"]["received_at"]}


def test_who_is_known_is_found_and_not_doubled():
    make_agreement(), make_team("inside-sales"), make_team("demand-generation")
    who = program(make_operations())
    body = {"name": "Ana", "email": "a.na@lima.example", "system": "crm", "external_id": "7"}

    first = post(who, "/leads", body, 201)
    again = post(who, "/leads", body | {"job_title": "Head of plant"})
    same = post(who, "/leads", body | {"job_title": "Head of plant"})

    assert (first["outcome"], again["outcome"], same["outcome"]) == (
        "new", "updated", "duplicate",
    )  # fmt: skip
    assert Lead.objects.get().job_title == "Head of plant"
    assert again["lead"]["sources"] == [{"system": "crm", "external_id": "7"}]


def test_ids_of_other_systems_come_with_a_token_of_operations():
    make_agreement()
    who = program(make_user(team="demand-generation"))
    body = {"name": "Ana", "email": "a@lima.example", "system": "crm", "external_id": "7"}

    said = problem(send(who, "POST", "/api/v1/leads", body), 403)

    assert said["errors"][0]["path"] == "body.external_id"
    assert not Lead.objects.exists()


def test_a_lead_goes_from_offer_to_acceptance_and_its_clocks_are_read():
    marketer, rep = make_user(team="demand-generation"), make_user(team="inside-sales")
    lead = make_lead(marketer=marketer, at=MONDAY_NINE, phone="+49 30 1", job_title="Head")
    giver, taker = program(marketer), program(rep)

    offered = post(
        giver, f"/leads/{lead.pk}/offers", {"kind": "to_inside_sales", "values": {}}, 201
    )
    clocks = get(taker, f"/clocks?lead={lead.pk}&running=true")["items"]
    may = get(taker, f"/handoffs/{offered['id']}/moves")["moves"]
    accepted = post(taker, f"/handoffs/{offered['id']}/accept")

    assert offered["state"] == "offered"
    assert {one["kind"] for one in clocks} >= {"accept", "first_attempt"}
    assert {"accept", "return"} <= set(may)
    assert accepted["state"] == "accepted"
    assert accepted["receiver"]["member"]["id"] == rep.pk
    assert "undo" in get(taker, f"/handoffs/{offered['id']}/moves")["moves"]


def test_what_the_ledger_says_of_a_call_names_its_token():
    rep = make_user(team="inside-sales")
    handoff = make_handoff(receiver=rep, at=MONDAY_NINE)
    who = program(rep)

    post(who, f"/handoffs/{handoff.pk}/accept")

    entry = LedgerEntry.objects.about(("handoff", handoff.pk)).last()
    assert entry.clear["token"] == rep.tokens.get().pk


def test_a_second_one_is_told_who_was_quicker():
    handoff = make_handoff(at=MONDAY_NINE)
    manager = program(handoff.receiver_team.manager)
    post(manager, f"/handoffs/{handoff.pk}/accept")

    said = problem(send(program(handoff.receiver), "POST", _at(handoff, "accept")), 409)

    assert said["type"] == "urn:concord:problem:handoff-already-answered"


def test_a_token_may_no_more_than_its_owner():
    handoff = make_handoff(at=MONDAY_NINE)
    stranger, ops = program(make_user(team="demand-generation")), program(make_operations())

    for who in (stranger, ops):
        problem(send(who, "POST", _at(handoff, "accept")), 403)

    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_a_return_is_fixed_and_taken_on(monkeypatch):
    handoff = make_handoff(at=MONDAY_NINE)
    taker, giver = program(handoff.receiver), program(handoff.giver)

    back = post(taker, f"/handoffs/{handoff.pk}/return", {"reason": "wrong_data"})
    again = post(giver, f"/handoffs/{handoff.pk}/fix", {"values": {"lead.phone": "+49 1"}})

    assert (back["state"], back["return_reason"]) == ("returned", "wrong_data")
    assert (again["state"], again["round"]) == ("offered", 2)
    assert Lead.objects.get(pk=handoff.lead_id).phone == "+49 1"


def test_a_return_is_disputed_and_both_managers_decide():
    handoff = make_handoff(at=MONDAY_NINE)
    post(program(handoff.receiver), f"/handoffs/{handoff.pk}/return", {"reason": "too_small"})
    post(program(handoff.giver), f"/handoffs/{handoff.pk}/dispute", {"note": "It is one"})

    for team in (handoff.giver_team, handoff.receiver_team):
        said = post(program(team.manager), f"/handoffs/{handoff.pk}/decide", {"counts": True})

    assert (said["state"], said["round"], said["decided_as"]) == ("offered", 2, "counts")


def test_outcomes_are_said(monkeypatch):
    one, two, three = (make_accepted(at=MONDAY_NINE) for _ in "123")
    whos = [program(handoff.receiver) for handoff in (one, two, three)]

    talking = post(whos[0], f"/handoffs/{one.pk}/still-talking")
    done = post(whos[0], f"/handoffs/{one.pk}/complete", {"won": True, "note": "Signed"})
    closed = post(whos[1], f"/handoffs/{two.pk}/close", {"reason": "A student"})
    nurture = post(
        whos[2], f"/handoffs/{three.pk}/recycle", {"on": "2026-06-01", "note": "Budget in June"}
    )

    assert talking["outcome"] == "still_talking"
    assert (done["state"], done["outcome"]) == ("completed", "won")
    assert (closed["state"], closed["outcome"]) == ("closed", "disqualified")
    assert (nurture["state"], nurture["outcome"]) == ("closed", "nurture")


def test_a_move_is_taken_back_within_its_seconds(monkeypatch):
    handoff = make_handoff(at=MONDAY_NINE)
    who = program(handoff.receiver)
    post(who, f"/handoffs/{handoff.pk}/accept")

    back = post(who, f"/handoffs/{handoff.pk}/undo")
    post(who, f"/handoffs/{handoff.pk}/accept")
    later(monkeypatch, minutes=1)
    said = problem(send(who, "POST", _at(handoff, "undo")), 409)

    assert back["state"] == "offered"
    assert said["type"].endswith("undo-too-late")


def test_a_handoff_is_given_to_another_and_withdrawn():
    handoff, to = make_handoff(at=MONDAY_NINE), make_user(team="inside-sales")
    manager = program(handoff.receiver_team.manager)

    given = post(manager, f"/handoffs/{handoff.pk}/reassign", {"to": to.pk})
    wrong = send(manager, "POST", _at(handoff, "reassign"), {"to": 987654})
    stranger = send(manager, "POST", _at(handoff, "reassign"), {"to": handoff.giver_id})
    back = post(program(handoff.giver), f"/handoffs/{handoff.pk}/withdraw")

    assert given["receiver"]["member"]["id"] == to.pk
    for said in (wrong, stranger):
        assert problem(said, 422)["errors"][0]["path"] == "body.to"
    assert back["state"] == "withdrawn"


def test_an_offer_names_what_it_lacks():
    marketer = make_user(team="demand-generation")
    lead = make_lead(marketer=marketer, at=MONDAY_NINE, email="")

    answer = send(
        program(marketer),
        "POST",
        f"/api/v1/leads/{lead.pk}/offers",
        {"kind": "to_inside_sales"},
    )
    none = send(
        program(marketer), "POST", f"/api/v1/leads/{lead.pk}/offers", {"kind": "no_such"}
    )

    assert problem(answer, 409)["errors"]
    assert problem(none, 422)["errors"][0]["path"] == "body.kind"
    assert not Handoff.objects.exists()


def test_an_attempt_by_api_accepts_and_its_claimed_time_moves_nothing():
    handoff = make_handoff(at=MONDAY_NINE)
    who = program(handoff.receiver)
    body = {
        "kind": "call", "subject": "Reached the desk", "seconds": 40, "external_id": "c-1",
        "occurred_at": MONDAY_NINE.isoformat(),
    }  # fmt: skip

    touch = post(who, f"/leads/{handoff.lead_id}/touches", body, 201)
    same = post(who, f"/leads/{handoff.lead_id}/touches", body, 201)

    row = Touch.objects.get(pk=touch["id"])
    assert same["id"] == touch["id"]
    assert (row.occurred_at, row.claimed_at) == (AN_HOUR_LATER, MONDAY_NINE)
    assert HandoffMove.objects.filter(move="accept").count() == 1


def _at(handoff, verb):
    return f"/api/v1/handoffs/{handoff.pk}/{verb}"


@pytest.mark.parametrize(
    ("name", "value"),
    [("company.", "x"), ("company.status", "customer"), ("lead.name", "Eve"), ("x.y", 1),
     ("lead.email", "known already"), ("attributes.any", "thing"), ("lead.score", "many")],
)  # fmt: skip
def test_an_offer_fills_in_what_it_asks_for_and_nothing_else(name, value):
    marketer = make_user(team="demand-generation")
    lead = make_lead(marketer=marketer, at=MONDAY_NINE)
    body = {"kind": "to_inside_sales", "values": {name: value}}

    said = problem(
        send(program(marketer), "POST", f"/api/v1/leads/{lead.pk}/offers", body), 422
    )

    assert [one["path"] for one in said["errors"]] == [f"body.values.{name}"]
    lead.refresh_from_db()
    assert (lead.name != "Eve", lead.score, lead.company.status) == (True, None, "prospect")


def test_the_audit_finds_nothing_after_a_life_by_api():
    """The token in each entry is one thing more to read, and nothing that misleads."""
    make_agreement(), make_team("inside-sales")
    marketer, rep = make_user(team="demand-generation"), make_user(team="inside-sales")
    body = {
        "name": "Ana Lima", "email": "ana@lima.example", "source": "website",
        "touch": "demo_request", "company_name": "Lima", "company_country": "DE",
        "company_employees": 80, "company_domain": "lima.example",
    }  # fmt: skip
    lead = post(program(marketer), "/leads", body, 201)["lead"]["id"]
    (handoff,) = get(program(rep), f"/handoffs?lead={lead}")["items"]
    post(program(rep), f"/handoffs/{handoff['id']}/accept")
    post(program(rep), f"/handoffs/{handoff['id']}/close", {"reason": "A student"})

    found = [one for key in SENTENCES for one in broken(key, AN_HOUR_LATER)]

    assert found == []
