"""What was given up is seen by those who can mend it, and leaves again with the same key."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail

from portal import roof, wallclock
from portal.accounts.models import Role, User
from portal.ledger.models import LedgerEntry
from portal.notifications import outbox
from portal.notifications.actions import undelivered
from portal.notifications.errors import NotDead
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_operations, make_signatory, make_user
from tests.portal.endpoints import tell

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday_nine(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)


def dead(level="late", **fields):
    tell(make_user("Ann Alpha"), channels=("mail",), level=level, **fields)
    row = Delivery.objects.latest("pk")
    row.state, row.died_at, row.next_at = Delivery.State.DEAD, MONDAY_NINE, None
    row.attempts, row.last_error = 10, "550 no such mailbox"
    row.save()
    return row


def admin():
    return make_user(team=None, role=Role.ADMIN, is_staff=True)


def test_it_leaves_again_with_the_same_key():
    row, by = dead(), make_operations()

    undelivered.send_again(delivery_id=row.pk, by=by, at=MONDAY_NINE)
    outbox.deliver_due(at=MONDAY_NINE)

    (sent,) = mail.outbox
    row.refresh_from_db()
    assert sent.extra_headers["Message-ID"] == f"<{row.key}@testserver>"
    assert (row.state, row.attempts) == (Delivery.State.SENT, 1)
    entry = LedgerEntry.objects.get(kind="delivery_sent_again")
    assert (entry.actor_id, entry.subject_id) == (by.pk, row.pk)


def test_of_two_who_press_the_button_the_second_is_told():
    row, by = dead(), make_operations()
    undelivered.send_again(delivery_id=row.pk, by=by, at=MONDAY_NINE)

    with pytest.raises(NotDead):
        undelivered.send_again(delivery_id=row.pk, by=by, at=MONDAY_NINE)

    assert LedgerEntry.objects.filter(kind="delivery_sent_again").count() == 1


def test_operations_see_what_it_was_and_why_and_send_it_again(client):
    row = dead()
    client.force_login(make_operations())

    page = client.get("/undelivered/").text
    answer = client.post(f"/undelivered/{row.pk}/again/")
    again = client.post(f"/undelivered/{row.pk}/again/")

    assert "Lead One is late" in page
    assert "550 no such mailbox" in page
    assert "#A-12" in page
    assert answer.url == "/undelivered/"
    (said, refusal) = [str(one) for one in get_messages(again.wsgi_request)]
    assert "within seconds" in said
    assert "already" in refusal


def test_an_administrator_sees_no_lead_data(client):
    dead()
    client.force_login(admin())

    page = client.get("/undelivered/").text

    assert "Lead One" not in page
    assert "#A-12" in page


def test_others_find_nothing(client):
    row = dead()
    client.force_login(make_user(role=Role.MANAGER))

    assert client.get("/undelivered/").status_code == 404
    assert client.post(f"/undelivered/{row.pk}/again/").status_code == 404


def test_a_message_that_never_died_is_not_found(client):
    tell(make_user(), channels=("mail",))
    client.force_login(make_operations())

    path = f"/undelivered/{Delivery.objects.get().pk}/again/"
    assert client.post(path).status_code == 404


def test_the_list_is_paged_by_key(client):
    for number in range(51):
        dead(about=f"alert:{number}")
    client.force_login(make_operations())

    first = client.get("/undelivered/").text
    older = client.get(f"/undelivered/?before={Delivery.objects.order_by('pk')[1].pk}").text

    assert first.count("Send again") == 50
    assert "?before=" in first
    assert older.count("Send again") == 1


@pytest.mark.parametrize("before", ["", "x", "٣", "-1", "9" * 40])
def test_a_key_that_is_none_shows_the_newest(client, before):
    dead()
    client.force_login(make_operations())

    assert client.get("/undelivered/", {"before": before}).status_code == 200


def test_both_heads_see_a_banner_while_an_escalation_is_lost():
    heads = [make_signatory("marketing"), make_signatory("sales")]
    row = dead()

    for head in heads:
        strip = roof.strip(head, MONDAY_NINE)
        assert strip.grave
        assert "1 escalation could not be delivered" in str(strip.text)
    assert roof.strip(make_user(), MONDAY_NINE) is None
    undelivered.send_again(delivery_id=row.pk, by=heads[0], at=MONDAY_NINE)
    assert roof.strip(User.objects.get(pk=heads[0].pk), MONDAY_NINE) is None


def test_what_is_no_escalation_makes_no_banner():
    head = make_signatory("sales")
    dead(level="info")

    assert roof.strip(head, MONDAY_NINE) is None
