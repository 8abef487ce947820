"""The live count: how many of today's leads a stage's criteria let in, and what changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import wallclock
from tests.factories import make_lead, make_operations, make_terms, make_user
from tests.sla.browsing import as_sent
from tests.sla.versions import HOUR, MINUTE, NINE, a_draft, a_signed_version

pytestmark = pytest.mark.django_db
HERE = "journey-1-criteria"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE + HOUR)


@pytest.fixture
def editor(client):
    person = make_user(team="demand-generation")
    client.force_login(person)
    return person


def terms_asking(value):
    """Terms whose second stage takes leads of a score of at least `value`."""
    terms = make_terms()
    terms["journey"][1]["criteria"] = {
        "key": "warm",
        "field": "lead.score",
        "op": "at_least",
        "value": value,
    }
    terms["return_reasons"] = []
    return terms


def a_page(client, version, **entered):
    """The page of the stages after a button was pressed in a form with other values."""
    url = reverse("sla:draft-part", args=[version.agreement.key, version.number, "journey"])
    sent = as_sent(client.get(url).text) | entered
    return client.post(url, sent | {"do": "redraw:"})


def scored(*scores):
    for number, score in enumerate(scores):
        make_lead(f"Lead {number}", score=score)


def test_a_changed_criterion_says_how_many_meet_it_and_who_would_no_longer(client, editor):
    a_signed_version(terms=terms_asking(20))
    version = a_draft(at=NINE + MINUTE, terms=terms_asking(20))
    scored(10, 30, 30, 60)

    page = a_page(client, version, **{f"{HERE}-value": "50", "journey-1-open_": "1"})

    assert "Of today’s 4 leads" in page.text
    assert "<b>1</b>" in page.text
    assert "2 that are" in page.text
    assert "would no longer be. None would be new." in page.text
    assert "1 meets this" in page.text


def test_a_softer_criterion_says_how_many_would_be_new(client, editor):
    a_signed_version(terms=terms_asking(50))
    version = a_draft(at=NINE + MINUTE, terms=terms_asking(50))
    scored(30, 60)

    page = a_page(client, version, **{f"{HERE}-value": "20"})

    assert "drop out. 1 would be new." in page.text


def test_counting_takes_one_question_for_each_stage_that_is_counted(client, editor):
    a_signed_version(terms=terms_asking(50))
    version = a_draft(at=NINE + MINUTE, terms=terms_asking(40))

    with CaptureQueriesContext(connection) as asked:
        a_page(client, version)

    counting = [one for one in asked.captured_queries if 'AS "both"' in one["sql"]]
    assert len(counting) == 2  # of the page, and of the button


@pytest.mark.parametrize("value", ["-9007199254740991", "9007199254740991", "0"])
def test_any_number_that_can_be_entered_can_be_counted(client, editor, value):
    version = a_draft(terms=terms_asking(50))
    scored(30)

    page = a_page(client, version, **{f"{HERE}-value": value, "journey-1-open_": "1"})

    assert page.status_code == 200
    assert "Of today’s 1 lead<" in page.text


@pytest.mark.parametrize(
    "entered",
    [
        {"what": "touch", "touch": ["call"], "within": "9999 days", "count": "1000"},
        {"what": "attested", "attested": "budget"},
        {
            "what": "attributes",
            "attribute": "a",
            "type": "date",
            "op": "is",
            "value": "9999-12-31",
        },
        {"what": "attributes", "attribute": "a", "type": "boolean", "op": "is", "value": "yes"},
        {"what": "lead.email", "op": "in", "value": 'a, "b, c", d'},
        {"what": "company.name", "op": "is", "value": "%' OR 1=1 --"},
    ],
)
def test_every_kind_of_condition_can_be_counted(client, editor, entered):
    version = a_draft(terms=terms_asking(50))
    fields = {f"{HERE}-{name}": value for name, value in entered.items()}

    page = a_page(client, version, **fields, **{"journey-1-open_": "1"})

    assert page.status_code == 200
    assert "Of today’s 0 leads" in page.text


def test_what_cannot_be_read_yet_is_not_counted_and_breaks_nothing(client, editor):
    version = a_draft(terms=terms_asking(50))

    page = a_page(client, version, **{f"{HERE}-value": "many", "journey-1-open_": "1"})

    assert page.status_code == 200
    assert "Of today’s" not in page.text


def test_operations_sees_the_count_too(client):
    client.force_login(make_operations())
    version = a_draft(terms=terms_asking(50))

    assert "Of today’s" in a_page(client, version, **{"journey-1-open_": "1"}).text
