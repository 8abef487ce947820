"""A process dies at each point where a promise could break; the next one finds nothing
missing and nothing twice."""

import json
import sqlite3
from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("sqlite")
COLUMNS = {"id": "external_id", "name": "name", "email": "email"}
MAPPING = json.dumps({"source": "crm", "columns": COLUMNS})
STEPS_DUE = 20  # seconds ago: all three steps are due
LEASED = 60  # seconds: longer than a lease


def asked(scene, sql: str) -> list[tuple]:
    with sqlite3.connect(scene.stage.url.removeprefix("sqlite:///")) as connection:
        return connection.execute(sql).fetchall()


def finished(scene, **faults: int) -> dict:
    """What the oracle says once a sweep has gone over it, and one after the leases."""
    scene.stage.do("manage", "sweep")
    scene.stage.do("later", LEASED, "sweep")
    assert scene.is_clean()
    return scene.judged(faults={"kills": 1, "lost_replies": 0} | faults)


@pytest.mark.parametrize("point", ["intake-before-commit", "intake-after-commit"])
def test_a_lead_that_is_handed_in_again_after_a_crash_is_one_lead(scene, point):
    again = [str(scene.stage.script), ["Chaos 00000"], STEPS_DUE]
    scene.stage.die("hand_in", *again, at=point)
    before = asked(scene, "SELECT count(*) FROM leads_lead")[0][0]

    scene.hand_in(1, STEPS_DUE)

    assert before == (point == "intake-after-commit")
    assert asked(scene, "SELECT count(*) FROM leads_lead") == [(1,)]
    verdict = finished(scene)
    assert not set(verdict["wrong"]) - {"untrue"}, verdict  # it began with the first try


@pytest.mark.parametrize(
    ("point", "raised"),
    [
        ("sweep-mid-batch", 0),
        ("sweep-before-commit", 0),
        ("sweep-after-commit", 15),
    ],
)
def test_a_sweep_that_dies_leaves_all_of_its_batch_or_nothing(scene, point, raised):
    scene.hand_in(5, STEPS_DUE)

    scene.stage.die("manage", "sweep", at=point)

    assert asked(scene, "SELECT count(*) FROM leads_alert") == [(raised,)]
    assert finished(scene)["wrong"] == {}


def test_a_worker_that_dies_before_it_nudges_loses_no_message(scene):
    scene.hand_in(5, STEPS_DUE)

    scene.stage.die("sweep_task", at="sweep-before-nudge")

    assert len(scene.receivers.heard) == 0
    assert finished(scene)["wrong"] == {}


@pytest.mark.parametrize(
    ("point", "repeats"),
    [
        ("deliver-after-lease", 0),
        ("deliver-after-post", 1),
        ("deliver-after-post:3", 1),
        ("deliver-endpoint-after-lease", 0),
        ("deliver-endpoint-after-post", 1),
    ],
)
def test_a_sender_that_dies_repeats_at_most_what_was_on_its_way(scene, point, repeats):
    scene.hand_in(4, STEPS_DUE)

    scene.stage.die("manage", "sweep", at=point)

    in_flight = 2 if "endpoint" in point else 1  # each under the key that it had before
    verdict = finished(scene, kills=in_flight)
    assert verdict["wrong"] == {}
    assert repeats <= verdict["figures"]["repeats"] <= repeats * in_flight


def test_an_acceptance_that_dies_before_its_commit_never_was(scene):
    scene.hand_in(1)

    scene.stage.die("accept", "Chaos 00000", at="accept-before-commit")

    assert asked(scene, "SELECT state FROM leads_handoff") == [("offered",)]
    assert scene.stage.do("accept", "Chaos 00000") == "accepted"
    assert asked(scene, "SELECT count(*) FROM leads_handoffmove WHERE move = 'accept'") == [
        (1,)
    ]
    assert scene.is_clean()


def test_a_signature_that_dies_before_its_commit_never_was(scene):
    version = scene.stage.do("propose")
    state = f"SELECT state FROM sla_version WHERE id = {version}"
    assert scene.stage.do("sign", version, "marketing") == 1

    scene.stage.die("sign", version, "sales", at="sign-before-commit")

    assert asked(scene, state) == [("proposed",)]
    assert scene.stage.do("sign", version, "sales") == 2
    assert asked(scene, state) == [("signed",)]
    assert scene.is_clean()


def test_a_head_whose_publication_dies_half_way_is_noted_once(scene):
    scene.stage.die("manage", "publish_head", at="publish-before-noting")
    scene.stage.do("manage", "publish_head")

    heads = (scene.stage.folder / "ledger-heads.jsonl").read_text().splitlines()
    assert len(heads) == 1
    assert asked(scene, "SELECT count(*) FROM ledger_head") == [(1,)]
    assert scene.is_clean()


def test_an_import_that_dies_in_a_chunk_goes_on_from_there(scene, tmp_path):
    file, mapping = tmp_path / "leads.csv", tmp_path / "mapping.json"
    people = [f"{number},Person {number},p{number}@example.test" for number in range(1_500)]
    file.write_text("\n".join(["id,name,email", *people]) + "\n")
    mapping.write_text(MAPPING)
    words = ["import_leads", str(file), "--mapping", str(mapping)]

    scene.stage.die("manage", *words, at="import-mid-chunk:2")

    assert asked(scene, "SELECT count(*) FROM leads_lead") == [(1_000,)]
    scene.stage.do("manage", *words)
    sources = asked(scene, "SELECT external_id FROM leads_leadsource")
    assert set(Counter(sources).values()) == {1}
    assert asked(scene, "SELECT count(*) FROM leads_lead") == [(1_500,)]
    assert scene.is_clean()
