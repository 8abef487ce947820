"""The portal or its broker is away: what was missed is found, truly dated, told together."""

from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("sqlite")
DAY = 86_400  # seconds


def told(scene) -> Counter[tuple[str, str]]:
    """How many messages each person got by each channel; that there was a flood is another."""
    return Counter(
        (one["channel"], one["to"]) for one in scene.receivers.heard if "Chaos" in one["text"]
    )


@pytest.mark.parametrize("number", [200, pytest.param(2_000, marks=pytest.mark.slow)])
def test_one_sweep_after_three_days_finds_it_all_and_says_it_in_one_message(
    scene, number, record_property
):
    scene.hand_in(number, ago=3 * DAY)
    scene.stage.do("swept", 3 * DAY)

    scene.stage.do("manage", "sweep")

    verdict = scene.judged()
    record_property("due", number)
    assert set(verdict["wrong"]) == {"undelivered"}, verdict  # it is told a minute later
    assert verdict["figures"]["alerts"] == 3 * number
    assert told(scene) == {}

    scene.stage.do("later", 90, "sweep")

    record_property("messages", told(scene).total())
    assert set(told(scene).values()) == {1}
    assert set(scene.judged()["figures"]["deliveries"]) == {"sent"}
    assert scene.is_clean()


def test_an_hour_without_the_broker_fails_no_request_and_delays_no_alert(scene):
    answers = scene.stage.do(
        "hour_without_redis", str(scene.stage.script), scene.stage.house.session
    )

    assert answers == {"taken": 60}
    verdict = scene.judged()
    assert verdict["wrong"] == {}, verdict
    assert verdict["figures"]["lag"]["max"] <= 10  # seconds of simulated time: one sweep
    assert scene.is_clean()
