"""What else a person does to a lead, by API: seats, stages, facts, meetings, clocks, alerts,
material, merges. The action is the page's; here each is done once, and refused once."""

from datetime import timedelta

import pytest

from leads.actions.sweeping import sweep
from leads.models import Alert, Attestation, Contribution, Lead, Touch
from portal import wallclock
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.api.programs import get, post, problem, program, send

NOW = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]


@pytest.fixture
def marketer():
    return make_user(team="demand-generation")


@pytest.fixture
def rep():
    return make_user(team="inside-sales")


@pytest.fixture
def lead(marketer, rep):
    return make_lead(marketer=marketer, seller=rep)


def test_a_seat_is_given_on_by_who_may(lead, rep):
    to = make_user(team="inside-sales")
    manager, path = program(to.team.manager), f"/leads/{lead.pk}/seats"
    body = {"department": "sales", "to": to.pk}

    problem(send(program(rep), "POST", f"/api/v1{path}", body), 403)
    given = post(manager, path, body)

    assert given["seats"][1]["member"]["id"] == to.pk


def test_a_lead_moves_back_and_forward_only_with_what_it_needs(lead, marketer):
    who, path = program(marketer), f"/leads/{lead.pk}/move"

    back = post(who, path, {"to_stage": "noticed"})
    refused = problem(send(who, "POST", f"/api/v1{path}", {"to_stage": "comparing"}), 409)
    nowhere = problem(send(who, "POST", f"/api/v1{path}", {"to_stage": "no_stage"}), 422)

    assert back["stage"]["key"] == "noticed"
    assert refused["errors"]
    assert nowhere["errors"][0]["path"] == "body.to_stage"


def test_a_fact_is_vouched_for_and_taken_back(lead, rep):
    who, path = program(rep), f"/leads/{lead.pk}/attestations"

    said = post(who, path, {"fact": "budget_confirmed", "note": "By mail"})
    unknown = problem(send(who, "POST", f"/api/v1{path}", {"fact": "no_such"}), 422)
    left = post(who, f"{path}/withdraw", {"fact": "budget_confirmed"})["items"]

    assert (said["fact"], said["by"]["id"]) == ("budget_confirmed", rep.pk)
    assert unknown["errors"][0]["path"] == "body.fact"
    assert left[0]["withdrawn_at"] is not None
    assert not Attestation.objects.filter(withdrawn_at=None).exists()


def test_a_touch_is_taken_back_by_who_logged_it(marketer, rep):
    lead = make_lead(marketer=marketer, seller=rep, stage="noticed")
    touch = post(program(rep), f"/leads/{lead.pk}/touches", {"kind": "note"}, 201)
    path = f"/api/v1/touches/{touch['id']}/take-back"

    problem(send(program(make_user(team="inside-sales")), "POST", path), 409)
    back = post(program(rep), path.removeprefix("/api/v1"))

    assert back["undone_at"] is not None
    assert get(program(rep), f"/leads/{lead.pk}/touches")["items"][0]["id"] == touch["id"]


def test_a_touch_of_a_kind_that_there_is_not_is_refused_by_its_field(lead, rep):
    answer = send(
        program(rep), "POST", f"/api/v1/leads/{lead.pk}/touches", {"kind": "telepathy"}
    )

    assert problem(answer, 422)["errors"][0]["path"] == "body.kind"
    assert not Touch.objects.exists()


def test_a_meeting_is_booked_and_missed(lead, rep, monkeypatch):
    who = program(rep)
    starts = NOW + timedelta(hours=2)
    body = {"host": rep.pk, "starts_at": starts.isoformat()}

    booked = post(who, f"/leads/{lead.pk}/meetings", body, 201)
    problem(send(who, "POST", f"/api/v1/meetings/{booked['id']}/missed"), 409)
    monkeypatch.setattr(wallclock, "now", lambda: starts + timedelta(minutes=15))
    missed = post(who, f"/meetings/{booked['id']}/missed")

    assert missed["missed_at"] is not None
    assert len(get(who, f"/leads/{lead.pk}/meetings")["items"]) == 1


def test_a_clock_is_paused_for_a_listed_reason_and_runs_on(rep):
    handoff = make_accepted(at=MONDAY_NINE, by=rep)
    who, clocks = program(rep), handoff.clocks.filter(stopped_at=None)
    clock = next(c for c in clocks if c.version.parsed.obligation(c.obligation).pauses)
    reason = get(who, f"/clocks/{clock.pk}/explanation")["may_pause_for"][0]["reason"]
    path = f"/clocks/{clock.pk}"

    problem(send(who, "POST", f"/api/v1{path}/pause", {"reason": "holiday"}), 409)
    paused = post(who, f"{path}/pause", {"reason": reason})
    running = post(who, f"{path}/resume")

    assert paused["paused_at"] is not None
    assert (running["paused_at"], running["stopped_at"]) == (None, None)


def test_an_alert_is_snoozed_acknowledged_and_read(rep, monkeypatch):
    handoff = make_handoff(at=MONDAY_NINE, receiver=rep)
    due = handoff.clocks.get(kind="accept").due_at
    sweep.raise_due(at=due)
    monkeypatch.setattr(wallclock, "now", lambda: due + timedelta(seconds=5))
    who = program(rep)
    alert = Alert.objects.filter(clock__kind="accept").first()

    listed = get(who, f"/alerts?clock={alert.clock_id}&open=true")["items"]
    snoozed = post(who, f"/alerts/{alert.pk}/snooze")
    seen = post(who, f"/alerts/{alert.pk}/acknowledge")
    post(who, "/alerts/read")

    assert alert.pk in [one["id"] for one in listed]
    assert snoozed["snoozed_until"] is not None
    assert seen["acknowledged_by"]["id"] == rep.pk
    assert not Delivery.objects.to(rep.pk).unread().exists()
    stranger = program(make_user(team="outside-sales"))
    problem(send(stranger, "POST", f"/api/v1/alerts/{alert.pk}/snooze"), 403)


def test_material_is_asked_for_delivered_and_used(lead, marketer, rep):
    seller, giver = program(rep), program(marketer)
    ask = {"kind": "case_study", "subject": "A plant of their size"}

    asked = post(seller, f"/leads/{lead.pk}/contributions", ask, 201)
    path = f"/contributions/{asked['id']}"
    post(giver, f"{path}/deliver", {"link": "https://files.example/plant"})
    used = post(seller, f"{path}/used", {"used": True})

    assert used["used"] is True
    assert get(giver, "/contributions?state=used")["items"][0]["id"] == asked["id"]
    problem(send(seller, "POST", f"/api/v1{path}/cancel"), 409)


@pytest.mark.parametrize(
    "body", [{}, {"link": "javascript:alert(1)"}, {"link": "https://a.example", "content": 1}]
)
def test_material_is_delivered_by_one_link_that_is_one(lead, rep, marketer, body):
    ask = {"kind": "comparison", "subject": "Against them", "competitor": "Them"}
    asked = post(program(rep), f"/leads/{lead.pk}/contributions", ask, 201)

    answer = send(
        program(marketer), "POST", f"/api/v1/contributions/{asked['id']}/deliver", body
    )

    assert problem(answer, 422)["errors"][0]["path"] == "body.link"
    assert Contribution.objects.get().delivered_at is None


def test_material_is_cancelled_by_who_asked(lead, rep):
    ask = {"kind": "comparison", "subject": "Against them"}
    path = f"/leads/{lead.pk}/contributions"

    nameless = problem(send(program(rep), "POST", f"/api/v1{path}", ask), 422)
    asked = post(program(rep), path, ask | {"competitor": "Them"}, 201)
    gone = post(program(rep), f"/contributions/{asked['id']}/cancel")

    assert nameless["errors"][0]["path"] == "body.competitor"
    assert gone["cancelled_at"] is not None


def test_two_leads_become_one_and_two_again(marketer):
    company = make_company()
    one, two = (make_lead("Ana Lima", company=company, stage="noticed") for _ in "12")
    ops = program(make_operations())

    alike = get(ops, f"/leads/{one.pk}/duplicates")["items"]
    kept = post(ops, f"/leads/{one.pk}/merge", {"into": two.pk})
    problem(ops.get(f"/api/v1/leads/{one.pk}"), 404)
    back = post(ops, f"/leads/{one.pk}/unmerge")

    assert [row["id"] for row in alike] == [two.pk]
    assert kept["id"] == two.pk
    assert back["id"] == one.pk
    assert Lead.objects.get(pk=one.pk).merged_into is None
    nowhere = send(ops, "POST", f"/api/v1/leads/{one.pk}/merge", {"into": 987654})
    assert problem(nowhere, 422)["errors"][0]["path"] == "body.into"


def test_a_waiver_is_asked_for_and_refused(rep):
    lead = make_lead(seller=rep, stage="talking", phone="+49 30 1", job_title="Head")
    who, manager = program(rep), program(make_user(team="outside-sales").team.manager)
    body = {"kind": "to_outside_sales", "why": "They decide this week"}

    asked = post(who, f"/leads/{lead.pk}/waivers", body, 201)
    path = f"/waivers/{asked['id']}/refuse"
    problem(send(who, "POST", f"/api/v1{path}", {"note": "No"}), 403)
    said = post(manager, path, {"note": "Not yet"})

    assert asked["unmet"]
    assert (said["answer"], said["note"]) == ("refused", "Not yet")
    assert get(who, "/waivers?waiting=true")["items"] == []


def test_a_package_is_completed_with_what_it_lacks_and_nothing_else(marketer):
    handoff = make_handoff(at=MONDAY_NINE, marketer=marketer, source="")
    who, path = program(marketer), f"/handoffs/{handoff.pk}/package"

    refused = send(who, "POST", f"/api/v1{path}", {"values": {"lead.score": 90}})
    done = post(who, path, {"values": {"lead.source": "Fair"}})

    assert handoff.gaps == ["lead.source"]
    assert problem(refused, 422)["errors"][0]["path"] == "body.values.lead.score"
    assert Lead.objects.get(pk=handoff.lead_id).source == "Fair"
    assert done["id"] == handoff.pk


def test_consent_is_noted_and_taken_back(lead, marketer):
    who, path = program(marketer), f"/leads/{lead.pk}/consents"

    post(who, path, {"given": True, "source": "form"}, 201)
    post(who, path, {"given": False, "source": "call"}, 201)
    again = send(who, "POST", f"/api/v1{path}", {"given": False, "source": "call"})

    assert {one["given"] for one in get(who, path)["items"]} == {True, False}
    assert problem(again, 409)["type"].endswith("consent-refused")


def test_a_person_is_told_of_and_erased_by_operations_who_send_the_name(lead, marketer):
    ops, path = program(make_operations()), f"/leads/{lead.pk}/privacy"
    body = {"name": lead.name, "reason": "They asked"}

    problem(send(program(marketer), "POST", f"/api/v1{path}/erase", body), 404)
    asked = post(ops, f"{path}/asked", {"kind": "erasure"}, 201)
    told = post(ops, f"{path}/export")
    wrong = problem(send(ops, "POST", f"/api/v1{path}/erase", body | {"name": "Eve"}), 422)
    done = post(ops, f"{path}/erase", body)

    assert told["leads"] == [lead.pk]
    assert wrong["errors"][0]["path"] == "body.name"
    assert (done["kind"], done["id"]) == ("erasure", asked["id"])
    assert Lead.objects.get(pk=lead.pk).email == ""
