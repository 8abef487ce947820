"""What is refused: each fault with its path and a reason in words."""

import json
from pathlib import Path

import pytest

from sla.core import terms
from sla.core.terms import Fault
from tests.core.agreements import changed, classic

CASES = json.loads((Path(__file__).parent / "terms_faults.json").read_text(encoding="utf-8"))
COLUMNS = ("where", "value", "path", "reason")


@pytest.mark.parametrize(COLUMNS, CASES["shape"])
def test_a_part_of_another_shape_is_refused(where, value, path, reason):
    assert terms.faults(changed(classic(), where, value)) == [(path, reason)]


@pytest.mark.parametrize(
    "duration", ["PT0M", "P1M", "P1Y", "-PT5M", "PT1.5H", "1h", "PT", "PT5M\n"]
)
def test_a_duration_that_nobody_can_count_is_refused(duration):
    document = changed(classic(), ["obligations", 0, "targets", 0, "within"], duration)

    (fault,) = terms.faults(document)

    assert fault.path == "obligations[0].targets[0].within"
    assert fault.reason.startswith("must be an ISO 8601 duration in weeks, days, hours")


def test_a_value_that_json_does_not_have_is_refused():
    document = changed(classic(), ["governance", "seals"], b"month")

    assert terms.faults(document) == [("governance.seals", "is not a JSON value")]


def test_a_part_that_is_missing_is_named():
    document = classic()
    del document["title"], document["journey"][1]["acts"]

    assert terms.faults(document) == [
        ("journey[1].acts", "is missing"),
        ("title", "is missing"),
    ]


def test_a_document_that_is_no_object_is_refused_as_a_whole():
    assert terms.faults([]) == [("terms", "must be an object, not []")]


def test_criteria_as_deep_as_a_well_are_refused_before_they_are_walked():
    tree = {"key": "x", "attested": "x"}
    for _ in range(3000):
        tree = {"not": tree}

    faults = terms.faults(changed(classic(), ["journey", 0, "criteria"], tree))

    assert faults == [("journey[0].criteria.not.not.not", "is nested too deeply")]


def test_a_long_value_is_cut_in_the_reason():
    (fault,) = terms.faults(changed(classic(), ["journey", 0, "acts"], "x" * 100))

    assert fault.reason.endswith(f'not "{"x" * 59}…')


def test_a_fault_reads_as_one_line():
    assert str(Fault("journey[0].name", "is missing")) == "journey[0].name: is missing"


@pytest.mark.parametrize(COLUMNS, CASES["sense"])
def test_parts_that_do_not_fit_together_are_refused(where, value, path, reason):
    assert (path, reason) in terms.faults(changed(classic(), where, value))


def test_a_calendar_that_never_opens_is_refused():
    document = classic()
    document["calendars"]["berlin"] |= {"weekly": {}, "special": {}}

    assert terms.faults(document) == [
        ("calendars.berlin", "calendar 'Berlin office' never opens")
    ]


def test_a_document_without_calendars_and_with_one_stage_is_refused():
    document = terms.template("empty") | {"calendars": {}}
    document["journey"] = document["journey"][:1]

    assert terms.faults(document) == [
        ("calendars", "there must be at least one"),
        ("journey", "must have at least two stages"),
    ]


def test_a_share_of_stage_entries_is_refused():
    document = classic()
    document["commitments"][0] |= {"count": None, "percent": 10}

    assert terms.faults(document) == [
        ("commitments[0].percent", "has no meaning for stage_entries")
    ]


def test_a_pause_reason_is_listed_once_and_told_people_too():
    document = classic()
    document["obligations"][3]["pauses"] *= 2
    document["ladders"]["quiet"][2]["whom"] = ["manager", "manager"]

    assert terms.faults(document) == [
        ("ladders.quiet[2].whom", "must not say the same twice"),
        ("obligations[3].pauses[1].reason", "call_back is there already"),
    ]


def test_a_step_by_percentage_cannot_follow_one_after_the_due_instant():
    document = classic()
    document["ladders"]["quiet"].reverse()

    paths = [path for path, _ in terms.faults(document)]

    assert paths == ["ladders.quiet[1]", "ladders.quiet[2]", "ladders.quiet[3]"]


def test_the_same_material_is_promised_once():
    document = classic()
    again = document["obligations"][11] | {"key": "again", "materials": ["reference"]}
    document["obligations"].append(again)

    assert terms.faults(document) == [
        ("obligations[12].materials", "contribution promises reference already")
    ]


def test_different_materials_may_have_different_targets():
    document = classic()
    document["obligations"][11]["materials"] = ["case_study", "comparison"]
    again = document["obligations"][11] | {"key": "again", "materials": ["reference"]}
    document["obligations"].append(again)

    assert terms.faults(document) == []


def test_a_reason_after_the_cadence_needs_a_cadence():
    document = classic()
    del document["obligations"][2], document["commitments"][2]

    assert terms.faults(document) == [
        ("return_reasons[4].after_cadence", "needs an obligation of kind cadence")
    ]


def test_all_faults_are_listed_in_the_order_of_their_paths():
    document = classic()
    document["journey"][0]["name"] = "marketing's own"
    document["benchmarks"][0]["to_stage"] = "won"

    assert [path for path, _ in terms.faults(document)] == [
        "benchmarks[0].to_stage",
        "journey[0].name",
    ]


@pytest.mark.parametrize("name", ["comparing", "wholesale buyer", "remarketing target"])
def test_a_word_that_merely_contains_a_department_is_no_department(name):
    assert not terms.carries_department(name)
