"""The scorecard from its sums, beside one statement over the same sums, and from the rows.

    python benchmarks/reports.py [--size 1000000] [--database sqlite|postgresql]

So many leads, each with a handoff, two clocks, three touches and two stages. `statement` is
one hand-written SQL statement over the cells of the newest full month, its rows as the driver
gives them; `sums` how promises were kept, how fast, what came back, the steps of the journey
and what stands beside, made of the same cells; `rows` the same counted from the rows. Both
give the same figures, or it ends. `page` is the whole scorecard as a request through the
portal's handler; `page, rows` without sums; `desk` another page, alone and while scorecards
are opened beside it without a pause.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from ground import databases
from ground.asking import cookie, request
from ground.goals import Goal, spread

SIZE, ROUNDS = 1_000_000, 5
SETTINGS = "ground.page_settings"
BESIDE = 20  # desks that are opened beside scorecards
STATEMENT = (
    "SELECT family, name, kind, party, state, source, origin, SUM(n) FROM leads_rolledcell"
    " WHERE day >= %s AND day < %s GROUP BY family, name, kind, party, state, source, origin"
)
Side = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="leads")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--scorecards", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.scorecards is not None:
        _open_scorecards(asked.scorecards)
    if asked.inside is None:
        given = ["--size", str(asked.size), "--rounds", str(asked.rounds)]
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin(SETTINGS)
    for goal in measure(asked.inside, asked.size, asked.rounds, BESIDE):
        print(goal, flush=True)


def measure(kind: str, size: int, rounds: int, desks: int) -> Iterator[Goal]:
    """The goals of one database; of no `desks` nothing is said."""
    version, session = _filled(size), cookie()
    sides = _sides(version, session)
    taken: dict[str, list[float]] = {name: [] for name in sides}
    figures = []
    for _round in range(rounds):
        for name, side in sides.items():
            seconds, found = _took(side)
            taken[name].append(seconds)
            if name in ("sums", "rows"):
                figures.append(found)
    if any(found != figures[0] for found in figures):
        raise SystemExit("the sums are not those of the rows")
    print(f"{size:,} leads, the same figures from sums and rows, {len(figures)} times")
    if desks:
        taken["desk"], taken["desk, beside"] = _desks(session, desks)
    for name, seconds in taken.items():
        print(f"{kind} {name}: {spread(seconds)}")
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    over = {name: middle[name] / middle["statement"] for name in ("sums", "page")}
    yield Goal(f"{kind}-reports-sums-over-statement", over["sums"], "<=", 3)
    yield Goal(f"{kind}-reports-page-over-statement", over["page"], "<=", 3)
    if desks:
        beside = middle["desk, beside"] / middle["desk"]
        yield Goal(f"{kind}-reports-desk-beside-over-alone", beside, "<=", 1.2)


def _filled(size: int) -> Any:
    """The company with its facts and its sums."""
    from ground import company
    from ground.many_facts import fill

    from leads.actions import rolling
    from leads.models import RolledCell
    from portal import ledger

    ledger.open_ledger(simulated=True, at=company.BEGAN)
    version = company.found()
    fill(size, version)
    began = time.perf_counter()
    while not rolling.roll(at=company.BEGAN):
        pass
    seconds = time.perf_counter() - began
    cells = RolledCell.objects.count()
    print(f"sums of {size:,} leads made in {seconds:.1f} s, {cells:,} cells")
    return version


def _took(side: Side) -> tuple[float, object]:
    began = time.perf_counter()
    found = side()
    return time.perf_counter() - began, found


def _sides(version: Any, session: str) -> dict[str, Side]:
    from django.core.wsgi import get_wsgi_application
    from ground.many_facts import LAST

    from leads.reports.counting import counted
    from leads.reports.period import Filters
    from leads.reports.rollups import rolled
    from leads.reports.scorecard.promises import promises
    from leads.reports.scorecard.response import responses
    from leads.reports.scorecard.returns import grouped, returns
    from leads.reports.scorecard.sums import FromRows, others
    from leads.views.reports.choosing import zone_of
    from portal import wallclock

    on, at = LAST.date().isoformat(), wallclock.now()
    filters = Filters.from_query({"on": on}, at, zone_of(version))

    def sums() -> object:
        found = rolled(filters, version=version)
        if found is None:
            raise SystemExit("there are no sums")
        kept = promises(version, filters, at, found.clocks(filters, at))
        back = grouped(found.returns(filters), version)
        return _told(kept, found.responses(filters), back, others(version, filters, found))

    def rows() -> object:
        kept = promises(version, filters, at)
        plain = counted(others(version, filters, FromRows()))
        return _told(kept, responses(filters, version), returns(filters, version), plain)

    page = request(get_wsgi_application(), *_address(), {"HTTP_COOKIE": session})

    def without() -> object:
        with mock.patch("leads.reports.rollups.card.rolled", return_value=None):
            return page()

    return {
        "statement": lambda: _statement(filters.period),
        "sums": sums,
        "rows": rows,
        "page": page,
        "page, rows": without,
    }


def _told(kept: Any, *more: object) -> object:
    """What was read, so that it can be compared."""
    return [(one.tally, sorted(one.times)) for one in kept], *more


def _statement(period: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [period.first, period.after])
        return len(cursor.fetchall())


def _desks(session: str, number: int) -> tuple[list[float], list[float]]:
    """Desks of a seller that are opened alone, and while another process opens scorecards."""
    from django.core.wsgi import get_wsgi_application

    from portal.accounts.models import User

    seller = User.objects.filter(team__key="inside-sales").order_by("pk")[0]
    mine = {"HTTP_COOKIE": cookie(seller)}
    desk = request(get_wsgi_application(), "/desk/", "", mine)
    alone = [_took(desk)[0] for _ in range(number + 1)][1:]
    command = [sys.executable, __file__, "--scorecards", session]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it has opened one
        taken = [_took(desk)[0] for _ in range(number)]
        other.terminate()
    return alone, taken


def _open_scorecards(session: str) -> None:
    """One after the other, until somebody ends it."""
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application

    page = request(get_wsgi_application(), *_address(), {"HTTP_COOKIE": session})
    page()
    print("begun", flush=True)
    while True:
        page()


def _address() -> tuple[str, str]:
    from ground.many_facts import LAST

    return "/scorecard/", f"on={LAST.date().isoformat()}"


if __name__ == "__main__":
    main()
