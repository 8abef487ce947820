"""A meeting that the lead booked: an attempt that nobody made, and what a no-show undoes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import endings
from leads.actions.journeys import meetings
from leads.core.handoff import State
from leads.errors import LeadIsClosed, MeetingRefused, NotYours
from leads.models import Handoff, Meeting, Turn
from tests.factories import MONDAY_NINE, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
SOON = MONDAY_NINE + timedelta(minutes=5)
MEETS = MONDAY_NINE + timedelta(days=1, hours=2)
AFTER = MEETS + timedelta(minutes=20)


def book(lead, host, at=SOON, **more):
    return meetings.book(lead_id=lead.pk, host=host, starts_at=MEETS, at=at, **more)


def missed(meeting, by=None, at=AFTER):
    return meetings.missed(meeting_id=meeting.pk, by=by or meeting.host, at=at)


def outcomes(handoff):
    return dict(handoff.clocks.exclude(outcome="cancelled").values_list("kind", "outcome"))


@pytest.fixture
def offered():
    """Offered to somebody by turn, as nobody owns the company."""
    make_team("inside-sales")
    receiver = make_user("Ann")
    lead = make_lead(company=None, email="ann@web.example")
    from leads.actions.handing import handoffs

    handoff = handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=MONDAY_NINE)
    assert handoff.receiver == receiver
    return handoff


def test_it_satisfies_the_attempt_and_accepts_for_the_host(offered):
    meeting = book(offered.lead, offered.receiver)

    offered.refresh_from_db()
    assert (offered.state, offered.receiver) == (State.ACCEPTED, meeting.host)
    assert meeting.touch.is_attempt
    assert outcomes(offered)["accept"] == "met"
    assert outcomes(offered)["first_attempt"] == "met"


def test_the_cadence_waits_as_somebody_is_to_come(offered):
    book(offered.lead, offered.receiver)

    assert "cadence" not in outcomes(offered)
    assert outcomes(offered)["disposition"] == ""


def test_it_costs_the_host_one_turn_and_not_two(offered):
    book(offered.lead, offered.receiver)

    assert Turn.objects.filter(member=offered.receiver, given_back_at=None).count() == 1


def test_another_host_gets_the_lead_and_whom_it_was_meant_for_gets_the_turn_back(offered):
    before, host = offered.receiver, make_user("Host")

    book(offered.lead, host)

    offered.refresh_from_db()
    assert offered.receiver == host
    assert offered.lead.assignments.get(department="sales", until=None).member == host
    assert not Turn.objects.filter(member=before, given_back_at=None).exists()
    assert Turn.objects.get(member=host).given_back_at is None


def test_who_does_not_come_gives_the_turn_back_and_starts_the_cadence(offered):
    meeting = missed(book(offered.lead, offered.receiver))

    assert Turn.objects.get(member=meeting.host).given_back_at == AFTER
    cadence = offered.clocks.get(kind="cadence")
    assert (cadence.started_at, cadence.outcome, cadence.owner) == (AFTER, "", meeting.host)
    assert outcomes(offered)["first_attempt"] == "met"


def test_the_host_of_a_meeting_to_come_receives_what_is_offered_later():
    team = make_team("inside-sales")
    make_user("Other", team=team)
    host, lead = make_user("Host", team=team), make_lead(company=None, stage="exploring")
    book(lead, host)
    from leads.actions.handing import handoffs

    lead.refresh_from_db()
    if not lead.handoffs.exists():
        handoffs.offer(lead_id=lead.pk, kind="to_inside_sales", by=None, at=SOON)

    assert Handoff.objects.get(lead=lead).receiver == host
    assert Turn.objects.filter(lead=lead).count() == 1


def test_one_booking_of_one_system_is_recorded_once(offered):
    first, second = (
        book(offered.lead, offered.receiver, source="calendar", external_id="7")
        for _ in range(2)
    )

    assert first == second
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "error"), [(MEETS, MeetingRefused), (MEETS + timedelta(days=1), MeetingRefused)]
)
def test_a_booked_meeting_lies_ahead(offered, at, error):
    with pytest.raises(error):
        book(offered.lead, offered.receiver, at=at)


def test_nobody_came_is_said_once_after_it_began_and_by_who_hosts(offered):
    meeting = book(offered.lead, offered.receiver)

    with pytest.raises(MeetingRefused):
        missed(meeting, at=MEETS - timedelta(minutes=1))
    with pytest.raises(NotYours):
        missed(meeting, by=make_user("Colleague"))
    missed(meeting)
    with pytest.raises(MeetingRefused):
        missed(meeting)


def test_the_other_department_books_for_nobody_and_a_closed_lead_meets_nobody(offered):
    with pytest.raises(NotYours):
        book(offered.lead, offered.receiver, by=make_user(team="demand-generation"))
    host = offered.receiver
    book(offered.lead, host)
    endings.close(handoff_id=offered.pk, by=host, at=MEETS, reason="A student")
    with pytest.raises(LeadIsClosed):
        book(offered.lead, host, at=SOON)


@pytest.mark.now(AFTER)
def test_the_page_says_that_nobody_came(client, offered):
    meeting = book(offered.lead, offered.receiver)
    client.force_login(offered.receiver)
    page = reverse("leads:meetings", args=[offered.lead_id])

    before = client.get(page)
    answer = client.post(reverse("leads:meeting-missed", args=[meeting.pk]), follow=True)

    assert "Nobody came" in before.text
    assert answer.redirect_chain[-1][0] == page
    assert "nobody came" in answer.text


@pytest.mark.now(SOON)
def test_a_meeting_is_entered_in_the_zone_of_who_enters_it(client, offered):
    client.force_login(offered.receiver)

    client.post(
        reverse("leads:meetings", args=[offered.lead_id]),
        {"host": offered.receiver.pk, "starts_at": "2026-03-03T11:00"},
    )

    assert Meeting.objects.get().starts_at == MEETS
