"""What both sides should know before they sign."""

from dataclasses import replace

import pytest

from sla.core import terms
from sla.core.warnings import Directory, warnings
from tests.core.agreements import changed, classic, company

UNCONFIRMED = {
    f"unconfirmed_benchmark:{key}"
    for key in ("noticed_comparing", "comparing_talking", "talking_customer")
}


def found(document=None, directory=None):
    return warnings(terms.parse(document or classic()), directory or company())


def codes(document=None, directory=None):
    """The codes of the warnings, without those that the template always has."""
    return {one.code for one in found(document, directory)} - UNCONFIRMED


def with_team(key, /, **changes):
    teams = tuple(replace(t, **changes) if t.key == key else t for t in company().teams)
    return company(teams=teams)


def test_the_classic_agreement_warns_of_its_unconfirmed_benchmarks_only():
    assert {one.code for one in found()} == UNCONFIRMED
    assert not any(one.grave for one in found())


def test_a_warning_says_the_fact_the_reason_and_the_place():
    (first, *_) = found()

    assert first.kind == "unconfirmed_benchmark"
    assert (
        first.fact == "A benchmark nobody confirmed: noticed a problem to comparing, 10\u00a0%."
    )
    assert first.why == "It gives no verdict until somebody confirms or changes it."
    assert first.path == "benchmarks/noticed_comparing"


def test_a_confirmed_benchmark_gives_no_warning():
    confirmed = changed(classic(), ["benchmarks", 0, "confirmed"], True)

    assert len(found(confirmed)) == 2


@pytest.mark.parametrize(
    ("directory", "why"),
    [
        (with_team("inside-sales", steward=None), "inside sales has no steward, so"),
        (with_team("inside-sales", members=()), "Nobody is in inside sales."),
        (with_team("inside-sales", department="marketing"), "Sales has no team inside-sales."),
        (with_team("inside-sales", key="sdr"), "Sales has no team inside-sales."),
    ],
)
def test_a_clock_nobody_owns_is_grave(directory, why):
    warned = [one for one in found(directory=directory) if one.kind == "unowned_clock"]

    assert all(one.grave and one.why.startswith(why) for one in warned)
    assert warned[0].code == "unowned_clock:accept:inside-sales"
    assert warned[0].fact == "A clock nobody owns: Accept or return."


def test_a_contribution_is_owned_by_any_team_of_the_department_that_has_a_steward():
    document = classic()
    document["obligations"] = document["obligations"][11:]
    document["commitments"], document["handoffs"] = document["commitments"][:2], []
    document["return_reasons"] = []
    nobody = company(teams=tuple(replace(team, steward=None) for team in company().teams))

    assert codes(document) == set()
    assert codes(document, nobody) == {"unowned_clock:contribution:marketing"}


def test_a_team_without_a_calendar_of_the_agreement_makes_its_targets_impossible():
    warned = codes(directory=with_team("outside-sales", calendar="lisbon"))

    assert "impossible_target:accept_outside:to_outside_sales:outside-sales" in warned


def test_a_target_that_runs_out_while_its_team_is_closed_is_impossible():
    document = classic()
    document["obligations"][5]["calendar"] = {"fixed": "sao-paulo"}

    (warned,) = [one for one in found(document) if one.kind == "impossible_target"]

    assert warned.grave
    assert warned.code == "impossible_target:answer:to_inside_sales:demand-generation"
    assert warned.why == (
        "4 hours can pass on São Paulo office while demand generation is closed, "
        "such as Fri 15:00 to Mon 09:00 in Europe/Berlin."
    )


def test_the_calendar_of_the_team_that_owes_makes_no_target_impossible():
    document = changed(classic(), ["obligations", 5, "targets", 0, "within"], "PT1M")

    assert not any(one.grave for one in found(document))


def test_holidays_that_differ_make_no_target_impossible():
    document = classic()
    document["calendars"]["sister"] = document["calendars"]["berlin"] | {
        "name": "Sister",
        "closed": [],
    }
    document["obligations"][5]["calendar"] = {"fixed": "sister"}

    assert codes(document) == set()


def test_a_target_that_outlasts_the_years_of_its_calendar_is_impossible():
    document = classic()
    document["calendars"]["berlin"]["weekly"] = {"mon": [["09:00", "09:01"]]}
    document["obligations"][2]["targets"][0]["within"] = "PT9999H"

    (warned,) = [one for one in found(document) if one.code.startswith("impossible_target:cad")]

    assert warned.why == "Berlin office does not open for so long before the year 2200."


def test_a_fixed_calendar_of_a_contribution_is_compared_with_each_team_of_the_department():
    document = changed(classic(), ["obligations", 11, "calendar"], {"fixed": "sao-paulo"})
    document["obligations"][11]["targets"][0]["within"] = "PT1H"

    assert codes(document) == {"impossible_target:contribution:marketing"}


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ([4, 5], "The receiver owes nothing by a clock."),
        ([0, 1, 2, 3], "The giver owes nothing by a clock."),
        ([], "Neither the receiver nor the giver owes anything by a clock."),
    ],
)
def test_a_one_sided_handoff_is_grave(kept, why):
    document = classic()
    owed = document["obligations"]
    document["obligations"] = [owed[n] for n in kept] + owed[6:]
    document["commitments"] = document["commitments"][:2]
    document["return_reasons"] = document["return_reasons"][:4]

    (warned,) = [one for one in found(document) if one.kind == "one_sided_handoff"]

    assert (warned.grave, warned.why) == (True, why)
    assert warned.path == "handoffs/to_inside_sales"


def test_a_handoff_that_nobody_has_to_accept_is_listed():
    document = classic()
    del document["obligations"][0]

    assert codes(document) == {"no_accept:to_inside_sales"}


def test_a_sales_outcome_charged_to_marketing_is_listed():
    document = changed(classic(), ["obligations", 1, "accountable"], "marketing")
    document["commitments"][0]["stage"] = "customer"

    assert codes(document) == {
        "sales_outcome_to_marketing:first_attempt",
        "sales_outcome_to_marketing:comparing_a_month",
    }


def test_a_kept_obligation_of_the_other_department_is_charged_wrongly():
    document = changed(classic(), ["commitments", 2, "department"], "marketing")

    assert codes(document) == {"sales_outcome_to_marketing:cadence_kept"}


def test_content_and_demand_charged_to_sales_are_listed():
    document = classic()
    for volume in document["commitments"]:
        volume["department"] = "sales"
    document["obligations"][5]["accountable"] = "sales"
    document["obligations"][11]["accountable"] = "sales"

    assert codes(document) == {
        "demand_to_sales:comparing_a_month",
        "demand_to_sales:material_a_quarter",
        "demand_to_sales:answer",
        "demand_to_sales:contribution",
    }


def test_inside_sales_under_marketing_is_listed_from_the_company_and_from_the_terms():
    document = classic()
    document["handoffs"][0]["giver"]["team"] = "sdr-team"
    sdrs = replace(company().teams[0], key="sdr-team")
    directory = company(teams=(*company().teams, sdrs, replace(sdrs, key="inside_sales_emea")))

    assert codes(document, directory) == {
        "inside_sales_under_marketing:sdr-team",
        "inside_sales_under_marketing:inside_sales_emea",
    }


def test_a_stage_without_criteria_is_listed():
    document = changed(classic(), ["journey", 7, "criteria"], None)

    assert codes(document) == {"stage_without_criteria:recommending"}


def test_a_reason_that_disputes_no_criterion_is_listed():
    document = changed(classic(), ["return_reasons", 0, "disputes"], None)

    assert codes(document) == {"reason_disputes_nothing:country_not_served"}


def test_an_old_word_that_no_stage_maps_is_listed():
    document = changed(classic(), ["preamble"], "Marketing brings MQLs and SQOs, Sales SALs.")
    directory = company(legacy_words=("Opportunity", "Prospect"))

    assert codes(document, directory) == {"unmapped_word:SQO", "unmapped_word:Prospect"}


def test_a_short_target_without_a_push_channel_is_listed():
    document = changed(classic(), ["obligations", 1, "ladder"], "quiet")

    (warned,) = [one for one in found(document) if one.kind == "short_without_push"]

    assert warned.why == (
        "15 minutes are allowed, but until it is due its owner hears of it "
        "in the portal or by mail only."
    )


def test_people_whom_no_push_channel_reaches_are_counted():
    deaf = company(without_push=frozenset({"one@inside-sales.example", "boss@example.com"}))

    (warned,) = [one for one in found(directory=deaf) if one.kind == "short_without_push"]

    assert (
        warned.why == "15 minutes are allowed, but 1 of 2 people in inside sales get mail only."
    )


def test_a_target_of_an_hour_or_of_days_is_not_short():
    document = changed(classic(), ["obligations", 1, "ladder"], "quiet")
    document["obligations"][1]["targets"] = [{"within": "PT1H"}]
    days = changed(classic(), ["obligations", 1, "targets"], [{"within": "P1D"}])

    assert codes(document) == codes(days) == set()


def test_a_person_to_be_told_who_is_not_there_is_listed():
    document = classic()
    told = {"person": "gone@example.com"}
    document["ladders"]["quiet"][3]["whom"].append(told)
    document["ladders"]["quiet"][2]["whom"].append({"person": "nair@example.com"})
    document["commitments"][0]["behind"]["whom"].append(told)

    assert codes(document) == {
        "unknown_person:ladders/quiet:gone@example.com",
        "unknown_person:commitments/comparing_a_month:gone@example.com",
    }


def test_the_grave_warnings_come_first_and_no_code_comes_twice():
    warned = found(directory=Directory())
    graves = [one.grave for one in warned]

    assert graves == sorted(graves, reverse=True)
    assert len({one.code for one in warned}) == len(warned)


def test_a_team_is_called_by_its_name_where_it_has_one():
    directory = with_team("inside-sales", steward=None, name="Inside Sales EMEA")

    assert any(
        one.why.startswith("Inside Sales EMEA has no") for one in found(directory=directory)
    )
