"""Everything is killed at random while people work: nothing is lost, nothing said twice."""

import json

import pytest

from tests.chaos import table
from tests.chaos.__main__ import passed
from tests.chaos.stage.play import KINDS, Size, play

SIZE = Size(handoffs=200, kills=16, faster=5)
AWAY = {"sqlite": set(), "postgresql": {"503"}}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("sqlite", marks=pytest.mark.xdist_group("kills")),
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
    ],
)
def test_whatever_is_killed_each_step_is_told_once_and_the_naive_way_fails(houses, kind):
    run = play(houses(kind), SIZE, seed=1)

    print(run["kills"], run["lost_replies"], run["answers"], run["portal"], run["controls"])
    assert run["kills_in_all"] == SIZE.kills
    assert set(run["kills"]) >= set(KINDS)
    assert run["lost_replies"]
    assert run["portal"]["wrong"] == {}
    assert (run["audit"], run["ledger"], run["pages"]) == ("clean", "whole", "ok")
    assert {name for name, one in run["controls"].items() if one["ok"]} == set()
    assert passed(run)
    # Nobody saw an error: the web was there, or was not, or said that its database was away.
    assert set(run["answers"]) <= {"taken", "no answer", *AWAY[kind]}


GOOD = {
    "kills_in_all": 1,
    "portal": {"ok": True},
    "controls": {"timers": {"ok": False}},
    "audit": "clean",
    "ledger": "whole",
    "pages": "ok",
}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"kills_in_all": 0}, id="nothing was killed"),
        pytest.param({"controls": {"timers": {"ok": True}}}, id="the control did not fail"),
        pytest.param({"portal": {"ok": False}}, id="the oracle found something"),
        pytest.param({"audit": "I1 is broken"}, id="the audit found something"),
        pytest.param({"ledger": "a gap"}, id="the ledger is not whole"),
    ],
)
def test_a_run_that_proves_nothing_is_red(bad):
    assert passed(GOOD)
    assert not passed(GOOD | bad)


RUN = GOOD | {
    "database": "sqlite", "seed": 7, "handoffs": 10, "faster": 1, "kills": {"web": 1},
    "lost_replies": 2, "answers": {"taken": 10}, "seconds": 60, "passed": True,
    "controls": {name: {"ok": False, "wrong": {"lost": 3}} for name in ("timers", "marker")},
    "portal": {"ok": True, "wrong": {}, "figures": {"repeats": 2, "lag": {}, "caught_up": 0.1}},
}  # fmt: skip


@pytest.mark.parametrize(("one_passed", "code"), [(True, 0), (False, 1)])
def test_runs_played_apart_stand_beside_each_other_and_a_red_one_is_not_hidden(
    tmp_path, capsys, one_passed, code
):
    about = {"commit": "abc", "at": "then", "python": "3", "command": "python -m tests.chaos"}
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    files[0].write_text(json.dumps(about | {"runs": [RUN]}))
    files[1].write_text(json.dumps(about | {"runs": [RUN | {"seed": 8, "passed": one_passed}]}))

    assert table.main([str(file) for file in files]) == code

    said = capsys.readouterr().out
    assert "|  | sqlite, seed 7 | sqlite, seed 8 |" in said
    assert f"| passed | yes | {'yes' if one_passed else '**no**'} |" in said
