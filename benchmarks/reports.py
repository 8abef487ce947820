"""Reports from their sums, beside one statement over the same sums, and from the rows.

    python benchmarks/reports.py [--size 1000000] [--database sqlite|postgresql]

So many leads, each with a handoff, two clocks, three touches and two stages. `statement` is
one hand-written SQL statement over the cells of the newest full month, its rows as the driver
gives them, `indexed` the same, naming the families so that the database may use its index;
`records` all of these cells with the numbers of each fact, as the driver gives
them, for times cannot be had without. `sums` is how promises were kept, how fast, what came
back, the steps of the journey, volumes and what stands beside, made of the same cells; `rows`
the same counted from the rows. Both give the same figures, or it ends. `page` is the whole
scorecard as a request through the portal's handler; `page, rows` without sums; the other
reports are named, `questions` are those about the figures. A process remembers what it has
read: what is `first` remembers nothing. `desk` is another page, alone and in turn while
scorecards are opened beside it without a pause. Beside each time by the clock stands that of
our own processor.
"""

import argparse
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

from ground import databases
from ground.asking import cookie, request
from ground.goals import Goal, spread

SIZE, ROUNDS = 1_000_000, 5
SETTINGS = "ground.page_settings"
BESIDE = 20  # desks that are opened beside scorecards
AT_ONCE = 4_000  # leads that are put into the sums
QUESTIONS = "/integrity/"
PAGES = {
    "page": "/scorecard/", "review": "/review/", "cohort": "/cohort/", "coverage": "/coverage/",
}  # fmt: skip
RECORDS = "SELECT * FROM leads_rolledcell WHERE day >= %s AND day < %s"
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
    yield from judge(kind, size, rounds, desks, _filled(size))


def judge(kind: str, size: int, rounds: int, desks: int, version: Any) -> Iterator[Goal]:
    """The goals, where the company is there with its sums."""
    session = cookie()
    taken, worked, figures = _timed(_sides(version, session), rounds)
    if any(found != figures[0] for found in figures):
        raise SystemExit("the sums are not those of the rows")
    print(f"{size:,} leads, the same figures from sums and rows, {len(figures)} times")
    if desks:
        taken["desk"], taken["desk, beside"] = _desks(session, desks)
    for name, seconds in taken.items():
        own = f"; own {spread(worked[name])}" if name in worked else ""
        print(f"{kind} {name}: {spread(seconds)}{own}")
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    mine = ("sums", *PAGES)
    for name in (*mine, *map(_first, mine)):
        for other in ("statement", "records"):
            over = middle[name] / middle[other]
            called = name.replace(", ", "-")
            yield Goal(f"{kind}-reports-{called}-over-{other}", over, "<=", 3)
    if desks:
        beside = middle["desk, beside"] / middle["desk"]
        yield Goal(f"{kind}-reports-desk-beside-over-alone", beside, "<=", 1.2)


def _timed(
    sides: Mapping[str, Side], rounds: int
) -> tuple[dict[str, list[float]], dict[str, list[float]], list[object]]:
    """By side how long it took by the clock, and of our own processor; and the figures."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    worked: dict[str, list[float]] = {name: [] for name in sides}
    figures = []
    for _round in range(rounds):
        for name, side in sides.items():
            if "rows" not in name:  # nothing is made ready for those
                side()
            own = time.process_time()
            seconds, found = _took(side)
            worked[name].append(time.process_time() - own)
            taken[name].append(seconds)
            if name in ("sums", "rows", _first("sums")):
                figures.append(_told(*found))
    return taken, worked, figures


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
    with mock.patch.object(rolling, "SLICE", AT_ONCE):  # nobody else writes
        while not rolling.roll(at=company.BEGAN):
            pass
    seconds = time.perf_counter() - began
    cells = RolledCell.objects.count()
    print(f"sums of {size:,} leads made in {seconds:.1f} s, {cells:,} cells")
    return version


def _took(side: Side) -> tuple[float, Any]:
    began = time.perf_counter()
    found = side()
    return time.perf_counter() - began, found


def _sides(version: Any, session: str) -> dict[str, Side]:
    from django.core.wsgi import get_wsgi_application
    from ground.many_facts import LAST

    from leads.reports.counting import counted
    from leads.reports.period import Filters
    from leads.reports.rollups import sums_of
    from leads.reports.scorecard.promises import promises
    from leads.reports.scorecard.response import responses
    from leads.reports.scorecard.returns import grouped, returns
    from leads.reports.scorecard.sums import FromRows, others
    from leads.reports.volume import volume
    from leads.views.reports.choosing import zone_of
    from portal import wallclock

    on, at = LAST.date().isoformat(), wallclock.now()
    filters = Filters.from_query({"on": on}, at, zone_of(version))

    def sums() -> object:
        found = sums_of(version, filters)
        if found is None:
            raise SystemExit("there are no sums")
        kept = promises(version, filters, at, found.clocks(filters, at))
        back = grouped(found.returns(filters), version)
        plain = others(version, filters, found)
        return kept, found.responses(filters), back, plain, volumes(found)

    def rows() -> object:
        kept = promises(version, filters, at)
        plain = counted(others(version, filters, FromRows()))
        back = returns(filters, version)
        return kept, responses(filters, version), back, plain, volumes(None)

    def volumes(found: Any) -> list[Any]:
        curves = [one for one in version.parsed.commitments if one.measure == "stage_entries"]
        return [volume(one, filters, at, version=version, sums=found) for one in curves]

    application, headers = get_wsgi_application(), {"HTTP_COOKIE": session}
    query = _address()[1]
    pages: dict[str, Side] = {
        name: request(application, path, query, headers) for name, path in PAGES.items()
    }

    def without() -> object:
        with mock.patch("leads.reports.rollups.card.rolled", return_value=None):
            return pages["page"]()

    mine = {"sums": sums, **pages}
    return {
        "statement": lambda: _statement(STATEMENT, filters.period),
        "indexed": lambda: _statement(_indexed(), filters.period),
        "records": lambda: _statement(RECORDS, filters.period),
        "rows": rows,
        **mine,
        **{_first(name): _forgetting(side) for name, side in mine.items()},
        "questions": request(application, QUESTIONS, query, headers),
        "page, rows": without,
    }


def _first(name: str) -> str:
    """What a side is called that remembers nothing."""
    return f"{name}, first"


def _forgetting(side: Side) -> Side:
    from leads.reports.rollups.memory import MEMORY

    def first() -> object:
        MEMORY.clear()
        return side()

    return first


def _indexed() -> str:
    """The statement with all families by their names."""
    from leads.reports.rollups import spans

    names = {*spans.CARD, *spans.REVIEW, *spans.COHORT, *spans.VOLUMES, "known"}
    some = ", ".join(f"'{name}'" for name in sorted(names))
    return STATEMENT.replace("WHERE", f"WHERE family IN ({some}) AND")


def _told(kept: Any, made: Any, *more: object) -> object:
    """What was read, so that it can be compared."""
    promised = [(one.tally, sorted(one.times)) for one in kept]
    return promised, made.made, made.never, made.withdrawn, *more


def _statement(statement: str, period: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, [period.first, period.after])
        return len(cursor.fetchall())


def _desks(session: str, number: int) -> tuple[list[float], list[float]]:
    """Desks of a seller that are opened alone, and while another process opens scorecards,
    in turn: it is stopped for every other one."""
    from django.core.wsgi import get_wsgi_application

    from portal.accounts.models import User

    seller = User.objects.filter(team__key="inside-sales").order_by("pk")[0]
    mine = {"HTTP_COOKIE": cookie(seller)}
    desk = request(get_wsgi_application(), "/desk/", "", mine)
    desk()
    alone, beside = [], []
    command = [sys.executable, __file__, "--scorecards", session]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it has opened one
        for _ in range(number):
            other.send_signal(signal.SIGSTOP)
            alone.append(_took(desk)[0])
            other.send_signal(signal.SIGCONT)
            beside.append(_took(desk)[0])
        other.kill()
    return alone, beside


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
