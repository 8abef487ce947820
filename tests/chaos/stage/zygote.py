"""Starts Django once and forks a process for each act: real processes, started quickly.

    python -m tests.chaos.stage.zygote

reads a line of JSON and answers with one:

- {"act", "arguments", "die_at", "database", "folder"}: wait for it and answer {"exit",
  "result", "error"}; `exit` is negative for a process that a signal ended.
- {"start": words after `python`, "log"}: answer {"pid"} of a process of its own session that
  goes on by itself. It has imported the portal and done nothing else, and then does what
  `python` would with these words.
"""

import gc
import json
import os
import runpy
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
    gc.freeze()  # what is here is shared with all children, as long as nobody touches it
    for line in sys.stdin:
        asked = json.loads(line)
        if "start" not in asked:
            print(json.dumps(play(asked)), flush=True)
        elif pid := start():
            print(json.dumps({"pid": pid}), flush=True)
        else:
            become(asked["start"], asked["log"])
            return


def start() -> int:
    """Fork a process that nobody waits for: the pid here, 0 there."""
    reader, writer = os.pipe()
    between = os.fork()
    if not between:
        os.setsid()
        child = os.fork()
        if not child:
            os.close(reader), os.close(writer)
            os.setsid()
            return 0
        os.write(writer, str(child).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(between, 0)
    with os.fdopen(reader) as told:
        return int(told.read())


def become(words: list[str], log: str) -> None:
    """Be `python` with these words, from here on."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for ours, theirs in ((0, nothing), (1, said), (2, said)):
        os.dup2(theirs, ours)
    sys.stdin = open(os.devnull)  # noqa: SIM115  # for as long as the process lives
    gc.unfreeze()
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")


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
