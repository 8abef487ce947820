"""Personal values stand in the ledger as commitments, and erasing never breaks the chain."""

from datetime import UTC, datetime

import pytest

from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry, Salt
from portal.ledger.reading import Erased
from portal.ledger.verify import verify

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = {"name": "Ann Arbor", "email": "ann@example.org"}


def arrive(lead, **committed):
    with ledger.recording(at=NINE):
        draft = ledger.append(
            Kind.LEAD_ARRIVED,
            subject=("lead", lead),
            clear={"source": "web"},
            committed=committed,
        )
    return LedgerEntry.objects.get(pk=draft.seq)


def test_a_personal_value_is_not_in_the_ledger_but_can_be_checked():
    entry = arrive(1, **ANN)

    assert "Ann" not in entry.body
    assert "ann@" not in entry.body
    assert ledger.matches(entry, "name", "Ann Arbor")
    assert not ledger.matches(entry, "name", "Ann Harbor")
    assert not ledger.matches(entry, "email", "Ann Arbor")


def test_a_field_that_was_not_committed_has_no_answer():
    with pytest.raises(KeyError):
        ledger.matches(arrive(1, **ANN), "phone", "1")


def test_the_same_value_looks_different_in_every_entry():
    made = [arrive(lead, **ANN).committed["email"] for lead in (1, 1, 2)]

    assert len(set(made)) == 3


def test_a_lead_has_one_salt_for_itself_and_all_that_belongs_to_it():
    arrive(1, **ANN)
    with ledger.recording(at=NINE):
        ledger.append(
            Kind.HANDOFF_RETURN, subject=("handoff", 4), lead=1, committed={"note": "no budget"}
        )
        ledger.append(Kind.CONFIGURED, subject=("team", 2), committed={"reason": "moved"})

    owners = set(Salt.objects.values_list("owner_type", "owner_id"))
    assert owners == {("lead", 1), ("team", 2)}


def test_an_entry_with_nothing_personal_makes_no_salt():
    arrive(1)

    assert not Salt.objects.exists()


def test_erasing_a_lead_closes_its_values_for_ever_and_keeps_the_chain():
    gone, stays = arrive(1, **ANN), arrive(2, **ANN)
    before = verify(LedgerEntry.objects.links())

    assert ledger.forget(("lead", 1)) == 1

    with pytest.raises(Erased):
        ledger.matches(gone, "name", "Ann Arbor")
    assert ledger.matches(stays, "name", "Ann Arbor")
    assert verify(LedgerEntry.objects.links()) == before


def test_erasing_twice_does_nothing_the_second_time():
    arrive(1, **ANN)

    assert [ledger.forget(("lead", 1)) for _ in range(2)] == [1, 0]


def test_a_value_given_after_erasure_does_not_open_the_old_ones():
    old = arrive(1, **ANN)
    ledger.forget(("lead", 1))

    new = arrive(1, **ANN)

    assert ledger.matches(new, "name", "Ann Arbor")
    assert not ledger.matches(old, "name", "Ann Arbor")
