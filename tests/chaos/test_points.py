"""The points at which a process can be told to die exist in no settings of the portal."""

import os
import subprocess
import sys
from importlib import import_module

import pytest

from tests.chaos.stage import points
from tests.chaos.stage.processes import ROOT

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "x" * 60,
    "BASE_URL": "https://concord.example.org",
    "DATABASE_URL": "postgresql://concord@localhost/concord",
    "REDIS_URL": "redis://localhost/0",
}
ASK = (
    "import django; django.setup()\n"
    "import sys; from leads import tasks\n"
    "print([name for name in sys.modules if name.startswith('tests')],"
    " hasattr(tasks._nudge, '__wrapped__'))"
)


@pytest.mark.parametrize(
    "settings", [PRODUCTION, {"DJANGO_SETTINGS_MODULE": "portal.settings.local"}]
)
def test_in_the_portals_own_settings_the_variable_means_nothing(settings, tmp_path):
    said = {points.VARIABLE: "sweep-before-nudge", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=os.environ | settings | said,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "[] False"


@pytest.mark.parametrize("name", points.POINTS)
def test_each_point_is_a_place_in_the_portal(name):
    place, path, _when = points.POINTS[name]
    found = import_module(place)
    for step in path.split("."):
        found = getattr(found, step)

    assert callable(found)
