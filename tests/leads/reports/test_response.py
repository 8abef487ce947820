"""From the offer to the first attempt: over all rounds, in working time, nobody hidden."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, handoffs, returns
from leads.actions.journeys import touches
from leads.models import Handoff, Touch
from leads.reports.scorecard.response import never, responses
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_lead,
    make_team,
    make_user,
    make_version,
)
from tests.leads.clockwork import HOUR, MINUTE
from tests.leads.reports.scenes import DAY, a_month, terms_of_the_month

pytestmark = pytest.mark.django_db


def attempted(after: timedelta, sdr, **fields):
    handoff = make_handoff(receiver=sdr, **fields)
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=sdr, at=handoff.first_offered_at + after
    )
    return handoff


def test_an_attempt_on_an_edge_belongs_to_the_band_that_ends_there():
    sdr = make_user()
    edges = (5 * MINUTE, 5 * MINUTE + timedelta(seconds=1), 15 * MINUTE, HOUR, 2 * HOUR)
    made = [attempted(after, sdr).pk for after in edges]

    bands = responses(a_month()).bands

    assert bands == {
        "under5": made[:1], "under15": made[1:3], "under60": made[3:4], "over60": made[4:],
    }  # fmt: skip


def test_a_new_round_does_not_begin_it_again():
    sdr = make_user()
    handoff = make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
    returns.give_back(handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + HOUR, reason="no_need")
    giver = Handoff.objects.get(pk=handoff.pk).giver
    returns.answer_fixed(handoff_id=handoff.pk, by=giver, at=MONDAY_NINE + 2 * HOUR)
    touches.log(lead_id=handoff.lead_id, kind="call", by=sdr, at=MONDAY_NINE + 3 * HOUR)

    (made,) = responses(a_month()).made

    assert made.took == 3 * 3600


def test_the_night_does_not_count_and_another_calendar_has_another_night():
    make_version(terms=terms_of_the_month())
    sdr = make_user()
    attempted(16 * HOUR, sdr, at=MONDAY_NINE + 7 * HOUR)
    team = make_team("inside-sales")
    team.calendar = "new-york"
    team.save()
    attempted(6 * HOUR, sdr)

    # Berlin closes at half past five; New York does not open before three in Berlin.
    assert sorted(responses(a_month()).times) == [0, 90 * 60]


def test_who_was_never_attempted_is_counted_and_who_was_taken_back_is_not():
    sdr = make_user()
    waiting = make_handoff(receiver=sdr)
    gone = make_handoff(receiver=sdr)
    endings.withdraw(handoff_id=gone.pk, by=gone.giver, at=MONDAY_NINE + HOUR)
    idle = make_handoff(receiver=sdr)
    handoffs.accept(handoff_id=idle.pk, by=sdr, at=MONDAY_NINE + HOUR)

    found = responses(a_month())

    assert (found.never, found.withdrawn, found.made) == (2, 1, [])
    assert set(never(a_month())) == {waiting, idle}


def test_what_is_imported_taken_back_or_of_the_other_department_is_no_attempt():
    sdr, marketer = make_user(), make_user(team="demand-generation")
    handoff = make_handoff(receiver=sdr)
    at = MONDAY_NINE + MINUTE
    for fields in ({"imported": True}, {"undone_at": at}, {"department_id": "marketing"}):
        Touch.objects.create(
            **{
                "lead": handoff.lead, "department_id": "sales", "kind": "call", "by": marketer,
                "direction": "outbound", "is_attempt": True, "occurred_at": at,
                "recorded_at": at,
            }
            | fields
        )  # fmt: skip

    assert responses(a_month()).never == 1


def test_the_way_is_split_where_the_lead_itself_began_it():
    sdr = make_user()
    lead = make_lead(at=MONDAY_NINE - DAY)
    touch = touches.log(
        lead_id=lead.pk, kind="demo_request", by=lead.assignments.first().member,
        at=MONDAY_NINE + 4 * MINUTE, direction="inbound", claimed_at=MONDAY_NINE,
    )  # fmt: skip
    handoff = lead.handoffs.first() or make_handoff(
        lead=lead, receiver=sdr, at=MONDAY_NINE + HOUR
    )
    Touch.objects.filter(pk=touch.pk).update(claimed_at=MONDAY_NINE)
    by = handoff.receiver
    touches.log(lead_id=lead.pk, kind="call", by=by, at=handoff.first_offered_at + 10 * MINUTE)

    source, owner, attempt = responses(a_month()).lag

    assert source == 4 * MINUTE
    assert owner == handoff.first_offered_at - MONDAY_NINE - 4 * MINUTE
    assert attempt == 10 * MINUTE
