"""What is deployed: each file can be read, names only what is there, and is closed tightly."""

import re
import shlex
import shutil
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from portal.operations.doctor import CHECKS
from tests.deploy import units
from tools import environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = set(environment.read())
# Read by the images beside ours, by Python, and by the health check.
OTHERS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "WEB_ADDRESS",
          "HEALTH_PORT", "PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}  # fmt: skip
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "concord"}
SCRIPTS = {one.name for one in entry_points(group="console_scripts")}
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
NO_PROCESS = {"concord-backup"}


def is_a_real_command(words):
    """Whether a command line starts something that there is."""
    program, *rest = words
    if Path(program).name == "python":
        script, command, *_options = rest
        return script == "manage.py" and command in get_commands()
    if Path(program).name not in SCRIPTS:
        return False
    return "portal.wsgi:application" in rest or rest[:2] == ["-A", "portal.celery"]


def commands_of_compose():
    return {name: [str(word) for word in one["command"]] for name, one in OURS.items()
            if "command" in one}  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_compose_starts_only_what_there_is(name):
    assert is_a_real_command(commands_of_compose()[name])


def test_compose_and_systemd_start_the_same_processes():
    ours = {name.removeprefix("concord-"): lines for name, lines in units.commands().items()
            if name not in NO_PROCESS}  # fmt: skip

    assert set(ours) == set(OURS)
    for name, (words, *_more) in ours.items():
        there = [word.replace("127.0.0.1", "0.0.0.0") for word in words[1:]]
        assert there == commands_of_compose()[name][1:]


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_containers_is_closed_tightly(name):
    one = OURS[name]

    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert not one["user"].startswith(("0", "root"))
    assert one["env_file"] == "concord.env"
    assert "ports" not in one


def test_only_the_proxy_can_be_reached_and_only_it_and_ours_reach_outside():
    services = COMPOSE["services"]

    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["inside"]
    assert "noeviction" in services["redis"]["command"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_each_container_waits_for_what_it_needs_and_says_whether_it_is_well(name):
    one = COMPOSE["services"][name]

    assert set(one.get("depends_on", {})) <= set(COMPOSE["services"])
    test = one.get("healthcheck", {}).get("test", [])
    asked = [test[number + 1] for number, word in enumerate(test) if word == "--only"]
    assert set(asked) <= set(CHECKS)
    assert "test" not in one.get("healthcheck", {}) or test[0] == "CMD"


def test_every_name_in_compose_is_one_that_the_settings_read():
    named = {
        name for one in COMPOSE["services"].values() for name in one.get("environment", {})
    }
    named |= set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))

    assert named - SETTINGS - OTHERS == set()


def test_every_name_in_the_example_is_one_that_the_settings_read():
    lines = (DEPLOY / "concord.env.example").read_text().splitlines()
    names = {found[1] for line in lines if (found := re.match(r"#?([A-Z_]+)=", line))}

    assert len(names) > 10
    assert names - SETTINGS - OTHERS == set()


def test_the_example_holds_no_secret():
    lines = (DEPLOY / "concord.env.example").read_text().splitlines()

    secret = [
        line for line in lines if re.match(r"#?[A-Z_]*(KEY|PASSWORD|TOKEN|SECRET)=", line)
    ]
    assert secret == []


MAIL = {"web", "worker", "sweeper"}
NEEDED_BY = {
    "EMAIL_HOST_PASSWORD": MAIL, "SSO_CLIENT_SECRET": {"web"}, "METRICS_TOKEN": {"web"},
}  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_given_the_secrets_that_it_needs_and_no_other(name):
    given = set(OURS[name]["secrets"])

    assert given - set(NEEDED_BY) == {"SECRET_KEY", "DATABASE_PASSWORD"}
    assert given & set(NEEDED_BY) == {one for one, by in NEEDED_BY.items() if name in by}
    assert given <= set(COMPOSE["secrets"])
    assert OURS[name]["environment"]["CREDENTIALS_DIRECTORY"] == "/run/secrets"


def test_no_secret_reaches_a_container_by_its_environment():
    said = str([one.get("environment") for one in COMPOSE["services"].values()])

    assert COMPOSE["services"]["postgres"]["secrets"] == ["DATABASE_PASSWORD"]
    assert "secrets" not in COMPOSE["services"]["proxy"]
    assert "postgresql://concord@postgres/concord" in said
    named = {
        name for one in COMPOSE["services"].values() for name in one.get("environment", {})
    }
    assert {name for name in named if re.search("SECRET|TOKEN|PASSWORD$|_KEY", name)} == set()


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_is_given_the_secrets_that_it_needs_and_no_other(path):
    given = set(units.read(path)["Service"]["LoadCredential"])
    name = path.stem.removeprefix("concord-")

    everybody = {"SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL"}
    own = {one for one, by in NEEDED_BY.items() if name in by}
    assert given == {f"concord.{one}" for one in everybody | own}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_starts_only_what_there_is(path):
    lines = units.commands()[path.stem]

    assert lines
    assert [words for words in lines if not is_a_real_command(words)] == []
    assert all(words[0].startswith("/srv/concord/.venv/bin/") for words in lines)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_every_unit_reads_the_one_environment_file_as_nobody_in_particular(path):
    said = units.read(path)["Service"]

    assert said["EnvironmentFile"] == ["/etc/concord/concord.env"]
    assert said["User"] == ["concord"]
    names = {pair.partition("=")[0] for pair in shlex.split(" ".join(said["Environment"]))}
    assert names - SETTINGS - OTHERS == set()


def test_the_target_wants_every_process():
    wanted = " ".join(units.read(DEPLOY / "systemd" / "concord.target")["Unit"]["Wants"])
    always = {path.name for path in SERVICES if "Restart=always" in path.read_text()}

    assert set(wanted.split()) == always


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The units as they would lie on this machine, with our programs in their place."""
    folder = tmp_path_factory.mktemp("units")
    for path in (DEPLOY / "systemd").iterdir():
        (folder / path.name).write_text(path.read_text().replace("/srv/concord", str(ROOT)))
    return folder


HAS_SYSTEMD = shutil.which("systemd-analyze") is not None


@pytest.mark.skipif(not HAS_SYSTEMD, reason="this machine has no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(rendered):
    names = [str(path) for path in rendered.iterdir()]

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True
    )

    ours = [line for line in done.stderr.splitlines() if str(rendered) in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(not HAS_SYSTEMD, reason="this machine has no systemd-analyze")
def test_systemd_finds_every_service_closed(rendered):
    names = [str(path) for path in rendered.glob("*.service")]
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20"]

    done = subprocess.run([*command, *names], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-600:]


# --- the image


CONTAINERFILE = (DEPLOY / "Containerfile").read_text()
STEPS = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", CONTAINERFILE)).splitlines()


def steps(word):
    return [line.removeprefix(word).strip() for line in STEPS if line.startswith(f"{word} ")]


def test_the_image_comes_from_names_without_a_host_in_two_stages():
    names = [line.split()[0] for line in steps("FROM")]
    names += [one["image"] for one in COMPOSE["services"].values()]

    assert len(steps("FROM")) == 2
    assert [name for name in names if "." in name.split("/")[0].split(":")[0]] == []


def test_the_image_installs_only_what_the_lock_names_by_hash_and_runs_as_nobody():
    install = [line for line in steps("RUN") if "pip install" in line]
    last = STEPS[max(n for n, line in enumerate(STEPS) if line.startswith("FROM")) :]

    assert len(install) == 1
    assert "--require-hashes" in install[0]
    assert "--only-binary=:all:" in install[0]
    assert not any("pip install" in line for line in last)
    assert steps("USER") == ["10001:10001"]
    assert steps("HEALTHCHECK") != []


def test_what_the_image_copies_is_there():
    paths = [line.split()[0] for line in steps("COPY") if not line.startswith("--from")]

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_name_in_the_image_is_one_that_is_read():
    said = " ".join([*steps("ENV"), *[s for s in steps("RUN") if "manage.py" in s]])

    assert {name for name in re.findall(r"([A-Z_]{3,})=", said) if not name.startswith("PIP_")
            } - SETTINGS - OTHERS == set()  # fmt: skip


def test_the_image_starts_the_same_web_server_as_compose():
    (said,) = steps("CMD")

    assert yaml.safe_load(said) == commands_of_compose()["web"]


def test_the_proxy_reaches_the_web_server_and_hides_what_is_inside():
    said = (DEPLOY / "Caddyfile").read_text()
    port = commands_of_compose()["web"][commands_of_compose()["web"].index("--port") + 1]

    assert said.count("{") == said.count("}")
    assert set(re.findall(r"{\$([A-Z_]+)", said)) <= SETTINGS | OTHERS
    assert COMPOSE["services"]["proxy"]["environment"]["WEB_ADDRESS"] == f"web:{port}"
    assert f"{{$WEB_ADDRESS:127.0.0.1:{port}}}" in said
    assert "respond /metrics 404" in said
    assert "@programs path /api/* /scim/* /in/*" in said


# --- the reference of settings


def test_the_reference_of_settings_is_as_the_settings_say():
    text = environment.PAGE.read_text()

    assert environment.page(text) == text, "run tools/environment.py"


def test_a_setting_that_nobody_explains_is_refused(monkeypatch):
    words = dict(environment.WORDS)
    words.pop("BEHIND_PROXY")
    monkeypatch.setattr(environment, "WORDS", words)

    with pytest.raises(KeyError, match="BEHIND_PROXY"):
        environment.table()


def test_a_stale_reference_is_told(monkeypatch, tmp_path):
    page = tmp_path / "environment.md"
    page.write_text(f"# Settings\n\n{environment.BEGIN}\nof yesterday\n{environment.END}\n")
    monkeypatch.setattr(environment, "PAGE", page)

    assert environment.main(["--check"]) == 1
    assert environment.main([]) == 0
    assert environment.main(["--check"]) == 0
