"""What is carried of other people's work: pinned, unmodified, with its licence."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAN = json.loads((ROOT / "tools/vendor/package.json").read_text())
SUMS = dict(
    reversed(line.split("  ", 1))
    for line in (ROOT / "static/vendor/SHA256SUMS").read_text().splitlines()
)
SPRITE = (ROOT / "static/portal/icons.svg").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static").rglob("*.css"))


@pytest.mark.parametrize("path", SUMS)
def test_a_vendored_file_is_what_was_vendored(path):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == SUMS[path]


def test_no_vendored_file_is_without_its_sum():
    folders = [ROOT / "static/vendor", ROOT / "tests/browser/axe"]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files = {path.relative_to(ROOT).as_posix() for path in found}

    assert files - {"static/vendor/SHA256SUMS"} == set(SUMS) - {"static/portal/icons.svg"}


@pytest.mark.parametrize("name", PLAN["dependencies"])
def test_each_vendored_work_has_an_exact_version_and_its_licence(name):
    assert re.fullmatch(r"\d+\.\d+\.\d+", PLAN["dependencies"][name])
    assert "LICENSE" in PLAN["copies"][name]


def test_the_sprite_holds_the_icons_of_the_plan_and_no_others():
    assert re.findall(r'id="i-([a-z-]+)"', SPRITE) == PLAN["icons"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_names_only_icons_that_are_there(path):
    named = re.findall(r'{%\s*icon "([a-z-]+)"', path.read_text())

    assert set(named) <= set(PLAN["icons"])


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_loads_nothing_from_elsewhere(path):
    addresses = re.findall(r"url\(([^)]*)\)|@import", path.read_text())

    assert [address for address in addresses if not address.startswith("../../vendor/")] == []


def test_no_static_file_reaches_out_of_the_portal():
    scripts = [
        *(ROOT / "static/portal").rglob("*.js"),
        *(ROOT / "static/portal").rglob("*.svg"),
    ]
    outside = [re.sub(r"http://www.w3.org/\S+", "", path.read_text()) for path in scripts]

    assert [text for text in outside if re.search(r"https?:|//[a-z]+\.|data:", text)] == []
