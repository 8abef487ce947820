"""Two hosts beside one: what a second web and a second sweeper bring.

    python -m tests.chaos.hosts.scaling --results docs/results/scaling.json

Each host is a network namespace and may use a share of a core, so that the machine's few
cores hide nothing: PostgreSQL, the people and the receiver of mails have the rest. One and
two take turns, and medians are compared. Counted beside each page: its questions, the rows
that were read for it, its processor time. Exits with 1 when a page or an alert is missing or
is there twice; no time is judged.
"""

import argparse
import http.client
import json
import os
import platform
import shlex
import shutil
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import psycopg

from tests.chaos.hosts.net import STREET, Net, alone
from tests.chaos.hosts.shares import shares, used
from tests.chaos.hosts.spread import Spread
from tests.chaos.stage.company import House
from tests.chaos.stage.databases import Cluster
from tests.chaos.stage.processes import ROOT, listens, soon
from tests.chaos.stage.receivers import Receivers
from tools.results import commit

PLACES = ("web1", "web2", "sweeper1", "sweeper2", "db")
PAGES = ("/desk/", "/alerts/", "/leads/", "/help/?screen=leads:desk")
WARM = 240  # due first, for all sweepers: more than one takes at once; who just began imports
SOON = timedelta(seconds=2)  # what comes due is written down before it is due
COUNTERS = "xact_commit, tup_returned"


def main() -> int:
    alone()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cores", type=float, default=0.2, help="of each web and sweeper")
    parser.add_argument("--open", type=int, default=20_000, help="open clocks")
    parser.add_argument("--pages", type=int, default=240, help="in each turn")
    parser.add_argument("--due", type=int, default=1_000, help="clocks in each turn")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        net = stack.enter_context(Net(PLACES))
        working = [name for name in PLACES if name != "db"]
        joins = stack.enter_context(shares(working, asked.cores))
        stage = stack.enter_context(_company(net, joins, asked.open))
        found = {
            "commit": commit(), "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "python": platform.python_version(), "machine_cores": os.cpu_count(),
            "command": shlex.join(["python", "-m", "tests.chaos.hosts.scaling", *sys.argv[1:]]),
            "cores_of_a_host": asked.cores if joins else None, "open_clocks": asked.open,
        }  # fmt: skip
        for part, measured in (("webs", _webs), ("sweepers", _sweepers)):
            found[part] = measured(stage, asked)
            print(part, json.dumps(found[part]), flush=True)  # a long run may not end
    found["passed"] = found["webs"]["whole"] and found["sweepers"]["whole"]
    print(json.dumps(found, indent=1), flush=True)
    if asked.results:
        asked.results.write_text(json.dumps(found, indent=1) + "\n")
    return 0 if found["passed"] else 1


class Scaled(Spread):
    """A company with many open clocks, whose processes have a share each."""

    joins: Any
    clocks: Any
    session: str

    def command(self, name: str) -> list[str]:
        command = super(Spread, self).command(name)
        # First the share: inside a namespace its files are not to be seen.
        return [*self.joins.get(name, []), *self.net.hosts[name].inside, *command]

    def begin(self, *names: str) -> list[int]:
        """Let these run; return by what their processes are known."""
        self.start(*(name for name in names if not self.runs(name)))
        return [self.processes[name].process.pid for name in names]

    def runs(self, name: str) -> bool:
        return name in self.processes and self.processes[name].is_running

    def end(self, *names: str) -> None:
        for name in names:
            self.processes[name].stop()


@contextmanager
def _company(net: Net, joins: Any, size: int) -> Iterator[Scaled]:
    host = net.hosts["db"]
    with TemporaryDirectory(prefix="concord-scaling-") as folder:
        data = Path(mkdtemp(prefix="concord-scaling-db-"))
        cluster = Cluster(data, host.address, host.inside)
        cluster.initialise()
        house = House(cluster, Path(folder), STREET)
        try:
            cluster.start()
            made = Scaled(house, cluster.make("run"), Path(folder), {})
            made.net, made.joins = net, joins
            _fill(made, size)
            yield made
            made.close()
        finally:
            cluster.server.kill()
            shutil.rmtree(data, ignore_errors=True)


def _fill(stage: Scaled, size: int) -> None:
    """The company, by this process: it is the portal too, as a host of its own."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    os.environ |= stage.environment
    import django

    django.setup()
    from django.core.management import call_command
    from ground import company
    from ground.open_clocks import OpenClocks, analyze

    from portal.accounts.models import User
    from tests.chaos.stage import agreement

    call_command("migrate", interactive=False, verbosity=0)
    stage.clocks = OpenClocks(company.found())
    stage.clocks.grow(size)
    analyze()
    stage.session = agreement.session(User.objects.get(name="Seller 01"))


# ---------- pages ----------


def _webs(stage: Scaled, asked: Any) -> dict[str, Any]:
    """The same pages by one web and by two, in turns."""
    names = ["web1", "web2"]
    leaders = stage.begin(*names)
    hosts = [stage.net.hosts[name].address for name in names]
    assert soon(lambda: all(listens(stage.web_port, host) for host in hosts)), stage.said()
    _ask(stage, hosts, 8 * len(PAGES), asked.people)  # each page is there once
    taken: dict[int, list[float]] = {1: [], 2: []}
    cost: dict[str, list[float]] = {"questions": [], "rows_read": [], "processor_ms": []}
    answers: Counter[str] = Counter()
    for _turn in range(asked.turns):
        for count in taken:
            before = (*_counted(stage), used(leaders))
            began = time.perf_counter()
            answers += _ask(stage, hosts[:count], asked.pages, asked.people)
            taken[count].append(time.perf_counter() - began)
            after = (*_counted(stage), used(leaders))
            each = [(b - a) / asked.pages for a, b in zip(before, after, strict=True)]
            for name, figure in zip(cost, (each[0], each[1], each[2] * 1e3), strict=True):
                cost[name].append(figure)
    stage.end(*names)
    return _compared(taken, asked.pages, "pages_a_second") | {
        "a_page": {name: round(statistics.median(each), 1) for name, each in cost.items()},
        "answers": answers, "whole": answers == {"200": 2 * asked.turns * asked.pages},
    }  # fmt: skip


def _ask(stage: Scaled, hosts: list[str], pages: int, people: int) -> Counter[str]:
    """Pages asked for by so many people at once, each person at one web; what was answered."""

    def person(number: int) -> Counter[str]:
        line = http.client.HTTPConnection(hosts[number % len(hosts)], stage.web_port)
        headers = {"Host": "localhost", "Cookie": f"concord_session={stage.session}"}
        came: Counter[str] = Counter()
        for place in range(number, pages, people):
            path = PAGES[place // people % len(PAGES)]
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            answer.read()
            came["200" if answer.status == 200 else f"{answer.status} {path}"] += 1
        line.close()
        return came

    with ThreadPoolExecutor(people) as crowd:
        return sum(crowd.map(person, range(people)), Counter())


def _counted(stage: Scaled) -> tuple[int, int]:
    """What the database did so far: statements outside a transaction and transactions; rows."""
    with psycopg.connect(stage.url) as line:
        line.execute("SELECT pg_stat_force_next_flush()")
        asked = f"SELECT {COUNTERS} FROM pg_stat_database WHERE datname = current_database()"
        done, rows = line.execute(asked).fetchone() or (0, 0)
    return int(done), int(rows)


# ---------- alerts ----------


def _sweepers(stage: Scaled, asked: Any) -> dict[str, Any]:
    """As many clocks that come due at one instant, by one sweeper and by two, in turns."""
    raised: dict[int, list[float]] = {1: [], 2: []}
    left: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    alerts: list[int] = []
    mails: list[int] = []
    house = stage.house
    with Receivers(house.hook_port, house.mail_port, stage.wire, loses=0, host=STREET):
        for _turn in range(asked.turns):
            for count in raised:
                names = ["sweeper1", "sweeper2"][:count]
                leaders = stage.begin(*names)
                assert soon(lambda names=names: _watch(stage, names)), stage.said()
                _wave(stage, min(WARM, asked.due))
                began = used(leaders)
                told = _wave(stage, asked.due)
                raised[count].append(told["raised"])
                left[count].append(told["left"])
                spent[count].append((used(leaders) - began) / asked.due)
                alerts.append(told["alerts"])
                mails.append(told["mails"])
                stage.end(*names[1:])
        stage.end("sweeper1")
    return _compared(raised, asked.due, "alerts_a_second") | {
        "mails": _compared(left, asked.due, "mails_a_second"),
        "alerts": alerts, "mail_rows": mails,
        "whole": {*alerts, *mails} == {asked.due},
        "processor_ms_of_an_alert": {
            str(count): round(statistics.median(each) * 1e3, 2) for count, each in spent.items()
        },
    }  # fmt: skip


def _watch(stage: Scaled, names: list[str]) -> bool:
    """Whether each sweeper has begun, and looked once."""
    said = [stage.processes[name] for name in names]
    return all(one.said().count("watching clocks") >= one.starts for one in said)


def _wave(stage: Scaled, due: int) -> dict[str, Any]:
    """Let so many clocks be due at one instant; seconds from there to their last alert, and to
    their last mail; how many there are of each."""
    from ground.open_clocks import settle

    at = datetime.now(UTC) + SOON + timedelta(milliseconds=2 * due)
    with psycopg.connect(stage.url, autocommit=True) as line:

        def count(asked: str) -> Callable[[], int]:
            return lambda: int((line.execute(asked).fetchone() or [0])[0])

        last = count("SELECT coalesce(max(id), 0) FROM leads_alert")()
        stage.clocks.let_be_due(due, at, instants=[at] * due)
        settle()
        alerts = count(f"SELECT count(*) FROM leads_alert WHERE id > {last}")
        mails = count(
            "SELECT count(*) FROM notifications_delivery WHERE channel = 'mail'"
            f" AND digest = '' AND state = 'sent' AND created_at >= '{at.isoformat()}'"
        )
        assert soon(lambda: alerts() >= due), stage.said()
        raised = (datetime.now(UTC) - at).total_seconds()
        assert soon(lambda: mails() >= due), stage.said()
        left = (datetime.now(UTC) - at).total_seconds()
        return {"raised": raised, "left": left, "alerts": alerts(), "mails": mails()}


def _compared(taken: dict[int, list[float]], number: int, name: str) -> dict[str, Any]:
    """Seconds of each turn, how many in a second, and how many times as many two did."""
    middle = {count: statistics.median(each) for count, each in taken.items()}
    seconds = {str(count): [round(one, 2) for one in each] for count, each in taken.items()}
    return {
        "seconds": seconds,
        name: {str(count): round(number / each, 1) for count, each in middle.items()},
        "times": round(middle[1] / middle[2], 2),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
