"""The dashboard asks for what /metrics says, and shows all of it."""

import json
import re
from pathlib import Path

import pytest

from tests.portal.endpoints import make_endpoint

BOARD = json.loads((Path(__file__).parents[2] / "deploy" / "grafana.json").read_text())
ASKED = {
    name
    for panel in BOARD["panels"]
    for target in panel["targets"]
    for name in re.findall(r"concord_\w+", target["expr"])
}


@pytest.mark.django_db
def test_every_figure_of_the_dashboard_is_one_of_ours_and_each_of_ours_is_shown(client):
    make_endpoint()

    said = client.get("/metrics").text

    assert set(re.findall(r"# TYPE (concord_\w+) gauge", said)) == ASKED


def test_panels_lie_beside_each_other_and_say_what_they_show():
    places = [tuple(panel["gridPos"].values()) for panel in BOARD["panels"]]
    cells = [(x + dx, y + dy) for x, y, w, h in places for dx in range(w) for dy in range(h)]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert all(panel["title"] for panel in BOARD["panels"])
