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
HALF_PAST_SEVEN = NEXT_MONDAY - timedelta(minutes=90)


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
    "at", [HALF_PAST_SEVEN - timedelta(seconds=1), HALF_PAST_SEVEN + 2 * DAY]
)
def test_not_before_half_past_seven_and_not_two_days_later(heads, at):
    weekly(at)

    assert not told()


def test_the_mail_leaves_at_eight_with_the_other_messages_of_the_week(heads):
    weekly(HALF_PAST_SEVEN)

    mails = told().filter(channel="mail")
    assert {(one.digest, one.next_at) for one in mails} == {("weekly", NEXT_MONDAY - HOUR)}


def test_of_a_portal_that_woke_later_it_leaves_at_once(heads):
    weekly(NEXT_MONDAY)

    assert set(told().filter(channel="mail").values_list("next_at", flat=True)) == {NEXT_MONDAY}


def test_who_chose_the_portal_alone_gets_no_mail(heads):
    Preference.objects.create(user=heads[0], choices={"info": {"channels": []}})

    weekly(NEXT_MONDAY)

    assert [one.channel for one in told().filter(recipient=heads[0])] == ["in_app"]
    assert told().filter(recipient=heads[1]).count() == 2


def test_without_an_agreement_there_is_nothing_to_tell():
    weekly(NEXT_MONDAY)

    assert not Delivery.objects.exists()
