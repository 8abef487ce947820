"""Web, worker and sweeper twice, PostgreSQL and Redis, each on a host of its own, whose cables
are cut one after the other."""

import json
import subprocess
import sys

import pytest

from tests.chaos.stage.processes import ROOT

pytestmark = pytest.mark.xdist_group("postgresql")
SHORT = (
    "--handoffs",
    "24",
    "--lasts",
    "6",
    "--hosts",
    "web1",
    "sweeper1",
    "db",
    "--ways",
    "in",
)
WHOLE = ("--handoffs", "600", "--lasts", "15")


@pytest.mark.parametrize(
    ("size", "cuts"), [(SHORT, 3), pytest.param(WHOLE, 16, marks=pytest.mark.slow)]
)
def test_hosts_that_are_cut_off_lose_nothing_and_tell_nothing_twice(
    size, cuts, tmp_path, record_property
):
    file = tmp_path / "hosts.json"
    command = [sys.executable, "-m", "tests.chaos.hosts", *size, "--results", str(file)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(file.read_text())
    assert found["portal"]["wrong"] == {}
    assert (found["audit"], found["ledger"]) == ("clean", "whole")
    assert sum(found["cuts"].values()) == cuts
    assert found["answers"]["taken"] == int(size[1])
    assert found["answers"].keys() - {"taken"}, "nobody noticed a cut"
    for what in ("cuts", "answers", "lock_freed_after"):
        record_property(what, str(found[what]))
    record_property("lag", str(found["portal"]["figures"]["lag"]))
