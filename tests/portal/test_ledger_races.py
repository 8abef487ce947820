"""Eight writers at once: no gap, no fork, nothing lost, in the order of the chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry, Salt
from portal.ledger.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
WRITERS, ROUNDS, SAID = 8, 12, 2


def write(writer, start):
    """ROUNDS actions of SAID entries each; two writers share a lead, and so a salt."""

    @ledger.recorded
    def act(number):
        for part in range(SAID):
            ledger.append(
                Kind.TOUCH_LOGGED, subject=("touch", number), at=NINE, by=writer,
                lead=writer // 2 + 1, clear={"part": part}, committed={"note": "x"},
            )  # fmt: skip

    try:
        start.wait(timeout=30)
        for number in range(ROUNDS):
            act(number)
    finally:
        connection.close()


def test_eight_writers_at_once_leave_one_chain_without_gaps():
    start = Barrier(WRITERS)

    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [pool.submit(write, writer, start) for writer in range(WRITERS)]
    for job in jobs:
        job.result()

    report = verify(LedgerEntry.objects.links())
    assert (report.count, report.fault) == (WRITERS * ROUNDS * SAID, None)
    assert LedgerEntry.objects.values("prev_hash").distinct().count() == report.count
    assert Salt.objects.count() == WRITERS // 2


def test_the_entries_of_an_action_stand_together():
    start = Barrier(WRITERS)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS), [start] * WRITERS))

    rows = LedgerEntry.objects.order_by("seq").values_list("actor_id", "subject_id")
    pairs = list(zip(rows[::SAID], rows[1::SAID], strict=True))
    assert all(first == second for first, second in pairs)
