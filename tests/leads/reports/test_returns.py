"""Why leads came back: by reason, criterion and origin, and how each was answered."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, returns
from leads.actions.handing.undo import undo
from leads.models import Handoff
from leads.reports.scorecard.returns import of_group
from leads.reports.scorecard.returns import returns as returned
from sla.models import Version
from tests.factories import MONDAY_NINE, make_accepted, make_user
from tests.leads.clockwork import HOUR
from tests.leads.reports.scenes import DAY, a_month

pytestmark = pytest.mark.django_db


def test_returns_are_told_by_reason_and_by_how_they_were_answered():
    """A fix is recorded in the round that it opens, a dispute and a recycling in their own."""
    sdr = make_user()
    one, two, three, four = [
        make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign="Spring") for _ in range(4)
    ]
    for handoff in (one, two, three, four):
        returns.give_back(
            handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason="no_need"
        )
    at = MONDAY_NINE + 3 * HOUR
    returns.answer_fixed(handoff_id=one.pk, by=one.giver, at=at)
    returns.answer_dispute(handoff_id=two.pk, by=two.giver, at=at)
    endings.answer_recycle(
        handoff_id=three.pk, by=three.giver, at=at, on=at + 30 * DAY, note="in spring"
    )

    (row,) = returned(a_month())["reason"]

    assert (row.key, row.number, row.most_from) == ("no_need", 4, ("Spring", 4))
    assert row.answers == {"fixed": 1, "disputed": 1, "nurture": 1, "waiting": 1}


def test_a_dispute_that_was_mended_after_all_is_told_as_mended_and_the_next_return_apart():
    sdr = make_user()
    handoff = make_accepted(by=sdr, at=MONDAY_NINE + HOUR)
    returns.give_back(
        handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason="no_need"
    )
    giver = Handoff.objects.get(pk=handoff.pk).giver
    returns.answer_dispute(handoff_id=handoff.pk, by=giver, at=MONDAY_NINE + 3 * HOUR)
    returns.answer_fixed(handoff_id=handoff.pk, by=giver, at=MONDAY_NINE + 4 * HOUR)
    returns.give_back(
        handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 5 * HOUR, reason="no_need"
    )

    (row,) = returned(a_month())["reason"]

    assert row.answers == {"fixed": 1, "waiting": 1}


def test_the_same_returns_are_told_by_criterion_and_by_where_they_came_from():
    sdr = make_user()
    plan = (("no_need", "Spring"), ("no_need", ""), ("too_small", "Spring"))
    for reason, campaign in plan:
        one = make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign=campaign)
        returns.give_back(handoff_id=one.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason=reason)
    version = Version.objects.get()

    found = returned(a_month(), version)

    told = {by: [(row.key, row.number) for row in rows] for by, rows in found.items()}
    assert told == {
        "reason": [("no_need", 2), ("too_small", 1)],
        "criterion": [("asked", 2), ("size", 1)],
        "campaign": [("Spring", 2)],
        "source": [("website", 1)],
    }
    for by, rows in found.items():
        for row in rows:
            assert of_group(by, row.key, a_month(), version).count() == row.number


def test_a_return_that_was_undone_was_none():
    sdr = make_user()
    one = make_accepted(by=sdr, at=MONDAY_NINE + HOUR)
    at = MONDAY_NINE + 2 * HOUR
    returns.give_back(handoff_id=one.pk, by=sdr, at=at, reason="no_need")
    undo(handoff_id=one.pk, by=sdr, at=at + timedelta(seconds=20))

    assert returned(a_month())["reason"] == []
