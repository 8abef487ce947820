"""From the due instant to the alert: ours beside one bare hop of Celery, in one run.

    python benchmarks/alert_latency.py [--alerts 100] [--size 10000] [--tasks 3000]

A real broker, a real beat and real workers. Clocks come due at chance instants, some of
them a few milliseconds after each other; another process looks every millisecond for the
committed alert. The bare hop is measured before and after, on the same broker. Then what it
takes to hand out many small things: one task each, or many in one task; and the outbox,
whose rows are the queue.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ground import databases, processes
from ground.goals import Goal, percentile

ALERTS, SIZE, TASKS, HOPS, BATCH = 100, 10_000, 3_000, 100, 500
WARM = 12  # alerts before, so that each worker has read the agreement
BEGINS_IN = timedelta(seconds=5)
FLAT = "django.core.mail.backends.dummy.EmailBackend"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=ALERTS)
    parser.add_argument("--size", type=int, default=SIZE, help="open clocks")
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is None:
        given = ["--alerts", asked.alerts, "--size", asked.size, "--tasks", asked.tasks]
        kinds = asked.database or databases.KINDS
        databases.once_for_each(kinds, __file__, list(map(str, given)))
        return
    with tempfile.TemporaryDirectory() as folder, processes.broker(Path(folder)) as url:
        os.environ["REDIS_URL"] = url
        databases.begin()
        for goal in measure(asked.inside, asked.alerts, asked.size, asked.tasks):
            print(goal, flush=True)


def measure(kind: str, alerts: int, size: int, tasks: int) -> Iterator[Goal]:
    from ground import company
    from ground.open_clocks import OpenClocks

    clocks = OpenClocks(company.found())
    clocks.grow(size)
    with processes.worker("peers.bare_hop"):
        hops = bare_hops(HOPS)
        with (
            processes.worker("portal.celery"),
            processes.celery("portal.celery", "beat", "--pidfile="),
        ):
            late = latencies(clocks, alerts)
        hops += bare_hops(HOPS)
        one, many = handed_out(tasks)
    print(f"{kind} hop: {_said(hops)}")
    print(f"{kind} due to committed alert: {_said(late)}")
    print(f"{kind} one task each: {one:,.0f} a second; {BATCH} in a task: {many:,.0f} a second")
    share = percentile(late, 0.95) / percentile(hops, 0.95)
    yield Goal(f"{kind}-alert-p95-over-bare-hop-p95", share, "<=", 10)
    yield Goal(f"{kind}-queued-in-batches-times-one-task-each", many / one, ">=", 50)
    mails, alone = sent_by_outbox(tasks, 100), sent_by_outbox(max(tasks // 10, 1), 1)
    each = 1 / (1 / one + 1 / alone)
    print(f"{kind} outbox: {mails:,.0f} mails a second, composed, sent nowhere, and marked;"
          f" {each:,.0f} with a task for each")  # fmt: skip
    yield Goal(f"{kind}-mails-of-the-outbox-times-a-task-for-each", mails / each, ">=", 50)


def _said(seconds: list[float]) -> str:
    p50, p95 = (percentile(seconds, share) * 1e3 for share in (0.5, 0.95))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, {len(seconds)} times"


def bare_hops(number: int) -> list[float]:
    """Seconds from sending a task to its first line, one after the other."""
    from peers import bare_hop

    taken = []
    for _ in range(number + 1):
        bare_hop.hop.delay(time.time())
        answer = bare_hop.server.blpop([bare_hop.HOPS], timeout=60)
        if answer is None:
            raise SystemExit("the bare worker does not answer")
        taken.append(float(answer[1]))
        time.sleep(0.005)
    return taken[1:]  # the first one waited for the worker to start


def latencies(clocks: Any, number: int) -> list[float]:
    """Seconds from each due instant to when another connection can read the alert."""
    from leads.actions.sweeping import sweep

    for done in range(WARM):
        clocks.let_be_due(1, datetime.now(UTC))
        processes.wait_until(lambda done=done: _raised() > done, "a sweep is under way")
    chance, at, due = random.Random(7), datetime.now(UTC) + BEGINS_IN, []
    for _ in range(number):
        at += timedelta(seconds=chance.choice([0.003, 0.2, 0.4, 0.8]))
        due.append(at)
    ids = clocks.let_be_due(number, due[-1], instants=due)
    if sweep.next_instant() != due[0]:
        raise SystemExit("the clocks were made too slowly; their latency means nothing")
    seen = _watched(set(ids))
    return [(seen[pk] - instant).total_seconds() for pk, instant in zip(ids, due, strict=True)]


def _raised() -> int:
    from leads.models import Alert

    return Alert.objects.count()


def _watched(ids: set[int]) -> dict[int, datetime]:
    """When the alert of each clock was there to be read."""
    from leads.models import Alert

    seen: dict[int, datetime] = {}
    last = Alert.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def all_are_there() -> bool:
        nonlocal last
        rows = Alert.objects.filter(pk__gt=last).order_by("pk")
        found = list(rows.values_list("pk", "clock_id"))
        now = datetime.now(UTC)
        for pk, clock in found:
            last = pk
            seen.setdefault(clock, now)
        return ids <= seen.keys()

    until = time.monotonic() + 2 * len(ids) + 60
    while not all_are_there():
        if time.monotonic() > until:
            raise SystemExit(f"{len(ids - seen.keys())} alerts never came")
        time.sleep(0.001)
    return seen


def handed_out(number: int) -> tuple[float, float]:
    """Things a second through the broker, one in a task, and BATCH in a task."""
    from peers import bare_hop

    def rate(number: int, batch: int) -> float:
        bare_hop.server.delete(bare_hop.DONE)
        began = time.perf_counter()
        for start in range(0, number, batch):
            if batch == 1:
                bare_hop.one.delay()
            else:
                bare_hop.many.delay(list(range(start, start + batch)))
        processes.wait_until(lambda: _done(bare_hop) >= number, "all tasks are done")
        return number / (time.perf_counter() - began)

    rounds = [(rate(number, 1), rate(number * 20 // BATCH * BATCH, BATCH)) for _ in range(3)]
    one, many = (statistics.median(rates) for rates in zip(*rounds, strict=True))
    return one, many


def _done(bare_hop: Any) -> int:
    return int(bare_hop.server.get(bare_hop.DONE) or 0)


def sent_by_outbox(number: int, batch: int) -> float:
    """Mails a second that leave the real outbox, so many at a time, for a server that takes
    them at once."""
    from django.test import override_settings

    from portal.accounts.models import User
    from portal.notifications import outbox
    from portal.notifications.models import Delivery

    Delivery.objects.pending().update(state=Delivery.State.CANCELLED)
    at = datetime.now(UTC)
    person = User.objects.get(name="Seller 00")
    notices = [
        outbox.Notice(f"bench:{batch}:{one}", (person,), ("mail",), "Due now: Accept, Lead 1",
                      "Was due today.", "/leads/1/")
        for one in range(number)
    ]  # fmt: skip
    outbox.tell_all(notices, at=at)
    sent, began = 0, time.perf_counter()
    with override_settings(EMAIL_BACKEND=FLAT):
        while done := outbox.deliver_due(at=at, limit=batch):
            sent += done
    if sent != number:
        raise SystemExit(f"{sent} mails left instead of {number}; their speed means nothing")
    return sent / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
