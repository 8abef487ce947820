"""What the day brings is told in the morning, and what would be late an hour before its end."""

import pytest

from leads.actions.reviewing.foretelling import foretell
from portal.accounts.models import Absence
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_team
from tests.leads.clockwork import HOUR, MINUTE, berlin
from tests.leads.reports.scenes import DAY

pytestmark = pytest.mark.django_db
SEVEN, FOUR = berlin(3, 7, 10), berlin(2, 16, 40)


def told():
    found = Delivery.objects.filter(about__startswith="forecast:")
    return set(found.values_list("recipient__name", "channel", "digest"))


def test_before_the_day_begins_the_manager_is_told_with_what_else_comes_daily():
    make_handoff(at=MONDAY_NINE)  # its first attempt is due on Tuesday
    manager = make_team().manager

    foretell(SEVEN)

    assert told() == {(manager.name, "in_app", "daily"), (manager.name, "mail", "daily")}
    one = Delivery.objects.filter(about__startswith="forecast:").first()
    assert one.title == "Inside sales: 1 is due before closing at 17:30"
    assert one.link == "/forecast/rows/?figure=today&team=inside-sales"


def test_an_hour_before_closing_whoever_owes_something_is_told_in_the_portal_alone():
    handoff = make_handoff(at=FOUR - 15 * MINUTE)  # to be accepted by 17:25
    manager = make_team().manager

    foretell(FOUR)

    assert told() == {(manager.name, "in_app", ""), (handoff.receiver.name, "in_app", "")}


def test_who_is_away_is_not_told():
    handoff = make_handoff(at=FOUR - 15 * MINUTE)
    Absence.objects.create(user=handoff.receiver, starts_at=FOUR - DAY, ends_at=FOUR + DAY)

    foretell(FOUR)

    assert handoff.receiver.name not in {name for name, *_rest in told()}
    assert "owner is away then: 1" in Delivery.objects.get(about__startswith="forecast:").text


def test_each_is_told_once_however_often_it_is_looked():
    make_handoff(at=FOUR - 15 * MINUTE)

    for minutes in (0, 1, 20):
        foretell(FOUR + minutes * MINUTE)

    assert len(told()) == Delivery.objects.filter(about__startswith="forecast:").count() == 2


@pytest.mark.parametrize(
    "at", [FOUR - HOUR, berlin(2, 17, 30), berlin(7, 7, 10), berlin(3, 8, 10)]
)
def test_at_other_times_nobody_is_told(at):
    make_handoff(at=at - 15 * MINUTE)

    foretell(at)

    assert told() == set()


def test_where_nothing_is_due_nobody_is_told():
    make_agreement()
    make_team()

    foretell(FOUR)

    assert told() == set()


def test_without_an_agreement_nobody_is_told():
    make_team()

    foretell(FOUR)

    assert told() == set()
