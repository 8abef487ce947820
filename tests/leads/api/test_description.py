"""What the OpenAPI document says is what the portal does; each name in it means one thing."""

import json
from typing import get_args

import pytest
from ninja import Schema

from leads.api.companies import Standing
from leads.api.contributions import Material
from leads.api.handing.many import Name
from leads.api.handing.schemas import HandoffState
from leads.api.handing.table import MOVES
from leads.api.lead.touching import Direction
from leads.models import Company, Contribution, Handoff, Touch
from portal.api import description


def offspring(kind):
    for one in kind.__subclasses__():
        yield one
        yield from offspring(one)


def test_no_two_schemas_share_a_name():
    rooms = ("leads.", "sla.", "portal.")
    ours = {one for one in offspring(Schema) if one.__module__.startswith(rooms)}
    names = [one.__name__ for one in ours if one.__name__ != "Wanted"]  # only ever a query

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (HandoffState, Handoff.State.values),
        (Material, Contribution.Kind.values),
        (Standing, Company.Status.values),
        (Direction, Touch.Direction.values),
        (Name, list(MOVES)),
    ],
    ids=["handoff", "material", "company", "direction", "moves"],
)
def test_a_list_of_words_is_the_one_that_the_models_know(said, known):
    assert set(get_args(said)) == set(known)


def test_every_call_that_writes_takes_a_key():
    without = [
        call["operationId"]
        for path, methods in description()["paths"].items()
        for method, call in methods.items()
        if method == "post" and "/agreements" not in path
        and "Idempotency-Key" not in {one["name"] for one in call.get("parameters", ())}
    ]  # fmt: skip

    assert set(without) == {"read_alerts", "export_person", "erase_person"}


def test_every_call_says_what_it_does_and_how_it_refuses():
    for methods in description()["paths"].values():
        for call in methods.values():
            assert call["description"], call["operationId"]
            assert call["tags"], call["operationId"]


def test_every_move_of_the_table_has_a_call_of_its_own():
    paths = description()["paths"]

    for move in MOVES:
        assert f"/api/v1/handoffs/{{handoff_id}}/{move}" in paths


def test_every_link_leads_to_a_call_that_takes_what_was_answered():
    """As JSON, since its keys are texts there: what programs get."""
    document = json.loads(json.dumps(description()))
    calls = {one["operationId"]: one for every in document["paths"].values()
             for one in every.values()}  # fmt: skip
    led = {"bring_lead": "log_touch", "offer_lead": "accept_handoff"} | {
        "accept_handoff": "complete_handoff", "return_handoff": "dispute_handoff",
    }  # fmt: skip

    for start, end in led.items():
        statuses = calls[start]["responses"]
        answer = next(said for status, said in statuses.items() if status.startswith("2"))
        link = answer["links"][end]
        ((name, where),) = link["parameters"].items()
        assert link["operationId"] == end
        assert name in {one["name"] for one in calls[end]["parameters"]}
        assert where.startswith("$response.body#/")
