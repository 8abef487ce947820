"""What one lead, handoff, clock and entry of the ledger cost, and what a year of them would.

    python benchmarks/cost.py [--size 600] [--database sqlite|postgresql]

Each step of a handoff's life is done `size` times by the portal's own actions: statements,
processor time of the portal and of PostgreSQL's process, rows and bytes of each. Then years
of 100,000 to 100,000,000 handoffs are computed from that, and the one thing that cannot be
done by several at once, writing the end of the ledger's chain, is simulated at the rate of
the year's busiest hour.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from ground import databases
from ground.counting import Counting, Step, sizes
from ground.goals import Goal, percentile
from ground.year import LIFE, SIZES, waits, year

SIZE = 600
GIGABYTE = 10**9
APART = timedelta(milliseconds=10)  # between two leads
FIRST_STEP = timedelta(seconds=6)  # of the promise that starts with the offer
A_FEW = 25
HOLDS = (0.0005, 0.001, 0.002, 0.004, 0.008)  # seconds
BUSY = 0.7  # of the time: as much as is planned
UNDISTURBED = 0.1  # the share of acts that nobody else's work on this machine delayed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="of each step")
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is None:
        given = ["--size", str(asked.size)]
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin("ground.page_settings")
    for goal in measure(asked.inside, asked.size):
        print(goal, flush=True)


def measure(kind: str, size: int) -> Iterator[Goal]:
    """Prints the tables; yields what the chain can bear."""
    run = Life(size)
    steps = run.all_of_it()
    print(f"\n{kind}: {size} times each\n")
    print("| step | statements | processor ms | of the database | rows | bytes |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in steps.values():
        print(one)
    print("\n| table | rows | bytes of a row, with its indexes |\n|---|---:|---:|")
    for table, (rows, held) in sorted(run.tables().items(), key=lambda one: -one[1][1]):
        print(f"| {table} | {rows:,} | {held // rows:,} |")
    clock, entry = run.counting.share("clock"), run.counting.share("ledger")
    print(f"\n{kind} of it the start of a clock: {clock:.2f} ms; an entry: {entry:.2f} ms")
    held = sorted(run.counting.held)
    shown = {share: percentile(held, share) * 1e3 for share in (UNDISTURBED, 0.5)}
    print(
        f"{kind} the end of the chain is held for {shown[0.5]:.2f} ms in the median,"
        f" and undisturbed (the first tenth) for {shown[UNDISTURBED]:.2f}\n"
    )
    _years(steps)
    yield from _chain(kind, steps, shown[UNDISTURBED] / 1e3)


def _years(steps: dict[str, Step]) -> None:
    print(
        "| handoffs a year | in the busiest hour, a second | acts a second | entries a second"
        " | cores web | cores worker | cores database | rows a year | GB a year |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for handoffs in SIZES:
        one = year(handoffs, steps)
        rates = (one.handoffs_a_second, one.actions_a_second, one.entries_a_second)
        cores = (one.web_cores, one.worker_cores, one.database_cores)
        shown = [f"{handoffs:,}", *(f"{figure:,.2f}" for figure in (*rates, *cores))]
        print(f"| {' | '.join(shown)} | {one.rows:,.0f} | {one.bytes / GIGABYTE:,.1f} |")


def _chain(kind: str, steps: dict[str, Step], measured: float) -> Iterator[Goal]:
    """What the end of the chain bears, for the hold that was measured and for others."""
    print(
        "\n| held for, ms | acts a second at most | handoffs a year, 70 % busy"
        " | wait then, p50, ms | p99 | busy at 100,000,000 | wait then, p99, ms |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    each = year(1, steps).actions_a_second  # of one handoff a year, in the busiest hour
    for hold in (*HOLDS, measured):
        found = waits(BUSY / hold, hold, chance=random.Random(1))
        most = each * SIZES[-1] * hold
        then = waits(most / hold, hold, chance=random.Random(1)) if most < 1 else []
        print(
            f"| {hold * 1e3:.2f} | {1 / hold:,.0f} | {BUSY / hold / each:,.0f} |"
            f" {percentile(found, 0.5) * 1e3:,.1f} | {percentile(found, 0.99) * 1e3:,.1f} |"
            f" {most:.0%} | {f'{percentile(then, 0.99) * 1e3:,.1f}' if then else 'grows'} |"
        )
    needed = BUSY / (each * SIZES[-1]) * 1e3
    yield Goal(f"{kind}-chain-milliseconds-for-{SIZES[-1]}", measured * 1e3, "<=", needed)


class Life:
    """A company whose leads are handed over, and the steps of their lives, each many times."""

    def __init__(self, size: int) -> None:
        from ground.company import BEGAN

        from tests.chaos.stage import agreement

        self.size, self.at = size, BEGAN
        agreement.found(at=BEGAN, hook="https://hook.example/")
        self.handed: Any = None  # when the first of them was handed over
        self.counting = Counting()
        self.empty = sizes()

    def all_of_it(self) -> dict[str, Step]:
        """Each step of LIFE, by its name."""
        half = max(self.size // 2, 1)
        done: dict[str, tuple[int, Callable[[int], Any]]] = {
            "lead": (self.size, partial(self._receive, email=False)),
            "handed over": (self.size, partial(self._receive, email=True)),
            "accepted": (half, self._accept),
            "called": (half, self._call),
        }
        found = {
            name: self.counting.step(name, many, act) for name, (many, act) in done.items()
        }
        found["alert"] = self.counting.step("alert", 1, self._sweep, of=self._alerts)
        found["mail"] = self.counting.step("mail", 1, self._deliver, of=lambda: self.sent)
        found["page"] = self.counting.step("page", min(half, 40), self._page())
        assert found.keys() == LIFE.keys()
        return found

    def tables(self) -> dict[str, tuple[int, int]]:
        """Rows and bytes of each table that grew."""
        now = sizes()
        none = (0, 0)
        grown = {
            table: (
                rows - self.empty.get(table, none)[0],
                held - self.empty.get(table, none)[1],
            )
            for table, (rows, held) in now.items()
        }
        return {table: one for table, one in grown.items() if one[0] >= self.size // 4 > 0}

    def _receive(self, number: int, *, email: bool) -> None:
        from leads.actions import intake

        self.at += APART
        about: dict[str, Any] = {"name": f"Person {number}", "source": "cost"}
        if email:
            self.handed = self.handed or self.at
            about |= {"email": f"person{number}@firm{number // 4}.example"}
        else:
            about |= {"phone": f"+49 30 901{number:06}"}
        intake.receive(arrival=intake.Arrival(**about), at=self.at)

    def _accept(self, number: int) -> None:
        from leads.actions.handing import handoffs
        from leads.models import Handoff

        handoff = Handoff.objects.select_related("receiver").order_by("pk")[number]
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=self.at)

    def _call(self, number: int) -> None:
        from leads.actions.journeys import touches
        from leads.models import Handoff

        handoff = Handoff.objects.select_related("receiver").order_by("pk")[number]
        touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=self.at)

    def _sweep(self, _number: int) -> None:
        """All first steps, a few at a time: a flood would be told together."""
        from leads.actions.sweeping import sweep

        for due in range(self.size // A_FEW + 1):
            at = self.handed + FIRST_STEP + (due + 1) * A_FEW * APART
            sweep.raise_all(at=at, by="cost")
        self.at = at

    def _alerts(self) -> int:
        from leads.models import Alert

        return Alert.objects.count()

    def _deliver(self, _number: int) -> None:
        from django.test import override_settings

        from portal.notifications import outbox

        self.sent = 0
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            while left := outbox.deliver_due(at=self.at):
                self.sent += left

    def _page(self) -> Callable[[int], int]:
        """A desk, and then three leads, by one of those who receive them."""
        from django.core.wsgi import get_wsgi_application
        from ground.asking import cookie, request

        from leads.models import Handoff

        first = Handoff.objects.select_related("receiver").order_by("pk")[0]
        mine = Handoff.objects.filter(receiver=first.receiver).order_by("pk")[:3]
        paths = ["/desk/", *(f"/leads/{one.lead_id}/" for one in mine)]
        headers = {"HTTP_COOKIE": cookie(first.receiver)}
        application = get_wsgi_application()
        asked = [request(application, path, "", headers) for path in paths]
        for one in asked:
            one()
        return lambda number: asked[number % len(asked)]()


if __name__ == "__main__":
    main()
