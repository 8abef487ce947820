"""What is told is told once, leaves at least once, and is given up in the open."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from portal.ledger.models import LedgerEntry
from portal.notifications import leases, outbox, schedule
from portal.notifications.channels import OUTSIDE, Failed
from portal.notifications.channels.mail import mail as mail_of
from portal.notifications.messages import Message
from portal.notifications.models import Delivery
from portal.notifications.tasks import deliver
from tests.factories import MONDAY_NINE, make_operations, make_signatory, make_user

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


def tell(*people, about="version:1:proposed", channels=("in_app", "mail"), **fields):
    fields = {"title": "Something was proposed", "at": MONDAY_NINE} | fields
    return outbox.tell(about=about, to=people, channels=channels, **fields)


def mails():
    return Delivery.objects.filter(channel="mail").order_by("pk")


@contextmanager
def failing_mail(monkeypatch, failure: Exception) -> Iterator[None]:
    """The mail server answers every mail with `failure`."""

    @contextmanager
    def broken():
        def send(message):
            raise failure

        yield send

    with monkeypatch.context() as patch:
        patch.setitem(OUTSIDE, "mail", broken)
        yield


# --- telling


def test_in_the_portal_it_is_there_at_once_and_a_mail_waits_to_leave():
    person = make_user()

    assert tell(person) == 2

    here, outside = Delivery.objects.order_by("channel")
    assert (here.state, here.sent_at) == (State.SENT, MONDAY_NINE)
    assert (outside.state, outside.next_at) == (State.PENDING, MONDAY_NINE)


def test_the_same_cause_is_told_to_a_person_by_a_channel_once():
    person = make_user()

    tell(person, person)
    tell(person, title="The same again")

    assert Delivery.objects.count() == 2
    assert not Delivery.objects.filter(title="The same again").exists()


def test_who_left_is_told_nothing():
    assert tell(make_user(is_active=False)) == 0


def test_a_channel_that_the_portal_does_not_have_is_left_out():
    assert tell(make_user(), channels=("slack", "in_app")) == 1


def test_a_title_is_one_line_and_not_too_long():
    tell(make_user(), title="Ann\r\nBcc: all@example.test" + "x" * 300)

    titles = set(Delivery.objects.values_list("title", flat=True))
    assert {len(title) for title in titles} == {200}
    assert all(title.startswith("Ann Bcc: all") for title in titles)


def test_what_is_told_stands_or_falls_with_its_cause():
    person = make_user()

    def cause():
        tell(person)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), transaction.atomic():
        cause()

    assert not Delivery.objects.exists()


def test_everything_is_marked_seen_for_one_person_only():
    one, other = make_user(), make_user()
    tell(one, other)

    assert outbox.mark_read(user_id=one.pk, at=MONDAY_NINE + MINUTE) == 1

    assert Delivery.objects.to(one.pk).unread().count() == 0
    assert Delivery.objects.to(other.pk).unread().count() == 1


# --- leaving


def test_a_mail_leaves_once_with_the_rows_key_as_its_message_id():
    person = make_user("Ann Alpha")
    tell(person, text="By Ben.", link="/agreements/inbound/")

    assert outbox.deliver_due(at=MONDAY_NINE) == 1
    assert outbox.deliver_due(at=MONDAY_NINE + HOUR) == 0

    row, (sent,) = mails().get(), mail.outbox
    assert sent.to == [f"Ann Alpha <{person.email}>"]
    assert sent.extra_headers["Message-ID"] == f"<{row.key}@testserver>"
    assert "http://testserver/agreements/inbound/" in sent.body
    assert (row.state, row.sent_at, row.attempts) == (State.SENT, MONDAY_NINE, 1)


def test_a_long_digest_names_a_hundred_and_says_how_many_more_there_are():
    person = make_user()
    rows = [Delivery(recipient=person, title=f"Late, number {n:03}") for n in range(103)]

    sent = mail_of(Message(person, tuple(rows)))

    html = sent.alternatives[0].content
    for words in (sent.body, html):
        assert words.count("Late, number") == 100
        assert "And 3 more" in words
        assert "http://testserver/alerts/" in words


def test_a_mail_has_the_same_words_as_text_and_as_html():
    tell(make_user(), title="Lead <b>One</b> & co", text="Was due 13:34.")
    outbox.deliver_due(at=MONDAY_NINE)

    (sent,) = mail.outbox
    html, kind = sent.alternatives[0]
    assert (sent.subject, kind) == ("Lead <b>One</b> & co", "text/html")
    assert "Lead <b>One</b> & co" in sent.body
    assert "Lead &lt;b&gt;One&lt;/b&gt; &amp; co" in html
    assert "Was due 13:34." in sent.body
    assert "Was due 13:34." in html


def test_a_line_break_in_a_name_adds_no_recipient():
    tell(make_user("Ann\nBcc: everybody@example.test"))
    outbox.deliver_due(at=MONDAY_NINE)

    (sent,) = mail.outbox
    assert len(sent.recipients()) == 1
    assert "\n" not in sent.to[0]


def test_a_mail_that_is_not_due_waits():
    tell(make_user(), digest="hourly")

    assert outbox.deliver_due(at=MONDAY_NINE + HOUR - SECOND) == 0


def test_no_more_messages_leave_than_asked_for():
    tell(make_user(), make_user(), make_user())

    assert outbox.deliver_due(at=MONDAY_NINE, limit=2) == 2


def test_a_message_to_who_left_meanwhile_is_cancelled():
    person = make_user()
    tell(person)
    person.is_active = False
    person.save()

    assert outbox.deliver_due(at=MONDAY_NINE) == 0
    assert mails().get().state == State.CANCELLED


def test_nothing_is_sent_inside_a_transaction():
    tell(make_user())

    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.deliver_due(at=MONDAY_NINE)

    assert not mail.outbox


def test_the_task_reads_the_clock_and_lets_it_leave():
    tell(make_user())

    with time_machine.travel(MONDAY_NINE, tick=False):
        deliver()

    assert len(mail.outbox) == 1


# --- leases


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


# --- failing


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


# --- digests


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


@pytest.mark.parametrize(("attempts", "most"), list(enumerate(schedule.RETRIES, start=1)))
def test_a_retry_waits_for_any_part_of_its_delay(attempts, most):
    waits = {schedule.retry_after(attempts, UUID(int=n)) for n in range(50)}

    assert len(waits) > 45
    assert SECOND <= min(waits) < most / 4
    assert most * 3 / 4 < max(waits) <= most


def test_after_the_last_retry_there_is_none():
    assert schedule.retry_after(len(schedule.RETRIES) + 1, UUID(int=1)) is None
