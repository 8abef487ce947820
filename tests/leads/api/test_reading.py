"""Leads and what belongs to them are found by API: by whatever names them, page by page."""

from datetime import timedelta

import pytest

from portal.accounts.models import Department, Role
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.api.programs import get, problem, program

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE + HOUR)]


@pytest.fixture
def ops():
    return program(make_operations())


def found(who, path):
    return [row["id"] for row in get(who, path)["items"]]


def test_leads_are_found_by_stage_in_every_word_for_it(ops):
    comparing, noticed = make_lead(stage="comparing"), make_lead(stage="noticed")

    for word in ("comparing", "MQL", "mql"):
        assert found(ops, f"/leads?stage={word}") == [comparing.pk]
    assert set(found(ops, "/leads")) == {comparing.pk, noticed.pk}


def test_leads_are_found_by_team_owner_source_company_and_openness(ops):
    marketer, rep = make_user(team="demand-generation"), make_user(team="outside-sales")
    mine = make_lead(marketer=marketer, seller=rep, source="fair", company=make_company())
    closed = make_lead(closed_at=MONDAY_NINE, closed_as="lost")
    make_lead()

    for asked in (
        f"owner={marketer.pk}", f"owner={rep.pk}", "team=outside-sales", "source=fair",
        f"company={mine.company_id}",
    ):  # fmt: skip
        assert found(ops, f"/leads?{asked}") == [mine.pk], asked
    assert found(ops, "/leads?open=false") == [closed.pk]
    assert found(ops, "/leads?source=nowhere") == []


def test_leads_of_which_anything_is_newer_are_found(ops):
    handoff, _still = make_handoff(at=MONDAY_NINE), make_lead()
    since = (MONDAY_NINE - HOUR).isoformat().replace("+", "%2B")
    later = (MONDAY_NINE + HOUR).isoformat().replace("+", "%2B")

    assert found(ops, f"/leads?changed_since={since}") == [handoff.lead_id]
    assert found(ops, f"/leads?changed_since={later}") == []
    problem(ops.get("/api/v1/leads?changed_since=yesterday"), 422)


@pytest.mark.parametrize(
    "path", ["/leads?open=true", "/handoffs?open=true", "/clocks?kind=accept"]
)
def test_a_list_is_read_to_its_end_with_what_it_was_asked_for(ops, path):
    for _ in range(5):
        make_handoff(at=MONDAY_NINE)

    seen, where = [], f"{path}&limit=2"
    while where:
        page = get(ops, where.removeprefix("/api/v1"))
        seen += [row["id"] for row in page["items"]]
        where = page["next"]

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_a_page_of_leads_costs_the_same_however_many_there_are(
    ops, django_assert_max_num_queries
):
    for _ in range(12):
        make_lead()

    with django_assert_max_num_queries(8):
        assert len(found(ops, "/leads")) == 12


def test_a_page_of_handoffs_costs_the_same_however_many_there_are(
    ops, django_assert_max_num_queries
):
    for _ in range(6):
        make_handoff(at=MONDAY_NINE)

    with django_assert_max_num_queries(6):
        assert len(found(ops, "/handoffs")) == 6


def test_handoffs_are_found_by_state_team_and_people(ops):
    accepted, offered = make_accepted(at=MONDAY_NINE), make_handoff(at=MONDAY_NINE)

    assert found(ops, "/handoffs?state=accepted") == [accepted.pk]
    assert found(ops, f"/handoffs?receiver={offered.receiver_id}") == [offered.pk]
    assert found(ops, f"/handoffs?lead={offered.lead_id}") == [offered.pk]
    assert len(found(ops, "/handoffs?team=inside-sales")) == 2
    assert found(ops, "/handoffs?team=outside-sales") == []
    problem(ops.get("/api/v1/handoffs?state=lost"), 422)


def test_a_clock_is_explained_to_the_second(ops):
    clock = make_handoff(at=MONDAY_NINE).clocks.get(kind="accept")

    told = get(ops, f"/clocks/{clock.pk}/explanation")

    assert told["running"] == "PT1H"
    assert (told["paused"], told["closed"]) == ("PT0S", "PT0S")
    assert told["lines"][0]["at"] == "2026-03-02T08:00:00Z"
    assert told["is_late"] is (clock.due_at < MONDAY_NINE + HOUR)
    assert get(ops, f"/clocks/{clock.pk}")["page"] == f"/clocks/{clock.pk}/"


def test_clocks_are_found_by_whom_they_bind_and_how_they_stand(ops):
    handoff = make_handoff(at=MONDAY_NINE)
    late = found(ops, "/clocks?late=true")
    soon = found(ops, "/clocks?due_before=2026-03-02T09:00:00Z")

    assert set(late) == {c.pk for c in handoff.clocks.all() if c.due_at < MONDAY_NINE + HOUR}
    assert set(soon) == set(late)
    assert set(found(ops, f"/clocks?owner={handoff.receiver_id}")) == set(
        handoff.clocks.filter(owner=handoff.receiver).values_list("pk", flat=True)
    )


def test_stages_evidence_seats_and_people_are_read(ops):
    handoff = make_accepted(at=MONDAY_NINE)
    lead = handoff.lead_id

    entries = get(ops, f"/leads/{lead}/stages")["items"]
    ways = get(ops, f"/leads/{lead}/evidence")["items"]
    seats = get(ops, f"/leads/{lead}/seats")["items"]
    team = get(ops, "/people?team=inside-sales")["items"]

    assert (entries[-1]["stage"]["key"], entries[-1]["handoff"]) == ("talking", handoff.pk)
    assert entries[-1]["evidence"] == handoff.evidence
    assert [way["stage"]["key"] for way in ways if way["here"]] == ["talking"]
    assert any(seat["until"] for seat in seats)
    assert handoff.receiver_id in [one["id"] for one in team]
    assert {one["key"] for one in get(ops, "/teams")["items"]} >= {"inside-sales"}


def test_companies_are_found_by_name_domain_and_standing(ops):
    acme, other = make_company("Acme Works", status="customer"), make_company("Beta")

    assert found(ops, "/companies?q=acme") == [acme.pk]
    assert found(ops, f"/companies?q={other.domain[:8]}")[-1:] == [other.pk]
    assert found(ops, "/companies?status=customer") == [acme.pk]
    assert get(ops, f"/companies/{acme.pk}")["status"] == "customer"


def test_the_scorecard_is_read_as_the_page_shows_it(ops):
    make_accepted(at=MONDAY_NINE)

    card = get(ops, "/reports/scorecard?period=month&on=2026-03-02")

    accept = next(one for one in card["promises"] if one["kind"] == "accept")
    assert (card["first"], card["last"]) == ("2026-03-01", "2026-03-31")
    assert (accept["met"], accept["late"], accept["department"]) == (1, 0, "sales")
    assert accept["attainment"] == 100
    assert card["covered"] is None  # nothing is known that the portal does not see
    problem(ops.get("/api/v1/reports/scorecard?period=century"), 422)


def test_the_scorecard_is_refused_of_a_team_smaller_than_the_company_allows(ops):
    make_accepted(at=MONDAY_NINE)
    Department.objects.filter(pk="sales").update(smallest_group=50)

    problem(ops.get("/api/v1/reports/scorecard?team=inside-sales"), 409)
    assert ops.get("/api/v1/reports/scorecard").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["leads/9", "handoffs/9", "clocks/9", "clocks/9/explanation", "alerts/9", "companies/9",
     "contributions/9", "leads/9/touches", "leads/9/seats", "leads/99999999999999999999"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(ops, path):
    problem(ops.get(f"/api/v1/{path}"), 404)


def test_who_becomes_an_auditor_reads_nothing_by_an_old_token():
    owner = make_user(team="demand-generation")
    who = program(owner)
    owner.team, owner.department, owner.role = None, None, Role.AUDITOR
    owner.save()

    problem(who.get("/api/v1/leads"), 401)
