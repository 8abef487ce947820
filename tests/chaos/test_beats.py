"""Any number of beats: what several send is done once, and without any the web looks."""

import urllib.request

import pytest

from tests.chaos.stage.processes import soon

pytestmark = pytest.mark.xdist_group("sqlite")


@pytest.mark.parametrize("beats", [2, 3])
def test_several_beats_and_sweepers_raise_each_step_once(scene, beats):
    names = [f"beat{number}" for number in range(beats)]
    scene.stage.start("redis", "worker", *names, "sweeper")

    scene.hand_in(15)

    assert scene.is_settled(), scene.judged()
    assert all(scene.stage.processes[name].is_running for name in names)
    assert scene.is_clean()


def test_without_beat_worker_and_sweeper_a_request_checks_the_clocks(scene):
    scene.hand_in(5, ago=60)
    scene.stage.do("swept", 31)  # seconds: overdue
    scene.stage.start("web")

    def raised() -> int:
        url = f"http://127.0.0.1:{scene.stage.web_port}/healthz/live"
        try:
            urllib.request.urlopen(url, timeout=30).close()
        except OSError:
            return 0
        return scene.judged()["figures"]["alerts"]

    assert soon(lambda: raised() == 15), scene.stage.said()
    assert set(scene.judged()["wrong"]) == {"undelivered"}  # nobody sends here
    scene.stage.do("later", 60, "sweep")
    assert scene.judged()["wrong"] == {}
