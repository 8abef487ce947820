"""The commands that the pages print are run as they stand there, on a small demo company."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.docs.commands import ROOT
from tests.docs.prepared import ALSO, NAMES, RUN

pytestmark = [pytest.mark.thorough, pytest.mark.first]
# It exits with 1 (make: 2) where something is wrong: here no worker runs, and it says so.
MAY_FAIL = ("doctor",)
FETCH = """
from django.test import Client
from portal.accounts.models import User
client = Client(headers={"host": "localhost"})
client.force_login(User.objects.get(name="Andrew Uhl"))
from leads.models.sealing.seal import Seal
seal = Seal.objects.latest("pk").pk
from sla.models import Version
version = Version.objects.filter(state="signed").latest("pk")
key = version.agreement.key
wanted = {
    "seal.json": f"/seals/{seal}/seal.json",
    "heads.jsonl": "/proof/heads.jsonl",
    "evidence.zip": f"/agreements/{key}/versions/{version.number}/evidence.zip",
    "verify_chain.py": "/proof/verify_chain.py",
    "verify_figures.py": "/proof/verify_figures.py",
}
for name, address in wanted.items():
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    open(name, "wb").write(answer.getvalue())
from zipfile import ZipFile
ZipFile("evidence.zip").extract("verify_agreement.py")
"""


@pytest.fixture
def folder(tmp_path):
    """The installation, and the files that the pages speak of."""
    for name in (".venv", "manage.py", "Makefile", "docs", "tools", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("requirements.txt", "requirements-telemetry.txt"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "elsewhere").mkdir()
    leads = [f"lead-{n},2026-0{n}-1{n},page-{n},organic_search\n" for n in range(1, 9)]
    (tmp_path / "olist_marketing_qualified_leads_dataset.csv").write_text(
        "mql_id,first_contact_date,landing_page_id,origin\n" + "".join(leads)
    )
    (tmp_path / "olist_closed_deals_dataset.csv").write_text(
        "mql_id,won_date,business_segment,lead_behaviour_profile\n"
        "lead-3,2026-05-20 10:00:00,pet,cat\nlead-4,2026-04-01 10:00:00,pet,cat\n"
    )
    (tmp_path / "leads.csv").write_text("who,mail\nAna Lima,ana@lima.example\n")
    mapping = {"source": "files", "columns": {"who": "name", "mail": "email"}}
    (tmp_path / "mapping.json").write_text(json.dumps(mapping))
    return tmp_path


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    """What becomes of one line, in that folder, as its reader would type it."""
    for name, here in NAMES.items():
        line = line.replace(name, here.format(folder))
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    path = f"{ROOT}/.venv/bin:/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(
        ["bash", "-ec", line], cwd=folder, capture_output=True, text=True, timeout=300,
        env={**kept, "PATH": path, "DATA_DIR": str(folder / "data")},
    )  # fmt: skip


def wrong(folder: Path, line: str) -> str:
    done = shell(folder, line)
    allowed = {0, 1, 2} if any(name in line for name in MAY_FAIL) else {0}
    is_well = done.returncode in allowed and "Traceback" not in done.stderr
    return "" if is_well else f"{line}\n{done.stdout[-600:]}{done.stderr[-900:]}"


def test_each_line_does_what_its_page_says_and_a_backup_comes_back(folder):
    faults = []
    for line in RUN:
        if line.startswith("python3 verify_chain.py"):
            faults += _taken_home(folder)
        faults.append(wrong(folder, line))
    faults += [wrong(folder, line) for line in ALSO]

    assert [one for one in faults if one] == []
    assert (folder / "noise.svg").read_text().startswith("<svg")
    assert _restored(folder) == []


def _taken_home(folder):
    """What an auditor downloads: seal, heads, evidence, programs; and the ledger of then."""
    (folder / "fetch.py").write_text(FETCH)
    first = [one for one in ALSO if "seal" in one or "publish" in one]
    then = ["python manage.py shell -v 0 < fetch.py",
            "python manage.py export_ledger ledger.jsonl"]  # fmt: skip
    return [wrong(folder, line) for line in first + then]


def _restored(folder):
    """The faults of a restore into an empty place, which waits for somebody's word."""
    [file] = (folder / "elsewhere").glob("concord-*.tar.gz")
    (folder / "data").rename(folder / "lost")
    faults = [wrong(folder, f"make restore FILE={file} LEDGER=ledger.jsonl")]
    held = shell(folder, ".venv/bin/python manage.py clock show").stdout
    faults += [] if "a backup was restored" in held else [held]
    faults.append(
        wrong(folder, ".venv/bin/python manage.py clock confirm --by you@example.org")
    )
    return [one for one in faults if one]
