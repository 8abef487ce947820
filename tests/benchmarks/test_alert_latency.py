"""The benchmark of latency runs, with its real processes; no time is judged."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "alert_latency.py"


@pytest.mark.slow
def test_the_way_from_the_due_instant_to_the_alert_is_measured_beside_the_bare_hop():
    few = ["--alerts", "4", "--size", "400", "--tasks", "100", "--database", "sqlite"]

    said = subprocess.run(
        [sys.executable, BENCHMARK, *few], capture_output=True, text=True, check=True
    ).stdout

    assert "sqlite hop: p50 " in said
    assert "4 times" in said
    assert {
        line.partition(":")[0] for line in said.splitlines() if line.startswith("goal")
    } == {
        "goal sqlite-alert-p95-over-bare-hop-p95",
        "goal sqlite-queued-in-batches-times-one-task-each",
        "goal sqlite-mails-of-the-outbox-times-a-task-for-each",
    }
