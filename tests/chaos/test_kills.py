"""Everything is killed at random while people work: nothing is lost, nothing said twice."""

import pytest

from tests.chaos.stage.play import KINDS, Size, play

SIZE = Size(handoffs=300, kills=20, faster=5)


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("sqlite", marks=pytest.mark.xdist_group("sqlite")),
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
    ],
)
def test_whatever_is_killed_each_step_is_told_once_and_the_naive_way_fails(houses, kind):
    run = play(houses(kind), SIZE, seed=1)

    print(run)
    assert run["kills_in_all"] == SIZE.kills  # a run without kills proves nothing
    assert set(run["kills"]) >= set(KINDS)
    assert run["lost_replies"]
    assert run["portal"]["wrong"] == {}
    assert (run["audit"], run["ledger"], run["pages"]) == ("clean", "whole", "ok")
    assert {name for name, one in run["controls"].items() if one["ok"]} == set()
