"""The first entry says for ever whether the database is a simulated one."""

from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError

from portal import ledger
from portal.ledger import genesis
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def refusals():
    return [found.id for found in run_checks() if str(found.id).startswith("ledger.")]


def test_the_first_entry_says_what_kind_of_database_it_is():
    ledger.open_ledger(simulated=True, at=NINE, company="Example Ltd")

    entry = LedgerEntry.objects.get(seq=1)
    assert (entry.kind, entry.at) == ("genesis", NINE)
    assert entry.clear == {"simulated": True, "company": "Example Ltd"}
    assert ledger.is_simulated()


def test_a_ledger_is_opened_once():
    ledger.open_ledger(simulated=False, at=NINE)

    with pytest.raises(ValueError, match="open already"):
        ledger.open_ledger(simulated=True, at=NINE)
    assert not ledger.is_simulated()


def test_a_ledger_in_use_cannot_be_declared_simulated_afterwards():
    with ledger.recording(at=NINE):
        ledger.append(Kind.OUTAGE, subject=("portal", 1))

    with pytest.raises(ValueError, match="open already"):
        ledger.open_ledger(simulated=True, at=NINE)


def test_an_empty_ledger_is_not_simulated():
    assert not ledger.is_simulated()


def test_what_was_rolled_back_is_not_remembered():
    assert genesis._known == {}


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_is_not_open_yet_is_asked_again():
    assert not ledger.is_simulated()

    ledger.open_ledger(simulated=True, at=NINE)

    assert ledger.is_simulated()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_asked_once(django_assert_num_queries):
    ledger.open_ledger(simulated=True, at=NINE)

    with django_assert_num_queries(1):
        assert [ledger.is_simulated() for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(
    ("allowed", "simulated", "found"),
    [(False, True, ["ledger.E001"]), (False, False, []), (True, True, []), (True, False, [])],
)
def test_only_settings_that_allow_it_accept_a_simulated_database(
    settings, allowed, simulated, found
):
    settings.SIMULATION_ALLOWED = allowed
    ledger.open_ledger(simulated=simulated, at=NINE)

    assert refusals() == found


def test_a_database_that_cannot_be_read_is_left_to_other_checks(settings, monkeypatch):
    settings.SIMULATION_ALLOWED = False

    def fail():
        raise DatabaseError

    monkeypatch.setattr(genesis, "is_simulated", fail)
    assert refusals() == []
