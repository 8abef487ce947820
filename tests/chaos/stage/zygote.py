"""Starts Django once and forks a process for each act: real processes, started quickly.

    python -m tests.chaos.stage.zygote

reads {"act", "arguments", "die_at", "database", "folder"} a line and answers {"exit",
"result", "error"} a line; `exit` is negative for a process that a signal ended.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # needs Django
from django.db import connections  # noqa: E402

import leads.reports.audit  # noqa: E402, F401  # once, and not in each fork
import portal.urls  # noqa: E402, F401
from leads.management.commands import import_leads, sweep  # noqa: E402, F401
from portal.settings.database import database  # noqa: E402
from tests.chaos.stage import points  # noqa: E402
from tests.chaos.stage.acts import ACTS  # noqa: E402


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(play(json.loads(line))), flush=True)


def play(asked: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.json"
        child = os.fork()
        if not child:
            act(asked, said)
        _, status = os.waitpid(child, 0)
        answer = json.loads(said.read_text()) if said.exists() else {}
    return {"exit": os.waitstatus_to_exitcode(status), **answer}


def move(url: str, folder: Path) -> None:
    """Work on another company's database and in its folder."""
    connections.settings["default"]["NAME"] = database(url)["NAME"]
    settings.DATA_DIR, settings.LEDGER_HEADS_FILE = folder, folder / "ledger-heads.jsonl"


def act(asked: dict[str, Any], said: Path) -> None:
    """In the forked process: do it, say what came of it, and end without a farewell."""
    code = 0
    try:
        sys.stdout = sys.stderr
        move(asked["database"], Path(asked["folder"]))
        points.install(asked.get("die_at", ""))
        result = ACTS[asked["act"]](*asked["arguments"])
        said.write_text(json.dumps({"result": result}))
    except BaseException:  # noqa: BLE001  # whatever it was, the asker is told
        said.write_text(json.dumps({"error": traceback.format_exc()}))
        code = 1
    finally:
        connections.close_all()
        os._exit(code)


if __name__ == "__main__":
    main()
