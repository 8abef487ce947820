"""The ledger in parts, as deploy/ledger-part.sql cuts it: one chain, guarded as ever."""

import re

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from portal import ledger
from portal.ledger.models import LedgerEntry, guard
from tests.factories import MONDAY_NINE
from tests.source import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
TEXT = (ROOT / "deploy" / "ledger-part.sql").read_text()
INSIDE = re.sub(r"(?m)^(BEGIN|COMMIT);$", "", TEXT)  # the test's own transaction takes it back


def begin_a_part():
    with connection.cursor() as cursor:
        cursor.execute(INSIDE)


def write(entries):
    for number in range(entries):
        with ledger.recording(at=MONDAY_NINE):
            ledger.append(ledger.Kind.LEAD_ARRIVED, subject=("lead", number))


def held():
    """Rows of each part, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM ledger_entry GROUP BY 1")
        return [count for _part, count in sorted(cursor.fetchall())]


@pytest.fixture
def parts():
    """A ledger of three parts, the last of them empty; how much is in the first two."""
    write(3)
    first = LedgerEntry.objects.count()
    begin_a_part()
    write(4)
    begin_a_part()
    return first, 4


def test_one_chain_goes_through_all_parts(parts):
    write(2)

    assert held() == [*parts, 2]
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, sum(parts) + 3))
    call_command("verify_ledger")


def test_a_part_in_which_nothing_stands_is_not_followed_by_another(parts):
    begin_a_part()
    write(1)

    assert held() == [*parts, 1]


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_entry_1", "ledger_entry_2"])
def test_no_part_lets_an_entry_be_changed(parts, table):
    for act in (f"UPDATE {table} SET kind = 'erased'", f"DELETE FROM {table}",
                f"TRUNCATE {table}"):  # fmt: skip
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(act)
    assert guard.stands(connection)


def test_what_the_pages_ask_is_found_by_an_index(parts):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + str(LedgerEntry.objects.of_lead(1).values("seq").query))
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Seq Scan" not in plan
