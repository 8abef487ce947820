"""A clock starts with everything that will ever decide it."""

import pytest

from leads.actions import clocks
from leads.models import Clock, Handoff
from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_lead, make_team
from tests.leads.clockwork import HOUR, MINUTE, a_clock, berlin, clock_of, terms_where

pytestmark = pytest.mark.django_db


def within(*rows):
    """Targets of (segment, within) or (segment, within, (weekly, within beyond))."""
    return [
        {
            "segment": segment,
            "within": amount,
            "beyond": {"weekly": beyond[0][0], "within": beyond[0][1]} if beyond else None,
        }
        for segment, amount, *beyond in rows
    ]


def test_an_offer_starts_the_clocks_that_the_version_starts_with_it():
    handoff = make_handoff()

    assert {clock.kind for clock in handoff.clocks.all()} == {"accept", "first_attempt"}


def test_a_clock_pins_version_calendar_target_and_all_instants():
    handoff = make_handoff()
    clock = clock_of(handoff)

    assert clock.version == handoff.version
    assert (clock.calendar, clock.target_time) == ("berlin", HOUR)
    assert (clock.started_at, clock.due_at) == (MONDAY_NINE, berlin(2, 10))
    assert [(step["key"], step["level"]) for step in clock.steps] == [
        ("warn", "before"), ("due", "at"), ("after", "after"), ("heads", "after"),
    ]  # fmt: skip
    assert clock.warn_at == clock.next_step_at == berlin(2, 9, 45)
    assert clock.steps[1]["at"] == clock.due_at.isoformat()
    assert clock.steps[2]["at"] == berlin(2, 14, 45).isoformat()  # over the lunch break


def test_the_owner_and_the_department_of_a_clock_are_those_of_the_accountable_side():
    handoff = make_handoff(company=None)  # parts of the package are missing
    accept, package = clock_of(handoff), clock_of(handoff, "complete_package")

    assert (accept.owner, accept.team) == (handoff.receiver, handoff.receiver_team)
    assert accept.department_id == "sales"
    assert (package.owner, package.team) == (handoff.giver, handoff.giver_team)
    assert package.department_id == "marketing"


def test_complete_package_is_owed_only_where_something_is_missing():
    assert clock_of(make_handoff(), "complete_package") is None


@pytest.mark.parametrize(
    ("segment", "due"),
    [
        pytest.param("demo_request", berlin(2, 9, 15), id="its own row"),
        pytest.param("trial", berlin(2, 10), id="another row"),
        pytest.param("carrier pigeon", berlin(3, 9, 15), id="the row for the rest"),
        pytest.param("", berlin(3, 9, 15), id="no segment at all"),
    ],
)
def test_the_first_target_that_fits_the_segment_holds(segment, due):
    assert a_clock("first_attempt", segment=segment).due_at == due


def test_nothing_is_owed_for_a_segment_that_no_target_fits():
    make_agreement(terms=terms_where(targets=within(("trial", "PT1H"))))

    assert clock_of(make_handoff(segment="event")) is None


def test_beyond_the_agreed_weekly_volume_the_second_target_holds():
    make_agreement(terms=terms_where(targets=within((None, "PT1H", (2, "PT3H")))))

    dues = [a_clock(at=MONDAY_NINE + n * MINUTE).due_at for n in range(3)]

    assert dues == [berlin(2, 10), berlin(2, 10, 1), berlin(2, 12, 47)]


def test_the_volume_of_a_week_counts_anew_from_monday_in_the_zone_of_the_agreement():
    make_agreement(terms=terms_where(targets=within((None, "PT1H", (1, "PT3H")))))
    a_clock(at=berlin(8, 23, 59))  # a Sunday

    assert a_clock(at=berlin(9, 9)).due_at == berlin(9, 10)


@pytest.mark.parametrize(
    ("named", "pinned"),
    [
        pytest.param("new-york", "new-york", id="a calendar of the terms"),
        pytest.param("", "berlin", id="none"),
        pytest.param("atlantis", "berlin", id="one that the terms do not know"),
    ],
)
def test_a_teams_calendar_is_pinned_or_else_the_first_of_the_terms(named, pinned):
    team = make_team("inside-sales")
    team.calendar = named
    team.save()

    assert a_clock().calendar == pinned


def test_a_fixed_calendar_holds_whatever_the_team_names():
    make_agreement(terms=terms_where(calendar={"fixed": "sao-paulo"}))

    assert a_clock().calendar == "sao-paulo"


def test_a_calendar_that_changes_later_moves_no_instant():
    clock = a_clock()
    clock.team.calendar = "new-york"
    clock.team.save()
    due = clock.due_at

    clock.refresh_from_db()

    assert (clock.calendar, clock.due_at) == ("berlin", due)


def start_without_an_owner(handoff: Handoff, round_: int = 2) -> Clock | None:
    handoff.round = round_
    with ledger.recording():
        return clocks.start(
            obligation=handoff.version.parsed.obligation("accept"), handoff=handoff,
            event_at=MONDAY_NINE, at=MONDAY_NINE, owner=None, team=handoff.receiver_team,
        )  # fmt: skip


def test_a_clock_that_nobody_owns_runs_and_the_steward_is_told_once_a_round():
    handoff = make_handoff()
    steward = handoff.receiver_team.steward

    clock = start_without_an_owner(handoff)

    told = Delivery.objects.to(steward.pk)
    assert clock.owner is None
    assert clock.next_step_at is not None
    assert sorted(told.values_list("channel", flat=True)) == ["in_app", "mail"]
    assert str(handoff.lead) in told[0].title


def test_the_start_of_a_clock_stands_in_the_ledger_with_all_its_instants():
    clock = a_clock()

    entry = LedgerEntry.objects.about(("clock", clock.pk)).get()

    assert entry.kind == "clock_started"
    assert entry.clear["steps"] == {step["key"]: step["at"] for step in clock.steps}
    assert (entry.lead_id, entry.department, entry.clear["owner"]) == (
        clock.lead_id, "sales", clock.owner_id,
    )  # fmt: skip


def test_a_new_round_has_clocks_of_its_own_and_the_old_ones_stay():
    handoff = make_handoff()
    first = clock_of(handoff)

    second = start_without_an_owner(handoff)

    assert second.pk != first.pk
    assert set(handoff.clocks.filter(kind="accept").values_list("round", flat=True)) == {1, 2}


def test_a_lead_without_anything_odd_has_no_clock_before_its_first_offer():
    assert not Clock.objects.filter(lead=make_lead()).exists()
