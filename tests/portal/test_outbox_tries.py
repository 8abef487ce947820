"""A message that fails comes back later, and is given up in the open after the last try."""

import smtplib
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail

from portal.ledger.models import LedgerEntry
from portal.notifications import outbox, schedule
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_operations, make_signatory, make_user
from tests.portal.told import failing_mail, mails, tell

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
State = Delivery.State


def test_a_message_that_failed_comes_back_later(monkeypatch):
    tell(make_user())

    with failing_mail(monkeypatch, Failed("greylisted")):
        outbox.deliver_due(at=MONDAY_NINE)

    row = mails().get()
    assert (row.state, row.attempts, row.last_error) == (State.PENDING, 1, "greylisted")
    assert MONDAY_NINE + SECOND <= row.next_at <= MONDAY_NINE + 30 * SECOND


def test_that_its_senders_broke_down_makes_the_first_failure_of_a_message_wait_no_longer(
    monkeypatch,
):
    tell(make_user())
    mails().update(attempts=5)

    with failing_mail(monkeypatch, Failed("greylisted")):
        outbox.deliver_due(at=MONDAY_NINE)
    row = mails().get()
    assert row.next_at == MONDAY_NINE + schedule.retry_after(1, row.key)
    with failing_mail(monkeypatch, Failed("greylisted")):
        outbox.deliver_due(at=MONDAY_NINE + MINUTE)

    row = mails().get()
    assert row.attempts == 7
    assert row.next_at == MONDAY_NINE + MINUTE + schedule.retry_after(7, row.key)


def test_a_channel_that_is_down_is_not_tried_for_each_message(monkeypatch):
    tell(make_user(), make_user(), make_user())

    with failing_mail(monkeypatch, Failed("connection refused", down=True)):
        outbox.deliver_due(at=MONDAY_NINE)

    assert list(mails().values_list("attempts", flat=True)) == [1, 0, 0]
    assert set(mails().values_list("lease_until", flat=True)) == {None}


def test_after_the_last_try_a_message_is_dead_and_operations_is_told(monkeypatch):
    operations, at = make_operations(), MONDAY_NINE
    tell(make_user())

    with failing_mail(monkeypatch, Failed("550 no such mailbox")):
        for _ in range(10):
            outbox.deliver_due(at=at)
            at += timedelta(days=1)

    row, note = mails().get(), Delivery.objects.to(operations.pk).get()
    assert (row.state, row.attempts) == (State.DEAD, 10)
    assert row.died_at == at - timedelta(days=1)
    assert "550 no such mailbox" in note.text
    assert note.channel == "in_app"
    assert LedgerEntry.objects.filter(kind="delivery_died", subject_id=row.pk).count() == 1
    assert outbox.deliver_due(at=at) == 0


def test_without_operations_the_heads_are_told():
    heads = {make_signatory("marketing"), make_signatory("sales")}

    assert set(outbox.operators()) == heads


def test_a_message_that_breaks_its_sender_each_time_is_given_up_too():
    make_operations()
    tell(make_user())
    mails().update(attempts=10)

    outbox.deliver_due(at=MONDAY_NINE)

    assert mails().get().state == State.DEAD
    assert not mail.outbox


@pytest.mark.parametrize(
    ("error", "down"),
    [
        pytest.param(ConnectionRefusedError(111, "refused"), True, id="nobody there"),
        pytest.param(TimeoutError("too slow"), True, id="no answer"),
        pytest.param(smtplib.SMTPServerDisconnected("bye"), False, id="hung up"),
        pytest.param(
            smtplib.SMTPRecipientsRefused({"a@b.test": (550, b"no")}), False, id="refused"
        ),
        pytest.param(smtplib.SMTPDataError(554, b"spam"), False, id="not this text"),
        pytest.param(ValueError("not an address"), False, id="not an address"),
    ],
)
def test_an_error_of_the_mail_server_is_a_failure_of_the_message_or_the_channel(
    error, down, monkeypatch
):
    def send(self, messages):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    tell(make_user(), make_user())

    outbox.deliver_due(at=MONDAY_NINE)

    assert list(mails().values_list("attempts", flat=True)) == ([1, 0] if down else [1, 1])
    assert mails()[0].last_error


@pytest.mark.parametrize(("attempts", "most"), list(enumerate(schedule.RETRIES, start=1)))
def test_a_retry_waits_for_any_part_of_its_delay(attempts, most):
    waits = {schedule.retry_after(attempts, UUID(int=n)) for n in range(50)}

    assert len(waits) > 45
    assert SECOND <= min(waits) < most / 4
    assert most * 3 / 4 < max(waits) <= most


def test_after_the_last_retry_there_is_none():
    assert schedule.retry_after(len(schedule.RETRIES) + 1, UUID(int=1)) is None
