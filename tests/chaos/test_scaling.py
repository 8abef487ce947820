"""A second web and a second sweeper: each page and each alert is there once."""

import json
import subprocess
import sys

import pytest

from tests.chaos.stage.processes import ROOT

pytestmark = pytest.mark.xdist_group("postgresql")
SMALL = ("--open", "400", "--pages", "24", "--due", "20", "--turns", "1", "--cores", "1")


def test_pages_and_alerts_of_two_hosts_are_those_of_one(tmp_path):
    file = tmp_path / "scaling.json"
    command = [sys.executable, "-m", "tests.chaos.hosts.scaling", *SMALL]

    done = subprocess.run(
        [*command, "--results", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(file.read_text())
    assert found["webs"]["answers"] == {"200": 48}
    assert found["sweepers"]["alerts"] == found["sweepers"]["mail_rows"] == [20, 20]
    assert 0 < found["webs"]["a_page"]["questions"] <= 13  # with its session and transaction
    assert found["webs"]["times"] > 0
