"""What is told is told once, leaves at least once, and stands or falls with its cause."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from portal.notifications import outbox
from portal.notifications.channels.mail import mail as mail_of
from portal.notifications.messages import Message
from portal.notifications.models import Delivery
from portal.notifications.tasks import deliver
from tests.factories import MONDAY_NINE, make_user
from tests.portal.told import mails, tell

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


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
