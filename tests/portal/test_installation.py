"""What is installed is what was locked, and what may be set is written down."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = tuple(f"requirements{of}.txt" for of in ("", "-telemetry", "-dev", "-bench"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked(name: str) -> dict[str, str]:
    """Package -> version in one lock file."""
    pins = re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return dict(pins)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    packages = re.split(r"\n(?=\S)", text.strip())

    assert len(packages) == len(locked(name))
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.findall(r"://|^-|file:|@ ", text, re.MULTILINE) == []


@pytest.mark.parametrize("name", LOCKS[1:])
def test_tools_are_installed_beside_exactly_what_ships(name):
    assert locked("requirements.txt").items() <= locked(name).items()


def test_every_direct_dependency_is_locked_at_its_pin():
    extras = PROJECT["optional-dependencies"]
    pins = [*PROJECT["dependencies"], *extras["telemetry"], *extras["dev"], *extras["bench"]]
    bare = [re.sub(r"\[.*?\]", "", pin) for pin in pins]

    held = {f"{name}=={version}" for name, version in locked("requirements-bench.txt").items()}

    assert [pin for pin in bare if pin not in held] == []


def test_every_setting_from_the_environment_is_written_down():
    written = (ROOT / "deploy" / "environment.md").read_text()
    settings = "".join(path.read_text() for path in (ROOT / "portal/settings").glob("*.py"))
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))

    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in written} == set()


def test_every_target_of_the_makefile_says_what_it_is_for():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"\.PHONY: ((?:.*\\\n)*.*)", makefile)
    assert phony is not None

    targets = phony[1].replace("\\", " ").split()

    assert [name for name in targets if f"\n{name}: ## " not in makefile] == []
