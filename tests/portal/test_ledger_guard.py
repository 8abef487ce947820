"""The database itself refuses to change or delete a ledger entry."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.management.commands import flush
from portal.ledger.models import LedgerEntry, guard

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAME = (
    "SELECT seq, at, 'erased', subject_type, subject_id, lead_id, actor_id, department, team,"
)
ATTACKS = [
    pytest.param("UPDATE ledger_entry SET kind = 'erased' WHERE seq = 1", id="edit"),
    pytest.param("UPDATE ledger_entry SET seq = 9 WHERE seq = 1", id="move"),
    pytest.param("DELETE FROM ledger_entry WHERE seq = 1", id="delete"),
    pytest.param("DELETE FROM ledger_entry", id="delete all"),
    pytest.param(
        f"INSERT INTO ledger_entry {SAME} body, prev_hash, hash FROM ledger_entry",
        id="insert over",
    ),
]
ATTACKS_BY_VENDOR = {
    "sqlite": [
        f"INSERT OR REPLACE INTO ledger_entry {SAME} body, prev_hash, hash FROM ledger_entry"
    ],
    "postgresql": [
        "TRUNCATE ledger_entry",
        "UPDATE ledger_entry SET kind = 'erased' WHERE seq = 99",
        f"INSERT INTO ledger_entry {SAME} body, prev_hash, hash FROM ledger_entry"
        " ON CONFLICT (seq) DO UPDATE SET kind = 'erased'",
    ],
}


@pytest.fixture
def one_entry(db):
    with ledger.recording():
        ledger.append(Kind.OUTAGE, subject=("portal", 1), at=NINE)
    return LedgerEntry.objects.get()


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ATTACKS)
def test_a_ledger_entry_is_never_changed_or_deleted(one_entry, statement):
    with pytest.raises(IntegrityError):
        run(statement)

    assert LedgerEntry.objects.get() == one_entry
    assert LedgerEntry.objects.get().kind == "outage"


def test_this_databases_own_ways_of_overwriting_are_refused_too(one_entry):
    for statement in ATTACKS_BY_VENDOR[connection.vendor]:
        with pytest.raises(IntegrityError, match="never changed"):
            run(statement)

    assert LedgerEntry.objects.get().kind == "outage"


def test_the_orm_is_refused_as_well(one_entry):
    one_entry.kind = "erased"
    for attack in (
        one_entry.save,
        one_entry.delete,
        LedgerEntry.objects.all().delete,
        lambda: LedgerEntry.objects.update(kind="erased"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            attack()


def test_a_missing_trigger_is_noticed(one_entry):
    assert guard.stands(connection)
    guard.remove(connection)

    assert not guard.stands(connection)
    with pytest.raises(CommandError, match="trigger"):
        call_command("verify_ledger")


def test_the_triggers_go_and_come_with_their_migration(transactional_db):
    call_command("migrate", "ledger", "zero", verbosity=0)
    assert LedgerEntry._meta.db_table not in connection.introspection.table_names()
    assert not guard.stands(connection)

    call_command("migrate", "ledger", verbosity=0)
    assert guard.stands(connection)


def test_emptying_a_test_database_leaves_the_guard_standing(transactional_db):
    with ledger.recording():
        ledger.append(Kind.OUTAGE, subject=("portal", 1), at=NINE)

    call_command("flush", verbosity=0, interactive=False)

    assert not LedgerEntry.objects.exists()
    assert guard.stands(connection)


def test_the_ledger_of_a_company_is_never_emptied(one_entry, monkeypatch):
    monkeypatch.setattr(flush, "_is_for_tests", lambda connection: False)

    with pytest.raises(CommandError, match="it stays"):
        call_command("flush", verbosity=0, interactive=False)

    assert LedgerEntry.objects.count() == 1
