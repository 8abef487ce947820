"""Absences, hours and capacity: one's own, and of those one answers for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from leads.actions.owning import routing
from portal.accounts import permissions
from portal.accounts.actions import working
from portal.accounts.errors import AbsenceRefused, NotYourPerson
from portal.accounts.models import Absence, User
from portal.accounts.working.forms import intervals
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_lead, make_operations, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
DAY = timedelta(days=1)
MINE = "/me/hours/"


def plan(who, by=None, deputy=None, starts=MONDAY_NINE, ends=MONDAY_NINE + 3 * DAY):
    return working.plan_absence(
        user_id=who.pk, starts_at=starts, ends_at=ends, deputy=deputy, by=by or who,
        at=MONDAY_NINE,
    )  # fmt: skip


def test_an_absence_hides_from_routing_and_lets_the_deputy_act_and_know():
    who, deputy = make_user("Ann"), make_user("Bob")

    absence = plan(who, deputy=deputy)

    team = make_team("inside-sales")
    choice = routing.preview(team, make_lead(company=None, email="a@web.example"), MONDAY_NINE)
    assert choice.member_id == deputy.pk
    assert permissions.is_deputy_of(deputy, who.pk, MONDAY_NINE)
    assert "stand in for Ann" in Delivery.objects.filter(recipient=deputy).first().title
    assert LedgerEntry.objects.filter(kind="absence_planned").count() == 1
    assert absence.history.first().history_user == who


@pytest.mark.parametrize("fault", ["backwards", "past", "overlap", "self", "other", "away"])
def test_an_absence_that_cannot_be_is_refused(fault):
    who, deputy = make_user("Ann"), make_user("Bob")
    spans = {"backwards": (MONDAY_NINE, MONDAY_NINE - DAY),
             "past": (MONDAY_NINE - 3 * DAY, MONDAY_NINE)}  # fmt: skip
    starts, ends = spans.get(fault, (MONDAY_NINE, MONDAY_NINE + DAY))
    people = {"self": who, "other": make_user(team="demand-generation"), "away": deputy}
    if fault == "overlap":
        plan(who)
    if fault == "away":
        plan(deputy)
    before = Absence.objects.count()

    with pytest.raises(AbsenceRefused):
        plan(who, deputy=people.get(fault), starts=starts, ends=ends)

    assert Absence.objects.count() == before


def test_manager_steward_and_operations_arrange_it_for_others_and_a_colleague_does_not():
    who, team = make_user("Ann"), make_team("inside-sales")

    plan(who, by=team.manager)
    working.set_capacity(user_id=who.pk, capacity=3, by=team.steward, at=MONDAY_NINE)
    working.set_hours(
        user_id=who.pk, zone="Europe/Paris", hours=None, by=make_operations(), at=MONDAY_NINE
    )

    with pytest.raises(NotYourPerson):
        working.set_capacity(user_id=who.pk, capacity=0, by=make_user(), at=MONDAY_NINE)
    kept = User.objects.get(pk=who.pk)
    assert (kept.capacity, kept.zone) == (3, "Europe/Paris")


def test_an_absence_under_way_ends_now_and_one_to_come_is_called_off():
    who = make_user("Ann")
    under_way = plan(who, starts=MONDAY_NINE - DAY)
    to_come = plan(who, starts=MONDAY_NINE + 5 * DAY, ends=MONDAY_NINE + 6 * DAY)

    for one in (under_way, to_come):
        working.end_absence(absence_id=one.pk, by=who, at=MONDAY_NINE)

    assert Absence.objects.get().ends_at == MONDAY_NINE
    with pytest.raises(AbsenceRefused):
        working.end_absence(absence_id=under_way.pk, by=who, at=MONDAY_NINE + DAY)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("9:00-12:00, 13:00–17:30", [["09:00", "12:00"], ["13:00", "17:30"]]),
        ("00:00–24:00", [["00:00", "24:00"]]),
    ],
)
def test_a_day_is_written_as_people_write_it(text, spans):
    assert intervals(text) == spans


@pytest.mark.parametrize(
    "text", ["nine to five", "17:00–09:00", "09:00–12:00, 11:00–13:00", "9"]
)
def test_a_day_that_makes_no_sense_names_the_part(text):
    with pytest.raises(ValidationError):
        intervals(text)


def test_one_plans_days_on_the_page_where_one_is(client):
    who = make_user("Ann")
    client.force_login(who)

    answer = client.post(
        MINE, {"do": "absence", "starts": "2026-03-04", "ends": "2026-03-05"}, follow=True
    )

    absence = Absence.objects.get()
    assert absence.starts_at == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert absence.ends_at == datetime(2026, 3, 5, 23, tzinfo=UTC)
    assert "Call it off" in answer.text


def test_hours_and_capacity_are_kept_and_faults_name_their_day(client):
    who = make_user("Ann")
    client.force_login(who)

    wrong = client.post(MINE, {"do": "hours", "zone": "Mars", "mon": "9"})
    client.post(MINE, {"do": "hours", "zone": "Europe/Paris", "mon": "09:00-12:00"})
    client.post(MINE, {"do": "capacity", "capacity": "4"})

    kept = User.objects.get(pk=who.pk)
    assert wrong.status_code == 422
    assert "Not a time zone" in wrong.text
    assert "“9” is no time span" in wrong.text
    assert (kept.zone, kept.hours, kept.capacity) == (
        "Europe/Paris", {"mon": [["09:00", "12:00"]]}, 4,
    )  # fmt: skip


def test_the_page_of_somebody_else_is_there_for_who_answers_for_them_only(client):
    who = make_user("Ann")
    url = reverse("person-hours", args=[who.pk])

    client.force_login(who.team.manager)
    of_manager = client.get(url)
    client.force_login(make_user())
    of_colleague = client.get(url)

    assert "Ann: hours and absences" in of_manager.text
    assert of_colleague.status_code == 404
