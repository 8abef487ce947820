"""Criteria on one lead: met or not, with evidence; a missing value meets nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.core import terms
from sla.core.criteria import Facts, Touch, Value, evaluate, keys, leaves, sentence
from tests.core.agreements import classic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def tree(raw):
    return terms.parse_criteria(raw)


def leaf(field, op, *value, **more):
    return (
        {"key": "asked", "field": field, "op": op}
        | ({"value": value[0]} if value else {})
        | more
    )


def met(raw, **fields):
    facts = Facts(fields={name.replace("__", "."): Value(v) for name, v in fields.items()})
    return evaluate(tree(raw), facts, NOON).met


@pytest.mark.parametrize(
    ("op", "value", "seen", "expected"),
    [
        ("is", "DE", "DE", True),
        ("is", "DE", "de", False),
        ("is_not", "DE", "FR", True),
        ("is_not", "DE", "DE", False),
        ("in", ["DE", "FR"], "FR", True),
        ("in", ["DE", "FR"], "BR", False),
        ("not_in", ["DE", "FR"], "BR", True),
        ("not_in", ["DE", "FR"], "DE", False),
    ],
)
def test_texts_compare_exactly(op, value, seen, expected):
    assert met(leaf("company.country", op, value), company__country=seen) is expected


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("at_least", 20, True),
        ("at_least", 21, False),
        ("at_most", 20, True),
        ("at_most", 19, False),
        ("between", [20, 30], True),
        ("between", [10, 20], True),
        ("between", [21, 30], False),
        ("is", 20, True),
        ("in", [19, 20], True),
    ],
)
def test_numbers_compare_with_both_ends_included(op, value, expected):
    assert met(leaf("company.employees", op, value), company__employees=20) is expected


def test_dates_of_attributes_compare_by_the_calendar():
    asked = leaf("attributes.founded", "at_least", "2020-02-29", type="date")

    assert met(asked, attributes__founded="2020-03-01")
    assert not met(asked, attributes__founded="2020-02-28")
    assert not met(asked, attributes__founded="2021-02-30")
    assert not met(asked, attributes__founded="20210301")


def test_consent_is_true_or_false():
    assert met(leaf("lead.consent", "is", True), lead__consent=True)
    assert met(leaf("lead.consent", "is_not", True), lead__consent=False)


@pytest.mark.parametrize("seen", [None, "", "many", True])
@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("is", 1),
        ("is_not", 1),
        ("in", [1]),
        ("not_in", [1]),
        ("at_least", 0),
        ("at_most", 9),
        ("between", [0, 9]),
    ],
)
def test_a_missing_value_or_one_of_another_type_meets_nothing(op, value, seen):
    asked = leaf("company.employees", op, value)

    assert not met(asked, company__employees=seen)
    assert met({"not": asked}, company__employees=seen)
    assert not met(asked)


def test_a_missing_value_meets_missing_and_not_present():
    assert met(leaf("lead.phone", "missing"), lead__phone="")
    assert not met(leaf("lead.phone", "present"), lead__phone="")
    assert met(leaf("lead.phone", "present"), lead__phone="1")
    assert not met(leaf("lead.phone", "missing"), lead__phone="1")


def touched(*touches, at=NOON, **criterion):
    raw = {"key": "came", "touch": "webinar", "within": "P30D"} | criterion
    return evaluate(tree(raw), Facts(touches=touches), at)


def touch(at, kind="webinar", department="marketing", direction="inbound"):
    return Touch(kind, department, direction, at, set_by="zoom")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(NOON - 30 * A_DAY, True, id="as the window opens"),
        pytest.param(NOON - 30 * A_DAY - timedelta.resolution, False, id="just before it"),
        pytest.param(NOON, True, id="now"),
        pytest.param(NOON + timedelta.resolution, False, id="not yet"),
    ],
)
def test_touches_count_from_the_opening_of_the_window_until_now(when, expected):
    assert touched(touch(when)).met is expected


def test_a_window_is_elapsed_time_of_days_of_24_hours():
    assert touched(touch(NOON - timedelta(hours=24)), within="P1D").met
    assert not touched(touch(NOON - timedelta(hours=25)), within="P1D").met


def test_without_a_window_every_touch_until_now_counts():
    assert touched(touch(NOON - 3000 * A_DAY), within=None).met


def test_touches_are_told_apart_by_kind_department_and_direction():
    call = touch(NOON, kind="call", department="sales", direction="two_way")

    assert not touched(call).met
    assert touched(call, touch=["webinar", "call"]).met
    assert touched(call, touch="call", department="sales", direction="two_way").met
    assert not touched(call, touch="call", department="marketing").met
    assert not touched(call, touch="call", direction="outbound").met


def test_touches_are_counted_and_the_latest_is_the_evidence():
    outcome = touched(touch(NOON - A_DAY), touch(NOON - 2 * A_DAY), count=3)

    (seen,) = outcome.evidence
    assert (outcome.met, seen.value, seen.missing) == (False, 2, False)
    assert (seen.set_by, seen.set_at) == ("zoom", NOON - A_DAY)


def test_no_touch_is_missing():
    (seen,) = touched().evidence

    assert (seen.value, seen.missing, seen.set_at, seen.set_by) == (0, True, None, "")


def test_an_attested_fact_is_met_once_somebody_has_said_so():
    said = Value(value=True, set_by="Anna Keller", set_at=NOON)
    asked = tree({"key": "money", "attested": "budget_confirmed"})

    outcome = evaluate(asked, Facts(attested={"budget_confirmed": said}), NOON)
    nothing = evaluate(asked, Facts(), NOON)

    assert outcome.met
    assert outcome.evidence[0].set_by == "Anna Keller"
    assert not nothing.met
    assert nothing.evidence[0].missing


def test_evidence_says_what_was_seen_who_set_it_when_and_what_was_asked():
    seen = Value("DE", set_by="web form", set_at=NOON)
    facts = Facts(fields={"company.country": seen})

    outcome = evaluate(tree(leaf("company.country", "in", ["DE", "AT"])), facts, NOON)

    assert outcome.as_json() == [
        {
            "criterion": "asked",
            "sentence": "the company’s country is DE or AT",
            "value": "DE",
            "set_by": "web form",
            "set_at": "2026-03-02T12:00:00+00:00",
            "met": True,
            "missing": False,
            "negated": False,
        }
    ]


def test_evidence_of_a_missing_value_names_nobody():
    facts = Facts(fields={"company.employees": Value("many", set_by="form", set_at=NOON)})

    (seen,) = evaluate(tree(leaf("company.employees", "at_least", 1)), facts, NOON).evidence

    assert seen.missing
    assert (seen.value, seen.set_by, seen.as_json()["set_at"]) == (None, "", None)


def test_every_leaf_leaves_evidence_also_where_the_group_is_decided_before():
    raw = {
        "any": [
            leaf("lead.email", "present"),
            {
                "all": [
                    leaf("lead.phone", "missing"),
                    {"not": leaf("lead.score", "at_least", 9)},
                ]
            },
        ]
    }

    outcome = evaluate(tree(raw), Facts(fields={"lead.email": Value("a@b")}), NOON)

    assert [one.met for one in outcome.evidence] == [True, True, False]
    assert [one.negated for one in outcome.evidence] == [False, False, True]


def test_the_keys_and_leaves_of_a_tree_come_from_left_to_right():
    stage = terms.parse(classic()).stage("comparing")

    assert list(keys(stage.criteria))[:4] == ["country", "size", "no_customer", "asked"]
    assert len(list(leaves(stage.criteria))) == 7


LEAVES = [
    leaf("company.country", "in", ["DE", "FR"]),
    leaf("company.employees", "at_least", 20),
    leaf("lead.consent", "is", True),
    {"key": "asked", "attested": "budget"},
    {"key": "asked", "touch": ["call", "meeting"], "department": "sales"},
]
TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)
FACTS = st.builds(
    Facts,
    fields=st.fixed_dictionaries(
        {},
        optional={
            "company.country": st.sampled_from([Value("DE"), Value("BR"), Value("")]),
            "company.employees": st.sampled_from([Value(20), Value(1), Value(None)]),
            "lead.consent": st.sampled_from([Value(True), Value(False)]),
        },
    ),
    touches=st.lists(
        st.builds(touch, st.just(NOON), kind=st.sampled_from(["call", "mail"])), max_size=2
    ).map(tuple),
    attested=st.sampled_from([{}, {"budget": Value(True)}]),
)


def truth(raw, facts):
    """What a tree says, from its leaves alone, by the words all, any and not."""
    if "all" in raw:
        return all(truth(part, facts) for part in raw["all"])
    if "any" in raw:
        return any(truth(part, facts) for part in raw["any"])
    if "not" in raw:
        return not truth(raw["not"], facts)
    return evaluate(tree(raw), facts, NOON).evidence[0].met


@given(TREES, FACTS)
def test_groups_mean_what_their_words_mean(raw, facts):
    outcome = evaluate(tree(raw), facts, NOON)

    assert outcome.met is truth(raw, facts)
    assert len(outcome.evidence) == len(list(leaves(tree(raw))))


@given(TREES, TREES)
def test_trees_that_are_different_read_differently_and_no_sentence_is_empty(one, other):
    assert (sentence(tree(one)) == sentence(tree(other))) == (bare(one) == bare(other))


def bare(raw):
    """A tree without the groups that hold one part: they mean, and read as, that part."""
    for group in ("all", "any"):
        if group in raw:
            parts = [bare(part) for part in raw[group]]
            return parts[0] if len(parts) == 1 else {group: parts}
    return {"not": bare(raw["not"])} if "not" in raw else raw
