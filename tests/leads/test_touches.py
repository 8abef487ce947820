"""Touches: whose time counts, what is an attempt, and what an attempt sets off."""

from datetime import timedelta

import pytest

from leads.actions.journeys import touches
from leads.errors import NotYours, UnknownTouch
from leads.models import Touch
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(minutes=10)
EARLIER = MONDAY_NINE + timedelta(minutes=4)


def log(lead, kind, by, at=LATER, **more):
    return touches.log(lead_id=lead.pk, kind=kind, by=by, at=at, **more)


@pytest.mark.parametrize(
    ("kind", "direction", "attempt", "contact"),
    [
        ("call", None, True, False),
        ("call", "two_way", True, True),
        ("call", "inbound", False, False),
        ("voicemail", None, True, False),
        ("personal_mail", None, True, False),
        ("mail", None, False, False),
        ("meeting", None, True, True),
        ("chat", None, False, True),
        ("webinar", None, False, False),
        ("case_study", None, False, False),
    ],
)
def test_what_is_an_attempt_and_what_is_a_contact(kind, direction, attempt, contact):
    touch = log(make_lead(), kind, make_user("Sam"), direction=direction)

    assert (touch.is_attempt, touch.is_contact) == (attempt, contact)


def test_both_departments_log_at_every_stage():
    lead = make_lead(stage="deciding")

    ours = log(lead, "case_study", make_user(team="demand-generation"))
    theirs = log(lead, "call", make_user(team="outside-sales"))

    assert (ours.department_id, theirs.department_id) == ("marketing", "sales")


def test_the_servers_time_counts_and_another_is_only_claimed():
    touch = log(
        make_lead(), "call", make_user("Sam"), claimed_at=EARLIER, subject=" first\x00 call "
    )

    assert (touch.occurred_at, touch.recorded_at) == (LATER, LATER)
    assert (touch.claimed_at, touch.trusted) == (EARLIER, False)
    assert touch.subject == "first call"


@pytest.mark.parametrize(
    ("source", "kind", "minutes", "trusted"),
    [
        pytest.param("dialler", "call", 30, True, id="in time"),
        pytest.param("dialler", "call", 31, False, id="later than its lag"),
        pytest.param("dialler", "call", -1, False, id="from the future"),
        pytest.param("dialler", "meeting", 5, False, id="not for this kind"),
        pytest.param("intranet", "call", 5, False, id="not a trusted source"),
    ],
)
def test_a_trusted_sources_time_counts_within_its_lag(source, kind, minutes, trusted):
    said = LATER - timedelta(minutes=minutes)

    touch = log(make_lead(), kind, make_user("Sam"), source=source, occurred_at=said)

    assert touch.trusted is trusted
    assert touch.occurred_at == (said if trusted else LATER)
    assert touch.claimed_at == (None if trusted else said)


def test_the_same_touch_of_the_same_system_is_recorded_once():
    lead, sam = make_lead(), make_user("Sam")

    first = log(lead, "call", sam, source="dialler", external_id="c-1")
    again = log(lead, "call", sam, source="dialler", external_id="c-1")

    assert first == again
    assert Touch.objects.count() == 1


def test_a_kind_or_direction_that_there_is_not_is_refused():
    lead, sam = make_lead(), make_user("Sam")

    with pytest.raises(UnknownTouch):
        log(lead, "telepathy", sam)
    with pytest.raises(UnknownTouch):
        log(lead, "call", sam, direction="sideways")


def test_a_touch_is_logged_by_its_own_department():
    lead = make_lead()

    with pytest.raises(NotYours):
        log(lead, "call", make_operations())
    with pytest.raises(NotYours):
        log(lead, "call", make_user("Sam"), department="marketing")


def test_an_attempt_accepts_the_offered_handoff_and_stops_the_first_attempt():
    handoff = make_handoff()

    touch = log(handoff.lead, "call", handoff.receiver)

    handoff.refresh_from_db()
    assert touch.handoff == handoff
    assert (handoff.state, handoff.accepted_at) == ("accepted", LATER)
    stopped = handoff.clocks.exclude(stopped_at=None).values_list("kind", "stopped_at")
    assert dict(stopped) == {"accept": LATER, "first_attempt": LATER}


def test_a_trusted_attempt_counts_when_it_was_made():
    handoff = make_handoff()

    log(handoff.lead, "call", handoff.receiver, source="dialler", occurred_at=EARLIER)

    handoff.refresh_from_db()
    assert handoff.accepted_at == EARLIER
    assert handoff.clocks.get(kind="first_attempt").stopped_at == EARLIER


def test_a_call_before_the_offer_is_no_attempt_on_it():
    handoff = make_handoff(at=LATER)

    log(handoff.lead, "call", handoff.receiver, source="dialler", occurred_at=EARLIER)

    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_a_mail_that_answers_by_itself_accepts_nothing():
    handoff = make_handoff()

    log(handoff.lead, "mail", handoff.receiver)

    handoff.refresh_from_db()
    assert handoff.state == "offered"


@pytest.mark.parametrize("team", ["inside-sales", "outside-sales"])
def test_a_colleague_does_not_accept_by_calling(team):
    handoff = make_handoff()

    log(handoff.lead, "call", make_user(team=team))

    handoff.refresh_from_db()
    assert handoff.state == "offered"
    assert handoff.clocks.get(kind="first_attempt").stopped_at is None


def test_attempts_count_for_the_cadence():
    handoff = make_accepted()

    for minutes in (10, 20):
        log(handoff.lead, "call", handoff.receiver, at=MONDAY_NINE + timedelta(minutes=minutes))

    assert handoff.clocks.get(kind="cadence").attempts_made == 2


def test_a_colleague_of_the_team_calls_for_who_accepted():
    handoff = make_accepted()

    log(handoff.lead, "call", make_user(), at=LATER)

    assert handoff.clocks.get(kind="first_attempt").stopped_at == LATER


def test_marketings_touch_on_a_handoff_belongs_to_it_and_answers_nothing():
    handoff = make_handoff()

    touch = log(handoff.lead, "call", handoff.giver)

    assert touch.handoff == handoff
    handoff.refresh_from_db()
    assert handoff.state == "offered"


def test_the_ledger_tells_of_the_touch_but_not_what_it_was_about():
    touch = log(make_lead(), "call", make_user("Sam"), subject="her new budget")

    entry = LedgerEntry.objects.get(subject_type="touch", subject_id=touch.pk)
    assert entry.clear["attempt"] is True
    assert set(entry.committed) == {"subject"}
    assert "budget" not in entry.body
