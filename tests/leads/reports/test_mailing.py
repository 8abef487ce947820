"""The week is told to both heads on Monday morning, once, in the same words."""

from datetime import timedelta

import pytest

from leads.actions.reviewing.mailing import weekly
from portal.notifications.models import Delivery, Preference
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_signatory
from tests.leads.clockwork import HOUR, MINUTE
from tests.leads.reports.scenes import DAY

pytestmark = pytest.mark.django_db
NEXT_MONDAY = MONDAY_NINE + 7 * DAY  # at nine in Berlin


@pytest.fixture
def heads():
    make_agreement()
    return [make_signatory(side) for side in ("marketing", "sales")]


def told():
    return Delivery.objects.filter(about="review:2026-03-09").order_by("pk")


def test_both_heads_are_told_the_same_of_the_week_that_ended(heads):
    make_handoff()

    weekly(NEXT_MONDAY)

    assert {(one.recipient, one.channel) for one in told()} == {
        (head, channel) for head in heads for channel in ("in_app", "mail")
    }
    (text,) = set(told().values_list("text", flat=True))
    assert "Sales kept 0" in text
    assert set(told().values_list("link", flat=True)) == {"/review/?on=2026-03-02"}


def test_they_are_told_once_however_often_it_is_looked(heads):
    for minutes in range(3):
        weekly(NEXT_MONDAY + minutes * MINUTE)

    assert told().count() == 4


@pytest.mark.parametrize(
    "at", [NEXT_MONDAY - HOUR - timedelta(seconds=1), NEXT_MONDAY - HOUR + 2 * DAY]
)
def test_not_before_eight_and_not_two_days_later(heads, at):
    weekly(at)

    assert not told()


def test_who_chose_the_portal_alone_gets_no_mail(heads):
    Preference.objects.create(user=heads[0], choices={"info": {"channels": []}})

    weekly(NEXT_MONDAY)

    assert [one.channel for one in told().filter(recipient=heads[0])] == ["in_app"]
    assert told().filter(recipient=heads[1]).count() == 2


def test_without_an_agreement_there_is_nothing_to_tell():
    weekly(NEXT_MONDAY)

    assert not Delivery.objects.exists()
