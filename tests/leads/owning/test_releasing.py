"""A big batch: so many a person and day, on the days on which the team works."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.actions.imports.golive import go_live
from leads.actions.sweeping import sweep
from leads.models import Handoff, Lead, Timer
from portal.accounts.models import Absence
from tests.factories import MONDAY_NINE, make_agreement, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY_NINE + timedelta(days=4)
NEXT_MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.fixture
def team():
    make_agreement()
    return make_team("inside-sales", routing={"release": {"per_person": 2}})


def batch(number):
    """Held leads that meet the criteria of the first handoff."""
    marketer = make_user(team="demand-generation")
    return [
        make_lead(marketer=marketer, imported=True, held=True, segment="demo_request")
        for _ in range(number)
    ]


def live(at=FRIDAY):
    return go_live(since=MONDAY_NINE - timedelta(days=30), at=at, by=None)


def test_so_many_a_person_live_now_and_the_others_on_the_next_working_mornings(team):
    make_user("Ann")
    make_user("Bob")
    batch(9)

    live()

    releases = Timer.objects.filter(kind="release")
    assert Lead.objects.filter(held=False).count() == 4
    assert sorted(set(releases.values_list("at", flat=True))) == [
        NEXT_MONDAY, NEXT_MONDAY + timedelta(days=1),
    ]  # fmt: skip
    assert releases.filter(at=NEXT_MONDAY).count() == 4


def test_the_sweep_releases_them_when_their_morning_comes(team):
    make_user("Ann")
    batch(3)
    live()

    sweep.raise_due(at=NEXT_MONDAY)

    assert not Lead.objects.filter(held=True).exists()
    assert Timer.objects.get(kind="release").done_at == NEXT_MONDAY


def test_who_is_away_that_day_takes_none(team):
    ann = make_user("Ann")
    make_user("Bob")
    Absence.objects.create(
        user=ann, starts_at=NEXT_MONDAY - timedelta(hours=9),
        ends_at=NEXT_MONDAY + timedelta(hours=12),
    )  # fmt: skip
    batch(8)

    live()

    assert Timer.objects.filter(kind="release", at=NEXT_MONDAY).count() == 2
    assert Timer.objects.filter(kind="release").count() == 4


def test_pressing_twice_plans_nobody_twice(team):
    make_user("Ann")
    batch(5)

    live()
    live(at=FRIDAY + timedelta(minutes=1))

    planned = Timer.objects.filter(kind="release").values_list("lead", flat=True)
    assert len(planned) == len(set(planned)) == 3


def test_a_team_without_a_release_rule_takes_all_at_once():
    make_agreement()
    make_team("inside-sales")
    make_user("Ann")
    batch(3)

    live()

    assert not Lead.objects.filter(held=True).exists()
    assert not Timer.objects.filter(kind="release").exists()
    assert Handoff.objects.count() == Handoff.objects.filter(state="offered").count()
