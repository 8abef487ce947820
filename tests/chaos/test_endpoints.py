"""An endpoint that behaves badly holds up no sweep and no mail."""

import sqlite3

import pytest

from tests.chaos.stage.processes import HOST, soon
from tests.portal import hostile

pytestmark = pytest.mark.xdist_group("sqlite")

MAILS = (
    "SELECT a.raised_at, d.sent_at FROM notifications_delivery d JOIN leads_alert a"
    " ON d.about = 'alert:' || a.id WHERE d.channel = 'mail' AND d.state = 'sent'"
)


def sent(scene) -> list[tuple[str, str]]:
    """When the step of each mail that left was raised, and in which pass the mail left."""
    with sqlite3.connect(scene.stage.url.removeprefix("sqlite:///")) as connection:
        return connection.execute(MAILS).fetchall()


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
        arrived = soon(lambda: len(sent(scene)) == 20)

    assert arrived, scene.stage.said()
    assert [times for times in sent(scene) if times[0] != times[1]] == []
