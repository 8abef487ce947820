"""One worker at a time has a message, and one that breaks its sender holds up no other."""

from datetime import timedelta

import pytest

from portal.notifications import leases, outbox
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_operations, make_user
from tests.portal.told import failing_mail, mails, tell

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
State = Delivery.State


def test_what_one_worker_has_leased_no_other_takes():
    tell(make_user())

    taken = leases.take("mail", at=MONDAY_NINE, limit=10)

    assert len(taken) == 1
    assert leases.take("mail", at=MONDAY_NINE + 29 * SECOND, limit=10) == []


def test_after_a_crash_the_same_message_leaves_with_the_same_key():
    tell(make_user())
    (before,) = leases.take("mail", at=MONDAY_NINE, limit=10)

    (again,) = leases.take("mail", at=MONDAY_NINE + 30 * SECOND, limit=10)

    assert (again.key, again.attempts) == (before.key, 2)


def test_of_a_batch_whose_sender_broke_down_only_the_one_it_may_have_died_of_is_counted():
    tell(make_user(), make_user(), make_user())
    sent, *_ = leases.take("mail", at=MONDAY_NINE, limit=10)
    leases.mark_sent(sent, at=MONDAY_NINE)

    lives = [
        [one.attempts for one in leases.take("mail", at=later, limit=10)]
        for later in (MONDAY_NINE + life * 30 * SECOND for life in (1, 2, 3))
    ]

    assert lives == [[2, 1], [3, 1], [4, 1]]
    assert sorted(mails().pending().values_list("attempts", flat=True)) == [1, 4]


def test_a_message_that_broke_its_sender_keeps_no_other_from_leaving_in_time(monkeypatch):
    make_operations()
    tell(make_user(), make_user())
    for life in range(10):
        leases.take("mail", at=MONDAY_NINE + life * 30 * SECOND, limit=10)

    with failing_mail(monkeypatch, Failed("bye")):
        outbox.deliver_due(at=MONDAY_NINE + 300 * SECOND)

    broke, other = mails().order_by("pk")
    assert broke.state == State.DEAD
    assert other.next_at <= MONDAY_NINE + 330 * SECOND


def test_who_lost_the_lease_marks_nothing():
    tell(make_user())
    (mine,) = leases.take("mail", at=MONDAY_NINE, limit=10)
    leases.take("mail", at=MONDAY_NINE + 30 * SECOND, limit=10)

    leases.mark_sent(mine, at=MONDAY_NINE + 31 * SECOND)

    assert mails().get().state == State.PENDING


def test_what_was_not_tried_is_given_back_as_it_was(monkeypatch):
    tell(make_user(), make_user())
    monkeypatch.setattr(outbox, "monotonic", iter([0.0, 0.0, 100.0]).__next__)

    assert outbox.deliver_due(at=MONDAY_NINE) == 1

    waiting = mails().get(state=State.PENDING)
    assert (waiting.attempts, waiting.lease_until, waiting.next_at) == (0, None, MONDAY_NINE)
