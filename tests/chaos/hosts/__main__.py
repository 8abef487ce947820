"""Cut each host off, one after the other and both ways, while leads are handed in.

    python -m tests.chaos.hosts --handoffs 300 --lasts 15 --results docs/results/hosts.json

Web, worker and sweeper are there twice, PostgreSQL and Redis once. A cut lasts so many
seconds, and that of a web until somebody who handed a lead in has got no answer; what others
send to the host is lost first, then what it sends. The oracle of the chaos judges the end.
"""

import argparse
import json
import platform
import shlex
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.hosts.net import STREET, WAYS, Host, Net, alone
from tests.chaos.hosts.spread import HOSTS, PLACES, Spread, spread
from tests.chaos.stage.load import Load
from tests.chaos.stage.play import judged
from tests.chaos.stage.processes import Process, listens, soon
from tests.chaos.stage.receivers import Receivers
from tools.results import commit

UNDER_WAY = 12
"""Messages that a cut may let leave twice: each of four senders has one mail and two calls
on their way, which arrive and cannot be marked."""
HANDS, BETWEEN = 4, 5.0  # people; seconds between two cuts, about
TRIES_AGAIN = 8.0  # seconds after which somebody asks the other web


def main() -> int:
    alone()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--handoffs", type=int, default=300)
    parser.add_argument("--lasts", type=float, default=15)
    parser.add_argument("--hosts", nargs="+", default=HOSTS, choices=HOSTS)
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--patience", type=float, default=600)
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    cuts = [(host, way) for way in asked.ways for host in asked.hosts]
    with Net(HOSTS) as net, spread(net) as stage:
        found = play(stage, net, cuts, asked)
    print(json.dumps(found, indent=1), flush=True)
    if asked.results:
        about = {
            "commit": commit(), "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            "python": platform.python_version(),
            "command": shlex.join(["python", "-m", "tests.chaos.hosts", *sys.argv[1:]]),
        }  # fmt: skip
        asked.results.write_text(json.dumps(about | found, indent=1) + "\n")
    return 0 if found["passed"] else 1


def play(stage: Spread, net: Net, cuts: list[tuple[str, str]], asked: Any) -> dict[str, Any]:
    """All cuts under load; the figures, and whether nothing was lost or told twice."""
    began = time.monotonic()
    house = stage.house
    ports = (house.hook_port, house.mail_port)
    webs = [net.hosts[name].address for name in ("web1", "web2")]
    with Receivers(*ports, stage.wire, loses=0, host=STREET) as receivers:
        stage.open()
        assert soon(lambda: all(listens(stage.web_port, web) for web in webs)), stage.said()
        whole = (asked.lasts + BETWEEN) * len(cuts)
        load = Load(
            asked.handoffs, stage.web_port, house.session, stage.script, lambda lead: None,
            hosts=webs, patience=TRIES_AGAIN, hands=HANDS, pause=HANDS * whole / asked.handoffs,
        )  # fmt: skip
        ended: Counter[str] = Counter()
        last = 0.0
        with load:
            for name, way in cuts:
                time.sleep(BETWEEN)
                _cut(net, name, way, asked.lasts, ports[0], _noticed(load, name))
                last = time.time()
                ended += _back(stage)
            assert soon(lambda: load.is_done, asked.patience), stage.said()
            freed = _freed(stage, net)
        faults = {"kills": UNDER_WAY * len(cuts), "lost_replies": receivers.lost_replies}
        case = {"faults": faults, "last_fault": last}
        soon(lambda: judged(stage, **case)["ok"], asked.patience)
        for process in stage.processes.values():
            process.stop()
    portal = judged(stage, **case)
    audit, ledger = (stage.ask("manage", word) for word in ("audit", "verify_ledger"))
    clean = not audit.get("error") and not ledger.get("error")
    return {
        "handoffs": asked.handoffs, "cuts": Counter(way for _name, way in cuts),
        "hosts": asked.hosts, "lasted": asked.lasts, "answers": load.answers,
        "ended_by_themselves": ended, "portal": portal,
        "lock_freed_after": freed,
        "audit": audit.get("error", "clean"), "ledger": ledger.get("error", "whole"),
        "seconds": round(time.monotonic() - began), "passed": portal["ok"] and clean,
    }  # fmt: skip


def _noticed(load: Load, name: str) -> Callable[[], bool]:
    """Whether somebody got no answer since now; true where nobody is left to ask, and where
    the host answers nobody anyway."""
    before = load.refused
    return lambda: load.refused > before or load.is_done or not name.startswith("web")


def _cut(
    net: Net, name: str, way: str, lasts: float, port: int, noticed: Callable[[], bool]
) -> None:
    """Cut the host off for so long, and until it is `noticed`; that it is cut off, and is not
    afterwards, is tried."""
    host: Host = net.hosts[name]
    net.cut(name, way)
    try:
        assert not host.reaches(STREET, port), f"{name} is not cut off"
        time.sleep(lasts)
        assert soon(noticed), f"nobody asked {name}"
    finally:
        net.heal(name, way)
    assert soon(lambda: host.reaches(STREET, port), 60), f"{name} stays cut off"


def _freed(stage: Spread, net: Net) -> float:
    """Seconds after which a row is free that a host had locked when nothing got in to it any
    more, its transaction open."""
    host = net.hosts["worker1"]
    command = [*host.inside, sys.executable, "-m", "tests.chaos.hosts.holder"]
    holder = Process("holder", command, stage.environment, stage.folder / "holder.log").start()
    assert soon(lambda: "held" in holder.said()), holder.said()
    net.cut("worker1", "in")
    began = time.monotonic()
    try:
        with psycopg.connect(stage.url) as connection:
            connection.execute("SELECT 1 FROM accounts_department WHERE key='sales' FOR UPDATE")
    finally:
        net.heal("worker1", "in")
        holder.kill()
    return round(time.monotonic() - began, 1)


def _back(stage: Spread) -> Counter[str]:
    """Start again what ended by itself, as whoever supervises it would, and count it."""
    gone = [name for name in PLACES if not stage.processes[name].is_running]
    stage.start(*gone)
    if not stage.house.home.server.is_running:
        stage.house.home.start()
        gone.append("postgres")
    return Counter(gone)


if __name__ == "__main__":
    sys.exit(main())
