"""What deploy/ starts really runs: its command lines, production's settings, PostgreSQL."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.chaos.stage.play import judged
from tests.chaos.stage.processes import HOST, ROOT, Process, soon
from tests.chaos.stage.receivers import Receivers
from tests.deploy import units

pytestmark = pytest.mark.xdist_group("postgresql")
NAME = "concord.example.org"  # as the example of the environment file says
PROCESSES = ("web", "worker", "endpoints", "beat", "sweeper")
EXAMPLE = ROOT / "deploy" / "concord.env.example"


class Deployed:
    """The units' processes on one company, as the environment file and the units say."""

    def __init__(self, stage):
        self.stage = stage
        self.environment = self._environment()
        self.processes = {}

    def _environment(self):
        """The example, filled in; and what a unit adds."""
        said = units.read(units.FOLDER / "concord-web.service")["Service"]["Environment"]
        lines = [*EXAMPLE.read_text().splitlines(), *" ".join(said).split()]
        example = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", "\n".join(lines)))
        house = self.stage.environment
        filled = {key: house[key] for key in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL",
                                              "DATA_DIR", "INTERNAL_HOSTS")}  # fmt: skip
        mail = {"EMAIL_HOST": HOST, "EMAIL_PORT": house["CHAOS_SMTP_PORT"],
                "EMAIL_USE_TLS": "false"}  # fmt: skip
        clean = {
            key: os.environ[key] for key in ("HOME", "LANG", "TMPDIR") if key in os.environ
        }
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        port = {"HEALTH_PORT": str(self.stage.web_port)}
        return clean | {"PATH": path} | example | filled | mail | port

    def commands(self, name):
        """A unit's command lines, with our folder and port in the place of theirs."""
        here = {"/srv/concord": str(ROOT), "8000": str(self.stage.web_port)}
        for words in units.commands()[f"concord-{name}"]:
            program = words[0].replace("/srv/concord", here["/srv/concord"])
            yield [program, *[here.get(word, word) for word in words[1:]]]

    def run(self, *words):
        return subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300
        )

    def start(self):
        for words in self.commands("migrate"):
            done = self.run(*words)
            assert done.returncode == 0, done.stderr
        for name in PROCESSES:
            (words,) = self.commands(name)
            log = self.stage.folder / f"{name}.log"
            self.processes[name] = Process(name, words, self.environment, log).start()

    def get(self, path, **headers):
        """Status and text of a page, as the proxy would ask for it."""
        headers = {"Host": NAME, "X-Forwarded-Proto": "https"} | headers
        url = f"http://{HOST}:{self.stage.web_port}{path}"
        opener = urllib.request.build_opener(Stay)
        try:
            with opener.open(
                urllib.request.Request(url, headers=headers), timeout=60
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def doctor(self):
        done = self.run(sys.executable, "manage.py", "doctor", "--json")
        return {row["check"]: row for row in json.loads(done.stdout)}, done.returncode

    def said(self):
        return "\n".join(
            f"--- {name}\n{one.said()[-2000:]}" for name, one in self.processes.items()
        )

    def close(self):
        for process in self.processes.values():
            process.stop()


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module")
def deployed(houses):
    found = houses("postgresql")
    stage = found.stage()
    with Receivers(found.hook_port, found.mail_port, stage.wire, loses=0):
        stage.start("redis")
        made = Deployed(stage)
        try:
            made.start()
            assert soon(lambda: made.get("/healthz/ready")[0] == 200), made.said()
            yield made
        finally:
            made.close()
            stage.close()


def test_the_web_answers_by_its_name_and_over_https_only(deployed):
    status, page = deployed.get("/accounts/login/")
    style = re.search(r'href="(/static/portal/css/base\.[0-9a-f]+\.css)"', page)

    assert (status, 'name="login"' in page) == (200, True), deployed.said()
    assert style, "the static files of production carry the digest of what they hold"
    assert deployed.get(style[1])[0] == 200
    assert deployed.get("/accounts/login/", **{"X-Forwarded-Proto": "http"})[0] == 301
    assert deployed.get("/accounts/login/", Host="evil.example")[0] == 400


def test_the_health_check_of_the_image_says_so(deployed):
    health = [sys.executable, "deploy/healthcheck.py"]
    # An engine gives a container up after so many bad answers, not after the first.
    (tries,) = re.findall(r"--retries=(\d+)", (ROOT / "deploy/Containerfile").read_text())
    said = (deployed.run(*health) for _ in range(int(tries)))
    done = next((one for one in said if one.returncode == 0), None)
    away = subprocess.run([sys.executable, ROOT / "deploy/healthcheck.py"],
                          env=deployed.environment | {"HEALTH_PORT": "1"})  # fmt: skip

    assert done is not None, deployed.said()
    assert (done.stdout, away.returncode) == ("ready\n", 1)


def test_what_is_late_is_raised_and_told_and_the_doctor_finds_all_processes_well(deployed):
    stage = deployed.stage
    stage.do("hand_in", str(stage.script), ["Chaos 00000", "Chaos 00001"], 60)

    assert soon(lambda: judged(stage)["ok"]), (judged(stage), deployed.said())
    # A sign of life is given at most every twenty seconds, by a worker after a task.
    assert soon(lambda: deployed.doctor()[0]["worker"]["level"] == "ok"), deployed.said()
    found, code = deployed.doctor()
    assert [row for row in found.values() if row["level"] == "wrong"] == []
    well = {name for name, row in found.items() if row["level"] == "ok"}
    assert well >= {"settings", "addresses", "redis", "mail", "database", "migrations", "clock",
                    "static files", "worker", "beat", "sweeper", "sweep"}  # fmt: skip
    assert code == 0


def test_every_line_of_a_log_is_json_and_all_of_them_stop_when_they_are_asked(deployed):
    said = [deployed.processes[name].said() for name in ("worker", "beat", "sweeper")]
    lines = [line for one in said for line in one.splitlines() if line.strip()]

    assert [line for line in lines if "at" not in json.loads(line)] == []
    for process in deployed.processes.values():
        process.process.terminate()
    codes = {name: one.process.wait(60) for name, one in deployed.processes.items()}
    assert set(codes.values()) <= {0, -15}, (codes, deployed.said())
