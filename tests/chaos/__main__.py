"""Play chaos runs and write their figures down.

    python -m tests.chaos --handoffs 10000 --kills 200 --seeds 1 --databases postgresql \\
        --results docs/results/chaos-full-postgresql-1.json

One seed and one database at a time, at different times if need be: `python -m
tests.chaos.table` puts the runs that are there beside each other.
"""

import argparse
import json
import platform
import shlex
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.stage.company import house
from tests.chaos.stage.play import Size, play
from tests.chaos.table import page
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
    path.with_suffix(".md").write_text(page([about]))


if __name__ == "__main__":
    sys.exit(main())
