"""The terms as values: what the portal asks of a signed document."""

import pytest

from sla.core import terms
from sla.core.criteria import AllOf, FieldIs
from sla.core.durations import parse as lasting
from sla.core.terms import Side, TermsError
from tests.core.agreements import changed, classic


def agreement():
    return terms.parse(classic())


@pytest.mark.parametrize("name", ["classic", "empty"])
def test_each_template_is_valid_and_fresh(name):
    terms.template(name)["title"] = "spoiled"

    assert terms.faults(terms.template(name)) == []
    assert terms.parse(terms.template(name)).title != "spoiled"


def test_there_is_no_other_template():
    with pytest.raises(KeyError):
        terms.template("../secrets")


def test_the_journey_reaches_past_the_sale():
    assert [stage.key for stage in agreement().journey][-3:] == [
        "customer",
        "using",
        "recommending",
    ]


def test_the_template_promises_every_kind_of_obligation():
    kinds = set(terms.schema()["$defs"]["obligation"]["properties"]["kind"]["enum"])

    assert {owed.kind for owed in agreement().obligations} == kinds


@pytest.mark.parametrize(
    ("segment", "weekly", "within"),
    [
        pytest.param("trial", 0, "PT1H", id="its own row"),
        pytest.param("newsletter", 0, "P1D", id="the row for any other kind"),
        pytest.param(None, 0, "P1D", id="a lead of no kind"),
        pytest.param("demo_request", 50, "PT15M", id="up to the agreed weekly volume"),
        pytest.param("demo_request", 51, "PT1H", id="beyond it"),
        pytest.param("trial", 5000, "PT1H", id="no volume was agreed for this row"),
    ],
)
def test_the_first_row_that_fits_says_how_fast(segment, weekly, within):
    assert agreement().target_for("first_attempt", segment, weekly) == lasting(within)


def test_a_kind_of_lead_without_a_row_is_owed_nothing():
    document = changed(classic(), ["obligations", 0, "targets", 0, "segment"], "partner")

    accept = terms.parse(document).obligation("accept")

    assert accept.target_for("partner") == lasting("PT1H")
    assert accept.target_for("trial") is None
    assert terms.parse(document).target_for(accept, None) is None


def test_a_calendar_of_the_terms_is_a_working_calendar():
    berlin = agreement().calendar("berlin")

    assert (berlin.zone, berlin.days_a_week) == ("Europe/Berlin", 5)
    assert agreement().calendars["berlin"].days_a_week == 5


def test_parts_are_found_by_their_keys():
    found = agreement()

    assert found.stage("comparing").legacy == "MQL"
    assert found.stage("comparing").contribution_of("sales") == "Makes the calls."
    assert found.stage("comparing").contribution_of("marketing").startswith("Provides")
    assert found.handoff("to_inside_sales").receiver == Side("sales", "inside-sales")
    assert found.reason("too_small").disputes == "size"
    assert found.ladder("quiet")[1].percent == 100
    assert found.obligation("disposition").pause("call_back").times == 1
    assert found.obligation("disposition").pause("holiday") is None


def test_what_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        agreement().stage("nowhere")


def test_obligations_of_a_handoff_are_found_by_the_event_that_starts_them():
    owed = agreement().obligations_on("to_inside_sales", "offer")

    assert [one.key for one in owed] == ["accept", "first_attempt", "complete_package"]


def test_an_obligation_on_no_handoff_in_particular_is_owed_on_each():
    document = classic()
    document["obligations"][10]["handoff"] = None
    found = terms.parse(document)

    assert "decide" in [one.key for one in found.obligations_on("to_outside_sales")]
    assert [side for _, side in found.owing_sides(found.obligation("decide"))] == [
        Side("marketing", "demand-generation"),
        Side("sales", "inside-sales"),
        Side("sales", "inside-sales"),
        Side("sales", "outside-sales"),
    ]


@pytest.mark.parametrize(
    ("obligation", "side"),
    [
        ("accept", Side("sales", "inside-sales")),
        ("answer", Side("marketing", "demand-generation")),
        ("accept_outside", Side("sales", "outside-sales")),
        ("answer_inside", Side("sales", "inside-sales")),
        ("contribution", Side("marketing", None)),
    ],
)
def test_the_side_that_owes_follows_from_the_department_and_the_kind(obligation, side):
    found = agreement()

    assert [one for _, one in found.owing_sides(found.obligation(obligation))] == [side]


def test_a_department_that_is_neither_giver_nor_receiver_owes_as_a_whole():
    found = terms.parse(changed(classic(), ["obligations", 6, "accountable"], "marketing"))

    assert found.owing_sides(found.obligation("accept_outside"))[0][1] == Side(
        "marketing", None
    )


def test_material_is_promised_from_a_stage_on():
    found = agreement()
    (promise,) = found.contributions_for("case_study")

    assert found.at_or_after("deciding", promise.from_stage)
    assert not found.at_or_after("comparing", promise.from_stage)
    assert found.at_or_after("noticed", None)
    assert found.contributions_for("webinar") == ()


def test_materials_that_are_not_listed_are_all_of_them():
    document = classic()
    del document["obligations"][11]["materials"]

    assert len(terms.parse(document).obligation("contribution").materials) == 3


def test_the_journey_is_walked_in_order():
    assert agreement().follows("noticed").key == "exploring"
    assert agreement().follows("recommending") is None


def test_a_criterion_is_found_with_the_stage_that_asks_for_it():
    assert agreement().criterion_stage("size").key == "comparing"
    assert agreement().criterion_stage("nothing") is None


def test_parts_that_may_be_left_out_are_empty():
    document = {
        name: value
        for name, value in terms.template("empty").items()
        if name in terms.schema()["required"]
    }

    found = terms.parse(document)

    assert (found.preamble, found.clauses, found.benchmarks) == ("", (), ())
    assert found.governance.signed_by == {"marketing": "signatory", "sales": "signatory"}


def test_a_stage_that_is_dropped_must_be_replaced():
    new = classic()
    new["journey"][2]["key"] = "shortlisted"

    assert terms.check_successor(classic(), classic()) == []
    assert terms.check_successor(classic(), new) == [
        ("journey", "the stage comparing is dropped, and no stage replaces it")
    ]


def test_a_dropped_stage_becomes_the_one_that_replaces_it():
    new = classic()
    new["journey"][2] |= {"key": "shortlisted", "replaces": ["comparing"]}
    became = terms.successors(terms.parse(classic()), terms.read(new))

    assert terms.check_successor(classic(), new) == []
    assert (became["comparing"], became["talking"]) == ("shortlisted", "talking")


def test_a_dropped_stage_is_replaced_once():
    new = classic()
    new["journey"][2] |= {"key": "shortlisted", "replaces": ["comparing"]}
    new["journey"][3]["replaces"] = ["comparing"]

    assert terms.check_successor(classic(), new) == [
        ("journey", "the stage comparing is replaced by more than one")
    ]


def test_criteria_alone_are_parsed_for_the_scope_of_an_agreement():
    leaf = {"key": "land", "field": "company.country", "op": "is", "value": "DE"}

    assert terms.parse_criteria({"all": [leaf]}) == AllOf(
        None, (FieldIs("land", "company.country", "is", "DE", "text"),)
    )


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"all": []}, ("all", "must have at least 1 of them")),
        (
            {"key": "x", "field": "company.colour", "op": "present"},
            ("field", "there is no field company.colour"),
        ),
    ],
)
def test_criteria_alone_are_refused_with_their_faults(raw, fault):
    with pytest.raises(TermsError) as refused:
        terms.parse_criteria(raw)

    assert refused.value.faults == [fault]


def test_an_unfinished_draft_can_be_read_though_it_cannot_be_proposed():
    document = changed(classic(), ["obligations", 0, "ladder"], "louder")

    assert terms.read(document).obligation("accept").ladder == "louder"
    with pytest.raises(TermsError, match=r"obligations\[0\].ladder: there is no ladder louder"):
        terms.parse(document)


def test_the_terms_may_ask_for_the_signature_of_a_head():
    rules = terms.parse(
        changed(classic(), ["governance", "signed_by", "sales"], "head")
    ).governance

    assert rules.only_head_signs("sales")
    assert not rules.only_head_signs("marketing")
