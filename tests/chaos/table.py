"""Runs of the chaos beside each other, a column for each, whenever they were played.

    python -m tests.chaos.table docs/results/chaos-*.json > docs/results/chaos.md

Its exit code is 1 if one of them is red.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


def main(paths: Sequence[str]) -> int:
    if not paths:
        print(__doc__)
        return 2
    kept = [json.loads(Path(path).read_text()) for path in paths]
    print(page(kept))
    return 0 if all(run["passed"] for about in kept for run in about["runs"]) else 1


def page(kept: Sequence[dict]) -> str:
    """What files of results hold, as one table with a column for each run."""
    runs = [run for about in kept for run in about["runs"]]
    lines = [
        "# Killed at random: figures",
        "",
        *(
            f"- commit {about['commit']}, {about['at']}, Python {about['python']}:"
            f" `{about['command']}`"
            for about in kept
        ),
        "",
        row("", [f"{run['database']}, seed {run['seed']}" for run in runs]),
        "| --- |" + " ---: |" * len(runs),
        *(row(name, [of(run) for run in runs]) for name, of in ROWS.items()),
    ]
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
    sys.exit(main(sys.argv[1:]))
