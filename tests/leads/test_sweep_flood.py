"""A sweep that finds far more than usual records all of it, and tells it gathered."""

import pytest
from django.core import mail

from leads.actions.sweeping import flood, sweep
from leads.models import Alert
from leads.reports.audit import audit
from portal.notifications import outbox
from portal.notifications.models import Delivery
from tests.factories import make_handoff, make_operations
from tests.leads.clockwork import MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
WARN, DUE = berlin(2, 9, 45), berlin(2, 10)


@pytest.fixture
def few(monkeypatch):
    """A guard that speaks up beyond three clocks."""
    monkeypatch.setattr(flood, "FEWEST", 3)


def clocks(number):
    """That many handoffs of one seller, each with `accept` due at ten and another clock."""
    first = a_clock(segment="event")
    for _ in range(number - 1):
        make_handoff(receiver=first.owner, segment="event")
    return first.owner


@pytest.mark.parametrize(
    ("number", "share", "is_on"),
    [
        pytest.param(3, 3, False, id="not more than the fewest"),
        pytest.param(4, 3, True, id="more than the fewest, and than a third of what is open"),
        pytest.param(4, 2, False, id="half of what is open is not more than half"),
    ],
)
def test_a_flood_is_more_than_the_fewest_and_than_its_share_of_open_clocks(
    few, monkeypatch, number, share, is_on
):
    clocks(number)
    monkeypatch.setattr(flood, "SHARE", share)

    assert flood.Flood(DUE).is_on == is_on


def test_a_flood_is_recorded_whole_and_told_as_one_message_for_each_person_and_way(few):
    clocks(5)
    operator = make_operations()

    swept = sweep.raise_all(at=DUE)
    outbox.deliver_due(at=DUE)
    at_once = len(mail.outbox)
    outbox.deliver_due(at=DUE + MINUTE)

    addresses = [sent.to[0] for sent in mail.outbox]
    told = Delivery.objects.to(operator.pk).in_app().filter(about__startswith="flood:")
    assert swept.raised == Alert.objects.count() >= 10
    assert len(addresses) == len(set(addresses)) > 1
    assert at_once <= 1  # operations, who is told at once
    assert told.get().title.endswith("promises reached a step at once")
    assert {one.key: one.rows for one in audit(DUE + MINUTE)}["I1"] == ()


def test_what_is_usual_is_told_as_ever(few):
    owner = clocks(2)
    operator = make_operations()

    sweep.raise_all(at=DUE)

    rows = Delivery.objects.to(owner.pk).filter(channel="mail")
    assert set(rows.values_list("digest", flat=True)) == {""}
    assert not Delivery.objects.to(operator.pk).exists()


def test_batches_of_one_pass_are_one_flood(few, monkeypatch):
    clocks(6)
    operator = make_operations()
    in_twos = sweep.raise_due.__kwdefaults__ | {"limit": 2}
    monkeypatch.setattr(sweep.raise_due, "__kwdefaults__", in_twos)

    sweep.raise_all(at=DUE)

    digests = Delivery.objects.filter(about__startswith="alert:", channel="mail")
    assert set(digests.values_list("digest", flat=True)) == {"catch_up"}
    assert Delivery.objects.to(operator.pk).in_app().count() == 1
