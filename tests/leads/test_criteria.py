"""Criteria as a query find exactly the leads that they are met by, one by one."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.actions.journeys.facts import facts_of
from leads.models import Attestation, Company, Lead, Touch
from portal.accounts.models import User
from sla.core import criteria
from sla.core.facts import FIELDS

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = ["", "DE", "de", "Ünsal & Söhne", "true", "5", "2024-02-29", '"', "a'b%_", "\\"]
DATES = ["2024-02-29", "2023-02-29", "2023-12-31", "0000-01-01", "1900-02-29", "2000-02-29"]
NUMBERS = [0, 1, -1, 5, 20, 2**31 - 1]
WIDE = [*NUMBERS, 2**53 - 1, -(2**53) + 1]
ATTRIBUTES = ["budget", "size", "since", "plan"]
KINDS = ["call", "webinar", "form"]
DIRECTIONS = ["inbound", "outbound", "two_way"]
FACTS = ["budget_confirmed", "need_confirmed"]


def random_leads(number: int) -> list[Lead]:
    """Leads with and without everything that a criterion can ask for."""
    random = Random(number)
    by = User.objects.create_user("ana@sales.example", name="Ana")
    companies = [None, *(_company(random, n) for n in range(8))]
    return [_lead(random, n, random.choice(companies), by) for n in range(number)]


def _company(random: Random, n: int) -> Company:
    return Company.objects.create(
        name=random.choice(TEXTS), domain=f"c{n}.example" if n % 2 else "",
        country=random.choice(TEXTS), employees=random.choice([None, 0, 20, 2**31 - 1]),
        industry=random.choice(TEXTS), status=random.choice(Company.Status.values),
    )  # fmt: skip


def _lead(random: Random, n: int, company: Company | None, by: User) -> Lead:
    values = [*TEXTS, *DATES, *WIDE, True, False, None, 5.0, 2.5, ["DE"], {"a": 1}]
    lead = Lead.objects.create(
        name=f"Lead {n}", company=company, segment=random.choice(TEXTS),
        source=random.choice(TEXTS), country=random.choice(TEXTS), phone=random.choice(TEXTS),
        score=random.choice([None, *NUMBERS]), consent=random.choice([None, True, False]),
        attributes={key: random.choice(values) for key in ATTRIBUTES if random.random() < 0.7},
        received_at=AT,
    )  # fmt: skip
    for _ in range(random.randrange(4)):
        _touch(random, lead)
    for fact in FACTS:
        if random.random() < 0.5:
            _attestation(random, lead, fact, by)
    return lead


def _touch(random: Random, lead: Lead) -> None:
    days = random.choice([-1, 0, 1, 30, 31])
    Touch.objects.create(
        lead=lead, department_id=random.choice(["marketing", "sales"]),
        kind=random.choice(KINDS), direction=random.choice(DIRECTIONS),
        occurred_at=AT - timedelta(days=days), recorded_at=AT,
        undone_at=random.choice([None, None, AT]),
    )  # fmt: skip


def _attestation(random: Random, lead: Lead, fact: str, by: User) -> None:
    withdrawn = random.choice([None, AT])
    Attestation.objects.create(
        lead=lead, fact=fact, by=by, at=AT + timedelta(hours=random.choice([-1, 1])),
        withdrawn_at=withdrawn, withdrawn_by=by if withdrawn else None,
    )  # fmt: skip


def _compared(kind: str) -> st.SearchStrategy[dict]:
    """An operator that fits a type of field, with a value."""
    some = {
        "text": st.sampled_from([text for text in TEXTS if text]),
        "integer": st.sampled_from(WIDE),
        "boolean": st.booleans(),
        "date": st.sampled_from(["2024-02-29", "2023-12-31", "2000-02-29"]),
    }[kind]
    one = st.fixed_dictionaries({"op": st.sampled_from(["is", "is_not"]), "value": some})
    bare = st.fixed_dictionaries({"op": st.sampled_from(["present", "missing"])})
    many = st.lists(some, min_size=1, max_size=3, unique=True)
    listed = st.fixed_dictionaries({"op": st.sampled_from(["in", "not_in"]), "value": many})
    bound = st.fixed_dictionaries(
        {"op": st.sampled_from(["at_least", "at_most"]), "value": some}
    )
    pair = st.tuples(some, some).map(sorted)
    span = st.fixed_dictionaries({"op": st.just("between"), "value": pair})
    if kind in ("integer", "date"):
        return st.one_of(one, bare, listed, bound, span)
    return st.one_of(one, bare) if kind == "boolean" else st.one_of(one, bare, listed)


def _field_leaf(name: str) -> st.SearchStrategy[dict]:
    return _compared(FIELDS[name].type).map(lambda rest: {"key": "k", "field": name, **rest})


def _attribute_leaf(pair: tuple[str, str]) -> st.SearchStrategy[dict]:
    key, kind = pair
    return _compared(kind).map(
        lambda rest: {"key": "k", "field": f"attributes.{key}", "type": kind, **rest}
    )


ATTRIBUTE = st.tuples(
    st.sampled_from([*ATTRIBUTES, "never_set"]),
    st.sampled_from(["text", "integer", "boolean", "date"]),
).flatmap(_attribute_leaf)
TOUCH = st.fixed_dictionaries(
    {
        "key": st.just("k"),
        "touch": st.lists(st.sampled_from(KINDS), min_size=1, unique=True),
        "department": st.sampled_from([None, "marketing", "sales"]),
        "direction": st.sampled_from([None, *DIRECTIONS]),
        "within": st.sampled_from([None, "P1D", "P30D"]),
        "count": st.integers(1, 3),
    }
)
ATTESTED = st.sampled_from(FACTS).map(lambda fact: {"key": "k", "attested": fact})
LEAF = st.one_of(
    st.sampled_from(sorted(FIELDS)).flatmap(_field_leaf), ATTRIBUTE, TOUCH, ATTESTED
)
TREE = st.recursive(
    LEAF,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda several: {"all": several}),
        st.lists(parts, min_size=1, max_size=3).map(lambda several: {"any": several}),
        parts.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("trees", [50, pytest.param(200, marks=pytest.mark.thorough)])
def test_the_query_and_the_evaluation_agree_on_random_leads_and_random_trees(trees):
    leads = random_leads(100)
    known = {lead.pk: facts_of(lead, AT) for lead in leads}

    @settings(max_examples=trees)
    @given(TREE)
    def agree(raw):
        tree = criteria.read(raw)
        one_by_one = {
            pk for pk, facts in known.items() if criteria.evaluate(tree, facts, AT).met
        }
        found = set(Lead.objects.meeting(tree, AT).values_list("pk", flat=True))
        assert found == one_by_one

    agree()


def test_a_window_counts_both_of_its_ends():
    lead = Lead.objects.create(name="Ana", received_at=AT)
    Touch.objects.create(
        lead=lead, department_id="marketing", kind="webinar", direction="inbound",
        occurred_at=AT - timedelta(days=30), recorded_at=AT,
    )  # fmt: skip
    attended = criteria.read({"key": "k", "touch": "webinar", "within": "P30D"})

    assert Lead.objects.meeting(attended, AT).get() == lead
    assert not Lead.objects.meeting(attended, AT + timedelta(microseconds=1)).exists()


def test_a_lead_is_found_once_however_often_it_was_touched():
    lead = Lead.objects.create(name="Ana", received_at=AT)
    for _ in range(3):
        _touch(Random(1), lead)
    called = criteria.read({"key": "k", "touch": KINDS})

    assert Lead.objects.meeting(called, AT + timedelta(days=9)).count() == 1
