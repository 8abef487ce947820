"""An endpoint that behaves badly holds up no sweep and no mail."""

import re
import sqlite3
from itertools import pairwise

import pytest

from tests.chaos.stage.processes import HOST, soon
from tests.portal import hostile

pytestmark = pytest.mark.xdist_group("sqlite")

PASSED = re.compile(r"clocks swept raised=([1-9]\d*)|deliveries sent channel=mail sent=(\d+)")
MAILS = (
    "SELECT count(*) FROM notifications_delivery d JOIN leads_alert a"
    " ON d.about = 'alert:' || a.id WHERE d.channel = 'mail' AND d.state = 'sent'"
)


def sent(scene) -> int:
    """How many mails about alerts have left; there are others."""
    with sqlite3.connect(scene.stage.url.removeprefix("sqlite:///")) as connection:
        return connection.execute(MAILS).fetchone()[0]


def passes(scene) -> list[str]:
    """What the sweeper did, in its order: it `raised` alerts, or let `mail` leave."""
    said = scene.stage.processes["sweeper"].said()
    return ["raised" if found[1] else "mail" for found in PASSED.finditer(said)]


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(hostile.hanging, id="hangs"),
        pytest.param(hostile.dripping, id="drips"),
        pytest.param(hostile.endless, id="ten gigabytes"),
        pytest.param(
            hostile.answering("302 Found", b"", "Location: http://169.254.169.254/"),
            id="redirects",
        ),
    ],
)
def test_mail_leaves_in_the_sweep_that_raised_it(houses, scene, talk):
    with hostile.serving(talk) as server:
        allowed = f"{HOST}:{server.port}"
        scene.stage.environment["INTERNAL_HOSTS"] = allowed
        scene.stage.do("endpoint", server.url())
        scene.hand_in(5, ago=20)
        scene.stage.start("sweeper")
        assert soon(lambda: server.came), scene.stage.said()

        scene.hand_in(5, ago=20, first=5)  # while it hangs
        arrived = soon(lambda: sent(scene) == 20)

    assert arrived, scene.stage.said()
    assert soon(lambda: passes(scene)[-1] == "mail"), scene.stage.said()
    done = passes(scene)
    assert done.count("raised") >= 2
    after = [then for one, then in pairwise(done) if one == "raised"]
    assert set(after) == {"mail"}, "mails leave before the next is raised"
