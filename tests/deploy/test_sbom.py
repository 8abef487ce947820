"""The bill of materials names all that the lock installs, and nothing else."""

import json

from tests.portal.test_installation import locked
from tools import sbom

LOCK = "requirements-telemetry.txt"  # all that can ship


def test_each_locked_package_is_in_it_with_its_hashes(tmp_path):
    file = tmp_path / "sbom.json"

    assert sbom.main([str(file)]) == 0

    made = json.loads(file.read_text())
    parts = {one["name"]: one for one in made["components"]}
    assert {name: one["version"] for name, one in parts.items()} == locked(LOCK)
    needed = {name for name, one in parts.items() if one["scope"] == "required"}
    assert needed == locked("requirements.txt").keys()
    assert [name for name, one in parts.items() if not one["properties"]] == []
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert parts["django"]["purl"].startswith("pkg:pypi/django@5.2")


def test_each_installed_package_says_its_licence():
    made = sbom.bill(sbom.LOCK.read_text())

    silent = [one["name"] for one in made["components"] if "licenses" not in one]
    # Of another system or Python than this one, so not installed here.
    assert [name for name in silent if sbom.licence(name)] == []
    assert len(silent) < len(made["components"]) / 5


def test_the_same_lock_gives_the_same_file():
    text = sbom.LOCK.read_text()

    assert sbom.bill(text) == sbom.bill(text)
    other = text.replace("django==5.2", "django==5.3")
    assert sbom.bill(text)["serialNumber"] != sbom.bill(other)["serialNumber"]


def test_it_wants_a_file():
    assert sbom.main([]) == 2
