"""One chaos run: processes, load, kills and control; then the verdict of the oracle."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.chaos.stage.company import House, Stage
from tests.chaos.stage.databases import whole
from tests.chaos.stage.load import Load
from tests.chaos.stage.processes import HOST, ROOT, Process, Zygote, free_port, soon
from tests.chaos.stage.receivers import Receivers
from tests.chaos.stage.script import STEPS

CHAOS = Path(__file__).parents[1]
KINDS = ("web", "worker", "beat", "sweeper", "redis")
CONTROLS = {"timers": {"web"}, "marker": {"worker", "sweeper"}}
"""The control's process dies when one of these does: what its work is done by in the portal."""


@dataclass(frozen=True)
class Size:
    """How much is played. `faster`: see `pace`; `patience` in seconds, for the tail."""

    handoffs: int
    kills: int
    faster: int = 1
    patience: float = 600


@dataclass
class Faults:
    """What was done to the portal, counted."""

    kills: Counter[str] = field(default_factory=Counter)
    lost_replies: int = 0
    last: float = 0.0

    @property
    def number(self) -> int:
        return self.kills.total()


def play(house: House, size: Size, seed: int) -> dict[str, Any]:
    """Play one run and return its figures, with the verdicts on the portal and controls."""
    stage = house.stage(CHAOS_FASTER=str(size.faster))
    began = time.monotonic()
    with ExitStack() as stack:
        stack.callback(stage.close)
        stage.zygote = Zygote(stage.environment, stage.folder / "zygote.log")
        stack.callback(stage.zygote.close)
        receivers = stack.enter_context(Receivers(house.hook_port, house.mail_port, stage.wire))
        run = Run(stage, size, random.Random(seed), receivers)
        run.open()
        run.rage()
        run.settle()
        verdict = run.verdict()
    return {
        "database": house.home.kind,
        "seed": seed,
        "handoffs": size.handoffs,
        "steps": len(STEPS),
        "faster": size.faster,
        "kills": dict(run.faults.kills),
        "kills_in_all": run.faults.number,
        "lost_replies": receivers.lost_replies,
        "ended_by_themselves": dict(run.ended),
        "answers": dict(run.load.answers),
        "seconds": round(time.monotonic() - began),
        **verdict,
    }


class Run:
    def __init__(
        self, stage: Stage, size: Size, rng: random.Random, receivers: Receivers
    ) -> None:
        self.stage, self.size, self.rng, self.receivers = stage, size, rng, receivers
        self.faults = Faults()
        self.coming_back: set[str] = set()
        self.ended: Counter[str] = Counter()
        self.ports = {name: free_port() for name in CONTROLS}
        self.load = Load(
            size.handoffs, stage.web_port, stage.house.session, stage.script, self.also
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        return (*KINDS, *(("postgres",) if self.stage.house.home.server else ()))

    def open(self) -> None:
        """Start everything and wait until the web answers."""
        self.stage.start("redis", *KINDS[:-1])
        for name, port in self.ports.items():
            self.stage.add(self._control(name, port).start())
        assert soon(lambda: self.stage.answers("web")), self.stage.said()

    def _control(self, name: str, port: int) -> Process:
        hook = f"http://{HOST}:{self.receivers.ports[0]}/{name}"
        words = [name, str(self.stage.folder / f"{name}.sqlite3"), str(port), hook]
        command = [sys.executable, "-I", str(CHAOS / "naive.py"), *words]
        log = self.stage.folder / f"{name}.log"
        return Process(name, command, self.stage.environment, log)

    def also(self, lead: str) -> None:
        """Each lead that the portal has taken begins in the controls too."""
        for name, port in self.ports.items():
            tried = time.time()
            while not self._offered(port, lead) and not self.load.ended.is_set():
                time.sleep(0.1)
            line = {"lead": lead, "tried": tried, "acked": time.time()}
            with self.load.lock, (self.stage.folder / f"{name}.jsonl").open("a") as script:
                script.write(json.dumps(line) + "\n")

    def _offered(self, port: int, lead: str) -> bool:
        line = HTTPConnection(HOST, port, timeout=30)
        try:
            line.request("POST", "/", lead)
            return line.getresponse().status == 204
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    # --- faults

    def rage(self) -> None:
        """Kill, spread over the load; each kind at least once, in an order that is drawn."""
        drawn = list(self.kinds) + self.rng.choices(self.kinds, k=self.size.kills)
        kinds = drawn[: self.size.kills]
        self.rng.shuffle(kinds)
        with self.load:
            for number, kind in enumerate(kinds):
                reached = self.size.handoffs * (number + 1) // (len(kinds) + 1)
                assert soon(lambda most=reached: self.load.acked >= most, 600), (
                    self.stage.said()
                )
                self._kill(kind)
            self._all_up()
            assert soon(lambda: self.load.is_done, self.size.patience), self.stage.said()

    def _kill(self, kind: str) -> None:
        process = self._process(kind)
        controls = [name for name, of in CONTROLS.items() if kind in of]
        for name in controls:
            self.stage.processes[name].kill()
        self.faults.kills[kind] += process.kill()
        self.faults.last = time.time()
        self.coming_back.add(kind)
        pause = self.rng.uniform(0.1, 1.0)
        threading.Timer(pause, self._restart, [kind, *controls]).start()

    def _process(self, kind: str) -> Process:
        """The process of a kind. One that is on its way up is waited for; one that ended by
        itself is started again, as its supervisor would, and counted."""
        server = self.stage.house.home.server
        process = server if kind == "postgres" and server else self.stage.processes[kind]
        assert soon(lambda: kind not in self.coming_back), self.stage.said()
        if not process.is_running:
            self.ended[kind] += 1
            self._restart(kind)
        return process

    def _restart(self, kind: str, *controls: str) -> None:
        for name in controls:
            self.stage.processes[name].start()
        if kind == "postgres":
            self.stage.house.home.start()  # type: ignore[union-attr]  # a cluster has one
        else:
            self.stage.start(kind)
        self.coming_back.discard(kind)

    def _all_up(self) -> None:
        for kind in self.kinds:
            self._process(kind)
        for name in CONTROLS:
            assert soon(lambda name=name: self.stage.processes[name].is_running)

    # --- the end

    def settle(self) -> None:
        """Wait until the oracle has nothing to wish for, or patience ends; then stop.

        It is asked ever less often the longer it reads, so that it takes no time from what
        it waits for.
        """
        until = began = time.monotonic()
        until += self.size.patience
        while began < until and not self._judged("concord")["ok"]:
            time.sleep(2 + 4 * (time.monotonic() - began))
            began = time.monotonic()
        for process in self.stage.processes.values():
            process.stop()

    def verdict(self) -> dict[str, Any]:
        audit = self.stage.ask("manage", "audit")
        ledger = self.stage.ask("manage", "verify_ledger")
        return {
            "portal": self._judged("concord"),
            "controls": {name: self._judged(name) for name in CONTROLS},
            "audit": audit.get("error", "clean"),
            "ledger": ledger.get("error", "whole"),
            "pages": whole(self.stage.url),
        }

    def _judged(self, design: str) -> dict[str, Any]:
        """What the oracle says, in a process that knows nothing of the portal."""
        faults = {"kills": self.faults.number, "lost_replies": self.receivers.lost_replies}
        case = {"faults": faults, "last_fault": self.faults.last or None}
        if design != "concord":
            tell = {step: said | {"channel": "webhook"} for step, said in STEPS.items()}
            file = f"sqlite:///{self.stage.folder}/{design}.sqlite3"
            script = str(self.stage.folder / f"{design}.jsonl")
            case |= {"tables": "naive", "steps": tell, "database": file, "script": script}
        return judged(self.stage, design, **case)


def judged(stage: Stage, design: str = "concord", **more: Any) -> dict[str, Any]:
    """What the oracle says of a stage, where `more` is not what is usual."""
    case = {
        "script": str(stage.script),
        "wire": str(stage.wire),
        "design": design,
        "tables": "concord",
        "database": stage.url,
        "steps": STEPS,
        "faults": {"kills": 0, "lost_replies": 0},
        "last_fault": None,
    } | more
    return consult(case, stage.folder / f"{design}.case.json")


def consult(case: dict[str, Any], file: Path) -> dict[str, Any]:
    file.write_text(json.dumps(case))
    oracle = [sys.executable, "-I", str(CHAOS / "oracle.py"), str(file)]
    done = subprocess.run(oracle, cwd=ROOT.anchor, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict
