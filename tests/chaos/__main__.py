"""Play chaos runs and write their figures down.

    python -m tests.chaos --handoffs 10000 --kills 200 --seeds 1 2 3 \\
        --databases sqlite postgresql --results docs/results/chaos.json
"""

import argparse
import json
import platform
import shlex
import signal
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.stage.company import house
from tests.chaos.stage.play import Size, play
from tools.results import commit


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave no process behind
    asked = arguments()
    size = Size(asked.handoffs, asked.kills, asked.faster, asked.patience)
    runs = []
    for kind in asked.databases:
        with house(kind) as made:
            for seed in asked.seeds:
                runs.append(play(made, size, seed) | {"passed": True})
                runs[-1]["passed"] = passed(runs[-1])
                print(json.dumps(runs[-1], indent=1), flush=True)
                if asked.results:
                    write(asked.results, runs)
    return 0 if all(run["passed"] for run in runs) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--handoffs", type=int, default=400)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--faster", type=int, default=1)
    parser.add_argument("--patience", type=float, default=7200)
    parser.add_argument("--results", type=Path)
    return parser.parse_args()


def passed(run: dict) -> bool:
    """Whether the portal lost nothing, the controls did, and something was killed."""
    clean = (run["audit"], run["ledger"], run["pages"]) == ("clean", "whole", "ok")
    failed = all(not control["ok"] for control in run["controls"].values())
    return bool(run["portal"]["ok"] and clean and failed and run["kills_in_all"])


def write(path: Path, runs: list[dict]) -> None:
    """All runs so far, with what somebody needs to repeat them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "commit": commit(),
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "python": platform.python_version(),
        "machine": f"{platform.system()}, {platform.machine()}",
        "command": shlex.join(["python", "-m", "tests.chaos", *sys.argv[1:]]),
        "runs": runs,
    }
    path.write_text(json.dumps(about, indent=1) + "\n")
    path.with_suffix(".md").write_text(page(about))


def page(about: dict) -> str:
    """The same as a table for people."""
    lines = [
        "# Killed at random: figures of a run",
        "",
        f"- commit {about['commit']}, {about['at']}, Python {about['python']}",
        f"- `{about['command']}`",
        "",
        row("", [f"{run['database']}, seed {run['seed']}" for run in about["runs"]]),
        "| --- |" + " ---: |" * len(about["runs"]),
    ]
    for name, of in ROWS.items():
        lines.append(row(name, [of(run) for run in about["runs"]]))
    return "\n".join([*lines, ""])


def row(name: str, cells: Iterable[object]) -> str:
    return f"| {name} | {' | '.join(map(str, cells))} |"


def wrong(kind: str) -> Callable[[dict], int]:
    return lambda run: run["portal"]["wrong"].get(kind, 0)


def control(name: str) -> Callable[[dict], str]:
    def said(run: dict) -> str:
        found = run["controls"][name]["wrong"]
        return ", ".join(f"{number} {kind}" for kind, number in found.items()) or "nothing"

    return said


def figure(name: str) -> Callable[[dict], object]:
    return lambda run: run["portal"]["figures"][name]


ROWS: dict[str, Callable[[dict], object]] = {
    "handoffs, three steps each": lambda run: run["handoffs"],
    "kills": lambda run: ", ".join(f"{n} {kind}" for kind, n in sorted(run["kills"].items())),
    "kills in all": lambda run: run["kills_in_all"],
    "replies lost by the receivers": lambda run: run["lost_replies"],
    "**lost**": wrong("lost"),
    "**told or raised twice**": wrong("duplicate"),
    "**undelivered**": wrong("undelivered"),
    "wrong instants": wrong("untrue"),
    "repeats on the wire, each under its key": figure("repeats"),
    "lag p50 / p99 / max, s": lambda run: " / ".join(
        str(run["portal"]["figures"]["lag"].get(one)) for one in ("p50", "p99", "max")
    ),
    "last step due before the last kill raised after it, s": figure("caught_up"),
    "answers to the people": lambda run: ", ".join(
        f"{number} {said}" for said, number in run["answers"].items()
    ),
    "audit, ledger, pages": lambda run: f"{run['audit']}, {run['ledger']}, {run['pages']}",
    "control, timers in memory": control("timers"),
    "control, mark and then send": control("marker"),
    "waits divided by": lambda run: run["faster"],
    "minutes": lambda run: round(run["seconds"] / 60),
    "passed": lambda run: "yes" if run["passed"] else "**no**",
}


if __name__ == "__main__":
    sys.exit(main())
