"""What is gathered leaves as one message, when the reader wants it."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.notifications import leases, outbox, schedule
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_user
from tests.portal.told import mails, tell

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


def test_a_digest_is_one_message_for_all_that_was_gathered():
    person = make_user()
    for number in range(3):
        tell(person, about=f"alert:{number}", title=f"Late {number}", digest="hourly")

    assert outbox.deliver_due(at=MONDAY_NINE + HOUR) == 3

    (sent,) = mail.outbox
    assert sent.subject == "3 notices"
    assert [sent.body.index(f"Late {n}") for n in range(3)] == sorted(
        sent.body.index(f"Late {n}") for n in range(3)
    )
    assert set(mails().values_list("state", flat=True)) == {State.SENT}


def test_a_digest_of_one_is_a_message_like_any_other():
    tell(make_user(), title="Late by a minute", digest="weekly")

    outbox.deliver_due(at=MONDAY_NINE + timedelta(days=7))

    assert mail.outbox[0].subject == "Late by a minute"


def test_what_was_found_late_is_one_message_for_each_person():
    people = [make_user(), make_user()]
    for number in range(5):
        tell(*people, about=f"alert:{number}", digest="catch_up")

    outbox.deliver_due(at=MONDAY_NINE)
    assert not mail.outbox
    outbox.deliver_due(at=MONDAY_NINE + MINUTE)

    assert len(mail.outbox) == 2
    assert "found late" in mail.outbox[0].body


def test_a_queue_of_single_messages_keeps_no_digest_back():
    """However many wait, and however long: of each pass a fifth is for what was gathered."""
    busy, gathered = make_user(), [make_user() for _ in range(3)]
    for number in range(30):
        tell(busy, about=f"alert:{number}")
    for number in (100, 101):
        tell(*gathered, about=f"alert:{number}", digest="catch_up")
    later = MONDAY_NINE + HOUR

    outbox.deliver_due(at=later, limit=10)

    whom, sent = [*gathered[:2], *[busy] * 8], [message.to for message in mail.outbox]
    assert [one.email in str(to) for one, to in zip(whom, sent, strict=True)] == [True] * 10
    for _pass in range(3):
        outbox.deliver_due(at=later, limit=10)
    assert len(mail.outbox) == 33
    assert not mails().pending().exists()


def test_the_repeat_of_a_digest_has_its_key_and_another_digest_another():
    person = make_user()
    tell(person, about="alert:1", digest="hourly")
    tell(person, about="alert:2", digest="hourly")
    due = MONDAY_NINE + HOUR
    (first,) = leases.take("mail", at=due, limit=1)
    (again,) = leases.take("mail", at=due + 30 * SECOND, limit=1)
    tell(person, about="alert:3", digest="hourly")

    (more,) = leases.take("mail", at=due + HOUR, limit=1)

    assert first.key == again.key
    assert more.key != first.key


@pytest.mark.parametrize(
    ("digest", "zone", "leaves"),
    [
        pytest.param("", "Europe/Berlin", "2026-03-04 10:30", id="at once"),
        pytest.param("hourly", "Europe/Berlin", "2026-03-04 11:00", id="the next full hour"),
        pytest.param("hourly", "Asia/Kolkata", "2026-03-04 11:30", id="the reader's hour"),
        pytest.param("daily", "Europe/Berlin", "2026-03-05 07:00", id="08:00 tomorrow"),
        pytest.param("daily", "America/New_York", "2026-03-04 13:00", id="08:00 today there"),
        pytest.param("weekly", "Europe/Berlin", "2026-03-09 07:00", id="Monday 08:00"),
        pytest.param("weekly", "Atlantis/Deep", "2026-03-09 08:00", id="no such zone: UTC"),
        pytest.param("catch_up", "UTC", "2026-03-04 10:31", id="once all is found"),
    ],
)
def test_when_a_message_leaves(digest, zone, leaves):
    wednesday = MONDAY_NINE + timedelta(days=2, hours=2, minutes=30)

    at = schedule.leaves_at(digest, zone, wednesday)

    assert f"{at:%Y-%m-%d %H:%M}" == leaves


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        pytest.param(MONDAY_NINE - 2 * HOUR, "2026-03-02 07:00", id="Monday before 08:00"),
        pytest.param(MONDAY_NINE - HOUR, "2026-03-09 07:00", id="Monday at 08:00"),
        pytest.param(MONDAY_NINE + 27 * 24 * HOUR, "2026-03-30 06:00", id="in summer time"),
    ],
)
def test_a_weekly_message_leaves_on_monday_morning_where_the_reader_is(at, leaves):
    assert f"{schedule.leaves_at('weekly', 'Europe/Berlin', at):%Y-%m-%d %H:%M}" == leaves
