"""Five questions: what each answer writes into the agreement."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core import questions
from sla.core import terms as core
from sla.core.questions import Answers

ISO = st.sampled_from(["PT5M", "PT15M", "PT1H", "PT4H", "P1D", "P2D", "P1W"])
KINDS = [kind for kind, _ in questions.SPEEDS]


def test_who_answers_nothing_gets_the_classic_template():
    assert questions.terms(Answers()) == core.template("classic")


def test_the_empty_model_promises_nothing_and_keeps_the_quiet_ladder():
    written = questions.terms(Answers(model="empty", monthly=3))

    assert written == core.template("empty")
    assert written["obligations"] == []


@given(
    speeds=st.lists(st.tuples(st.sampled_from(KINDS), ISO), unique_by=lambda row: row[0]),
    answers=st.builds(
        Answers,
        model=st.sampled_from(["classic", "empty"]),
        title=st.sampled_from(["", "Inbound"]),
        otherwise=ISO,
        answering=st.sampled_from(["", "content"]),
        answer_within=ISO,
        warn_percent=st.sampled_from([None, 50, 75, 90]),
        managers=st.sampled_from(["hourly", "at_once", "no"]),
        after=st.sampled_from([None, "PT1H", "PT2H", "PT4H"]),
        heads=st.booleans(),
        chat=st.booleans(),
        attempts=st.integers(1, 99),
        attempts_within=ISO,
        monthly=st.integers(1, 10**7),
    ),
)
def test_any_answers_write_terms_that_can_be_signed(speeds, answers):
    core.parse(questions.terms(replace(answers, speeds=tuple(speeds))))


def test_each_answer_stands_in_the_terms():
    written = core.parse(
        questions.terms(
            Answers(
                title="Inbound leads", speeds=(("trial", "PT2H"),), otherwise="P3D",
                answering="content", answer_within="P1D", warn_percent=90, managers="at_once",
                after="PT1H", heads=False, chat=False, attempts=4, attempts_within="P5D",
                monthly=250,
            )
        )
    )  # fmt: skip

    assert written.title == "Inbound leads"
    first = written.obligation("first_attempt")
    assert [(t.segment, t.within.days or t.within.time.seconds) for t in first.targets] == [
        ("trial", 7200),
        (None, 3),
    ]
    assert written.handoff("to_inside_sales").giver.team == "content"
    assert written.obligation("answer").targets[0].within.days == 1
    assert written.obligation("cadence").attempts == 4
    assert written.obligation("cadence").targets[0].within.days == 5
    assert written.commitments[0].count == 250
    quiet = written.ladder(first.ladder)
    assert [(step.key, step.percent) for step in quiet] == [
        ("warn", 90), ("due", 100), ("after", None),
    ]  # fmt: skip
    assert quiet[1].telling.whom == ("acting_owner", "manager")
    assert quiet[1].telling.digest == {}


def test_the_longer_time_of_a_full_week_goes_when_it_is_no_longer_longer():
    beyond = [
        questions.terms(Answers(speeds=(("demo_request", within),)))["obligations"][1][
            "targets"
        ][0]["beyond"]
        for within in ("PT30M", "PT1H", "P1D")
    ]

    assert beyond == [{"weekly": 50, "within": "PT1H"}, None, None]


def test_the_classic_template_is_whole():
    """Legacy labels from Lead to Opportunity, stages past the sale, doubtful benchmarks."""
    classic = core.parse(core.template("classic"))

    labels = [stage.legacy for stage in classic.journey]
    assert labels[:6] == ["Lead", "MAL", "MQL", "SAL/SQL", "Opportunity", "Customer"]
    assert [stage.key for stage in classic.journey][-3:] == [
        "customer",
        "using",
        "recommending",
    ]
    assert {(b.percent, b.confirmed) for b in classic.benchmarks} == {(10, False)}
    assert all(stage.marketing and stage.sales for stage in classic.journey)
    assert all(stage.criteria for stage in classic.journey)


@pytest.mark.parametrize(
    ("managers", "whom", "digest"),
    [
        ("hourly", ["acting_owner", "manager"], {"manager": "hourly"}),
        ("at_once", ["acting_owner", "manager"], None),
        ("no", ["acting_owner"], None),
    ],
)
def test_when_time_is_up_managers_hear_of_it_as_answered(managers, whom, digest):
    written = questions.terms(Answers(managers=managers))

    due = next(step for step in written["ladders"]["quiet"] if step["key"] == "due")
    assert (due["whom"], due["digest"]) == (whom, digest)


def test_steps_that_nobody_wants_are_left_out():
    written = questions.terms(Answers(warn_percent=None, after=None, heads=False))

    assert [step["key"] for step in written["ladders"]["quiet"]] == ["due"]


def test_the_companys_own_calendar_stands_instead_of_the_templates():
    office = core.template("classic")["calendars"]["berlin"] | {"zone": "Europe/Lisbon"}

    written = questions.terms(Answers(office=office))

    assert written["calendars"] == {"office": office}
    fixed = {owed["calendar"].get("fixed") for owed in written["obligations"]}
    assert fixed <= {"office", None}
    assert written["governance"]["zone"] == "Europe/Lisbon"
    core.parse(written)


def test_a_team_that_the_company_does_not_have_owes_nothing():
    written = questions.terms(Answers(teams=frozenset({"inside-sales"})))

    sides = [handoff[side] for handoff in written["handoffs"] for side in ("giver", "receiver")]
    assert {side["team"] for side in sides} == {"inside-sales", None}
    assert {side["department"] for side in sides} == {"marketing", "sales"}
    core.parse(written)
