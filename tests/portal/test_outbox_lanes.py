"""Endpoints leave aside: what hangs delays no mail, and who sends."""

from collections import Counter
from datetime import timedelta
from threading import Event, Lock, Semaphore, Thread

import pytest
from django.core import mail
from django.db import connections, transaction
from kombu.exceptions import OperationalError

from portal import wallclock
from portal.notifications import leases, outbox, tasks
from portal.notifications.actions import lanes
from portal.notifications.channels import Failed
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_team,
    make_user,
)
from tests.portal.endpoints import make_endpoint, outside, sending, tell

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
State = Delivery.State


def test_two_messages_are_in_flight_for_an_endpoint_at_most():
    endpoint = make_endpoint()
    for number in range(5):
        tell(make_user(), about=f"alert:{number}")

    assert len(leases.take_for(endpoint.pk, at=MONDAY_NINE)) == 2
    assert leases.take_for(endpoint.pk, at=MONDAY_NINE) == []
    assert len(leases.take_for(endpoint.pk, at=MONDAY_NINE + 30 * SECOND)) == 2


def test_however_many_wait_only_what_leaves_next_is_asked_for(monkeypatch):
    endpoint, asked, same = make_endpoint(), [], leases._same
    for number in range(5):
        tell(make_user(), about=f"alert:{number}")
    monkeypatch.setattr(
        leases, "_same", lambda row, *more: asked.append(row) or same(row, *more)
    )

    leases.take_for(endpoint.pk, at=MONDAY_NINE)
    leases.take_for(endpoint.pk, at=MONDAY_NINE)

    assert [row.about for row in asked] == ["alert:0", "alert:1"]


def test_nothing_is_sent_to_endpoints_inside_a_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        lanes.deliver_due(at=MONDAY_NINE)


@pytest.mark.django_db(transaction=True)
def test_twenty_hung_endpoints_delay_no_mail(monkeypatch):
    """Two messages hang at each of twenty endpoints; a mail told meanwhile leaves in the
    same pass as ever, and a second pass over the endpoints ends at once."""
    teams = [make_team(f"team-{n}", department="sales") for n in range(20)]
    for team in teams:
        make_endpoint("webhook", team=team)
        member = make_user(team=team)
        for number in range(3):
            tell(member, about=f"alert:{number}", channels=("webhook",))
    hung, let_go, lock = Semaphore(0), Event(), Lock()
    flying, most = Counter(), Counter()

    def hang(parcel):
        with lock:
            flying[parcel.secrets, parcel.address, parcel.notices[0].people] += 1
            for one, many in flying.items():
                most[one] = max(most[one], many)
        hung.release()
        let_go.wait(30)
        with lock:
            flying[parcel.secrets, parcel.address, parcel.notices[0].people] -= 1
        raise Failed("no answer in time", down=True)

    def send_all():
        lanes.deliver_due(at=MONDAY_NINE)
        connections.close_all()

    with sending(monkeypatch, "webhook", hang):
        aside = Thread(target=send_all)
        aside.start()
        try:
            assert all(hung.acquire(timeout=20) for _ in range(40))
            tell(make_user(), about="alert:99", channels=("mail",), at=MONDAY_NINE + SECOND)
            assert outbox.deliver_due(at=MONDAY_NINE + 2 * SECOND) == 1
            assert lanes.deliver_due(at=MONDAY_NINE + 2 * SECOND) == 0
        finally:
            let_go.set()
            aside.join()

    assert len(mail.outbox) == 1
    assert set(most.values()) == {2}
    assert not outside().filter(channel="webhook", state=State.SENT).exists()


def test_the_task_of_mail_nudges_the_one_of_endpoints_and_waits_for_none(monkeypatch):
    nudged = []
    monkeypatch.setattr(
        tasks.deliver_endpoints, "apply_async", lambda **how: nudged.append(how)
    )
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)

    tasks.deliver()
    assert nudged == []

    make_endpoint()
    tell(make_user(), channels=("slack", "mail"))
    tasks.deliver()

    assert nudged == [{"retry": False}]
    assert len(mail.outbox) == 1
    assert outside().get(channel="slack").state == State.PENDING


def test_a_broker_that_is_away_costs_no_mail(monkeypatch):
    def away(**how):
        raise OperationalError

    monkeypatch.setattr(tasks.deliver_endpoints, "apply_async", away)
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    make_endpoint()
    tell(make_user(), channels=("slack", "mail"))

    tasks.deliver()

    assert len(mail.outbox) == 1


def test_the_task_of_endpoints_sends_what_waits(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)
    make_endpoint()
    tell(make_user())

    with sending(monkeypatch, "slack", lambda parcel: None):
        tasks.deliver_endpoints()

    assert outside().get().state == State.SENT


def test_where_nothing_waits_nothing_is_started_aside():
    assert lanes.deliver_aside(now=lambda: MONDAY_NINE) is None


@pytest.mark.django_db(transaction=True)
def test_who_sweeps_meanwhile_lets_it_leave_aside_once_at_a_time(monkeypatch):
    make_endpoint()
    tell(make_user())
    came, let_go = Event(), Event()

    def wait_for_it(parcel):
        came.set()
        let_go.wait(30)

    with sending(monkeypatch, "slack", wait_for_it):
        first = lanes.deliver_aside(now=lambda: MONDAY_NINE)
        try:
            assert came.wait(20)
            tell(make_user(), about="alert:2")
            assert lanes.deliver_aside(now=lambda: MONDAY_NINE + SECOND) is None
        finally:
            let_go.set()
            first.join()

    assert outside().get(about="alert:12").state == State.SENT
