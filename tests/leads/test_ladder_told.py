"""The quiet ladder of the template, step by step: whom each step tells, by which way, when."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from leads.actions import contributions
from leads.actions.handing import handoffs, returns
from leads.actions.sweeping import sweep
from leads.models import Clock, Contribution
from portal.accounts.models import Department
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_handoff,
    make_lead,
    make_signatory,
    make_user,
)
from tests.leads.clockwork import HOUR, MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    """`accept` within an hour, offered on Monday at nine; both departments have a head."""
    made = a_clock()
    make_signatory("marketing"), make_signatory("sales")
    return made


def after_sweeping(clock: Clock, step: str) -> set[tuple[str, str, str]]:
    """(who, by which way, gathered how) of one step, once it was swept at its instant."""
    at = next(one["at"] for one in clock.steps if one["key"] == step)
    sweep.raise_all(at=type(MONDAY_NINE).fromisoformat(at))
    alert = clock.alerts.get(step=step)
    roles = dict(_roles(clock))
    return {
        (roles[row.recipient_id], row.channel, row.digest)
        for row in Delivery.objects.filter(about=f"alert:{alert.pk}")
    }


def _roles(clock: Clock) -> Iterator[tuple[int, str]]:
    yield clock.owner_id, "owner"
    yield clock.team.manager_id, "manager"
    for department in Department.objects.all():
        yield department.head_id, f"head of {department.key}"


def test_before_it_is_due_the_owner_alone_is_told_in_the_portal(clock):
    assert after_sweeping(clock, "warn") == {("owner", "in_app", "")}


def test_when_it_is_due_the_owner_hears_at_once_and_the_manager_with_the_hour(clock):
    assert after_sweeping(clock, "due") == {
        ("owner", "in_app", ""),
        ("owner", "mail", ""),
        ("manager", "in_app", "hourly"),
        ("manager", "mail", "hourly"),
    }


def test_four_working_hours_later_the_manager_hears_again_with_the_hour(clock):
    assert after_sweeping(clock, "after") == {
        ("manager", "in_app", "hourly"),
        ("manager", "mail", "hourly"),
    }


def test_a_working_day_later_both_heads_get_it_with_their_week(clock):
    assert after_sweeping(clock, "heads") == {
        ("head of marketing", "mail", "weekly"),
        ("head of sales", "mail", "weekly"),
    }
    mails = Delivery.objects.filter(channel="mail", digest="weekly")
    assert {row.next_at for row in mails} == {berlin(9, 8)}  # Monday, 08:00


# --- every obligation has its clock, on its own side; for the package see test_package.py


def test_an_offer_owes_an_answer_and_a_first_attempt_by_sales():
    handoff = make_handoff()

    assert _running(handoff) == {"accept": "sales", "first_attempt": "sales"}


def test_acceptance_owes_the_cadence_and_an_outcome_by_sales():
    handoff = make_accepted(at=MONDAY_NINE + HOUR)

    assert _running(handoff) == {
        "first_attempt": "sales", "cadence": "sales", "disposition": "sales"
    }  # fmt: skip


def test_a_return_owes_an_answer_by_marketing_and_a_dispute_a_decision_by_both_managers():
    handoff = make_accepted(at=MONDAY_NINE + HOUR)
    at = MONDAY_NINE + 2 * HOUR
    returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=at, reason="no_need")
    owed_on_return = _running(handoff)
    returns.answer_dispute(
        handoff_id=handoff.pk, by=handoff.giver, at=at + MINUTE, note="They asked for it"
    )

    assert owed_on_return == {"answer": "marketing"}
    assert _running(handoff) == {"decide": "sales"}
    decide = handoff.clocks.get(kind="decide")
    sweep.raise_all(at=decide.due_at)
    alert = decide.alerts.order_by("due_at").last()
    told = Delivery.objects.filter(about=f"alert:{alert.pk}")
    people = set(told.values_list("recipient", flat=True))
    assert {handoff.giver_team.manager_id, handoff.receiver_team.manager_id} <= people


def test_material_asked_for_late_in_the_journey_is_owed_by_marketing():
    seller = make_user(team="outside-sales")
    lead = make_lead(stage="deciding", seller=seller, sales_team="outside-sales")
    asked = contributions.ask(
        lead_id=lead.pk, kind="case_study", subject="Pumps", by=seller, at=MONDAY_NINE
    )

    clock = Clock.objects.get(contribution=asked)
    assert isinstance(asked, Contribution)
    assert (clock.kind, clock.department_id) == ("contribution", "marketing")


def _running(handoff) -> dict[str, str]:
    rows = handoff.clocks.filter(stopped_at=None)
    return dict(rows.values_list("kind", "department"))


def test_a_round_answered_in_between_leaves_no_clock_of_the_round_before():
    handoff = make_handoff()
    returns.give_back(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + MINUTE, reason="no_need"
    )
    returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=MONDAY_NINE + HOUR)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + HOUR + SECOND)

    rounds = handoff.clocks.filter(stopped_at=None).values_list("round", flat=True)
    assert set(rounds) == {2}
