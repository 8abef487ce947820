"""While the time is in doubt nothing begins that has a deadline: it is refused, or it waits."""

from datetime import timedelta

import pytest

from leads.actions import clocks, contributions
from leads.actions.handing import handoffs, returns
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import touches
from leads.actions.sweeping import holding, sweep
from leads.errors import TimeInDoubt
from leads.models import Clock, Handoff, Lead, SweepHold, SweepPass, Timer
from portal import wallclock
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_lead, make_user
from tests.leads.clockwork import HOUR, MINUTE, a_pausable_clock

pytestmark = pytest.mark.django_db
SWEPT = MONDAY_NINE + 3 * HOUR
BACK = SWEPT - HOUR  # what the host says after its clock went back


@pytest.fixture
def behind(settings, monkeypatch):
    """Call it, and the host's clock says an hour less than it did at the last pass."""

    def go_back():
        SweepPass.objects.update_or_create(id=1, defaults={"swept_at": SWEPT})
        settings.HOLD_SWEEP_ON_JUMPS = True
        monkeypatch.setattr(wallclock, "now", lambda: BACK)

    return go_back


def test_while_all_is_well_nothing_is_in_doubt(behind, monkeypatch):
    behind()
    monkeypatch.setattr(wallclock, "now", lambda: SWEPT + MINUTE)

    assert holding.doubt() is None
    assert make_handoff(at=SWEPT + MINUTE).clocks.exists()


@pytest.mark.parametrize("seconds", [5, 6])
def test_five_seconds_behind_are_no_doubt(behind, monkeypatch, seconds):
    behind()
    monkeypatch.setattr(wallclock, "now", lambda: SWEPT - timedelta(seconds=seconds))

    assert (holding.doubt() is None) == (seconds == 5)


def test_an_offer_is_refused_with_the_reason_and_changes_nothing(behind):
    lead, offerer = make_lead(), make_user(team="demand-generation")
    entries = LedgerEntry.objects.count()
    behind()

    with pytest.raises(TimeInDoubt, match="the clock of the host went back"):
        handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=BACK)

    assert not Handoff.objects.exists()
    assert LedgerEntry.objects.count() == entries
    assert offerer.is_active


def test_so_is_everything_else_that_starts_a_clock(behind):
    offered, accepted = make_handoff(), make_accepted()
    behind()
    before = Clock.objects.count()

    with pytest.raises(TimeInDoubt):
        handoffs.accept(handoff_id=offered.pk, by=offered.receiver, at=BACK)
    with pytest.raises(TimeInDoubt):
        returns.give_back(
            handoff_id=accepted.pk, by=accepted.receiver, at=BACK, reason="no_need"
        )
    with pytest.raises(TimeInDoubt):
        touches.log(lead_id=offered.lead_id, kind="call", by=offered.receiver, at=BACK)

    offered.refresh_from_db()
    assert offered.state == "offered"
    assert Clock.objects.count() == before
    assert not offered.clocks.exclude(stopped_at=None).exists()


def test_material_is_not_asked_for_meanwhile(behind):
    seller = make_user(team="outside-sales")
    lead = make_lead(stage="deciding", seller=seller)
    behind()

    with pytest.raises(TimeInDoubt):
        contributions.ask(
            lead_id=lead.pk, kind="case_study", subject="Pumps", by=seller, at=BACK
        )


def test_no_instant_moves_by_a_clock_in_doubt(behind):
    clock = a_pausable_clock()
    mine = {"clock_id": clock.pk, "by": clock.owner}
    behind()

    with pytest.raises(TimeInDoubt):
        clocks.pause(reason="call_back", at=clock.due_at - MINUTE, **mine)
    Clock.objects.filter(pk=clock.pk).update(paused_at=clock.started_at)
    with pytest.raises(TimeInDoubt):
        clocks.resume(at=clock.due_at - MINUTE, **mine)

    due = clock.due_at
    clock.refresh_from_db()
    assert clock.due_at == due


def test_what_ends_and_sets_no_deadline_goes_on(behind):
    """A clock that stops freezes nothing: its instants are what they were."""
    handoff = make_accepted(at=MONDAY_NINE + HOUR)
    behind()

    touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=BACK)

    assert handoff.clocks.get(kind="first_attempt").outcome == "met"


def arrival(**fields):
    known = {
        "name": "Ines Aubert", "email": "ines@aubert.example", "phone": "+49 30 1234567",
        "job_title": "Head of maintenance", "country": "DE", "company_name": "Aubert",
        "company_domain": "aubert.example", "company_country": "DE",
        "company_employees": 80, "source": "website", "segment": "demo_request",
        "score": 90, "consent": True, "set_by": "form", "touch": "demo_request",
    }  # fmt: skip
    return Arrival(**(known | fields))


def a_lead_that_would_be_offered(at):
    return receive(arrival=arrival(), at=at).lead


def test_a_lead_that_arrives_is_taken_and_its_offer_waits_until_the_time_is_right(
    behind, settings, monkeypatch
):
    make_handoff(at=MONDAY_NINE - 5 * MINUTE)  # teams, people and an agreement in force
    behind()

    lead = a_lead_that_would_be_offered(BACK)

    assert Lead.objects.filter(pk=lead.pk).exists()
    assert not lead.handoffs.exists()
    timer = Timer.objects.get(lead=lead, kind=Timer.Kind.OFFER_WAITS)
    assert timer.at <= BACK

    monkeypatch.setattr(wallclock, "now", lambda: SWEPT + MINUTE)
    sweep.raise_all(at=SWEPT + MINUTE)

    handoff = lead.handoffs.get()
    assert handoff.offered_at == SWEPT + MINUTE
    assert min(handoff.clocks.values_list("started_at", flat=True)) == SWEPT + MINUTE


def test_it_waits_once_however_often_it_is_heard_of(behind):
    make_handoff(at=MONDAY_NINE - 5 * MINUTE)
    behind()

    a_lead_that_would_be_offered(BACK)
    a_lead_that_would_be_offered(BACK + MINUTE)

    assert Timer.objects.filter(kind=Timer.Kind.OFFER_WAITS).count() == 1


@pytest.mark.parametrize(
    ("machine", "is_refused"),
    [(wallclock.machine(), True), ("", True), ("another", False)],
    ids=["this machine jumped", "away for a week", "another machine jumped"],
)
def test_a_hold_of_the_sweep_holds_deadlines_where_it_holds_the_sweep(
    behind, monkeypatch, machine, is_refused
):
    lead = make_lead()
    behind()
    monkeypatch.setattr(wallclock, "now", lambda: SWEPT + MINUTE)
    SweepHold.objects.create(
        why=SweepHold.Why.JUMP, machine=machine, began_at=SWEPT, seen_at=SWEPT
    )

    if is_refused:
        with pytest.raises(TimeInDoubt, match="jumped"):
            handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=SWEPT + MINUTE)
    else:
        handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=SWEPT + MINUTE)


def test_after_an_operators_word_deadlines_begin_again(behind):
    lead = make_lead()
    behind()
    holding.hold(holding.Host(wallclock.machine()), BACK)
    assert holding.doubt() is not None

    holding.confirm(at=BACK, by=None)

    assert holding.doubt() is None
    assert handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=BACK)


def test_evidence_of_a_trusted_source_is_older_than_the_last_pass_and_no_doubt(
    behind, monkeypatch
):
    """What counts is what this host's clock says, not the instant of the act."""
    handoff = make_handoff()
    behind()
    monkeypatch.setattr(wallclock, "now", lambda: SWEPT + MINUTE)

    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=BACK)

    handoff.refresh_from_db()
    assert handoff.state == "accepted"


@pytest.mark.now(BACK)
def test_a_person_reads_why_and_nothing_is_lost(behind, client):
    handoff = make_handoff()
    behind()
    client.force_login(handoff.receiver)

    answer = client.post(f"/handoffs/{handoff.pk}/accept/", headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "The time of the portal is in doubt" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == "offered"
