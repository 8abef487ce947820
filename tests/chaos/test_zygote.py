"""A process that is started again is forked, and is a process like any other."""

import sys
from pathlib import Path

import pytest

from tests.chaos.stage.processes import IN_FULL, Process, soon


def process(zygote, tmp_path: Path, code: str) -> Process:
    script = tmp_path / "script.py"
    script.write_text(code)
    made = Process("one", [sys.executable, str(script), "word"], {}, tmp_path / "log")
    made.zygote, made.starts = zygote, IN_FULL
    return made


@pytest.fixture
def zygote(houses):
    return houses("sqlite").zygote


def test_a_forked_process_does_what_its_command_would(zygote, tmp_path):
    code = "import os, sys; print(__name__, sys.argv[1:], os.getpid() == os.getsid(0))"
    one = process(zygote, tmp_path, code).start()

    assert soon(lambda: not one.is_running)
    assert one.said() == "__main__ ['word'] True\n"


def test_it_is_killed_at_once_and_the_zygote_lives_on(zygote, tmp_path):
    one = process(zygote, tmp_path, "import time\nprint('up', flush=True)\ntime.sleep(600)")
    assert soon(one.start().said)

    assert one.kill()
    assert not one.is_running
    assert not one.kill()
    assert soon(process(zygote, tmp_path, "print('again')").start().said)


def test_it_ends_when_it_is_asked_to(zygote, tmp_path):
    one = process(zygote, tmp_path, "import time\nprint('up', flush=True)\ntime.sleep(600)")
    assert soon(one.start().said)

    one.stop()

    assert not one.is_running
