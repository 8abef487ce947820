"""Which leads would have qualified under a text, beside the version in force."""

import html
import re
from random import Random

import pytest
from django.urls import reverse

from leads.actions.journeys import touches
from leads.actions.journeys.facts import facts_of
from leads.models import Attestation, Lead
from leads.reports.backtest import backtest
from leads.reports.backtest.qualifying import WHICH, qualifying
from portal.accounts.models import Department
from sla.core.criteria import evaluate
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_company,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import HOUR, MICROSECOND, MINUTE
from tests.leads.reports.scenes import DAY, LATER
from tests.sla.versions import a_proposal

pytestmark = pytest.mark.django_db
BEFORE = MONDAY_NINE - DAY
SCORED = {"key": "scored", "field": "lead.score", "op": "at_least", "value": 50}
CALLED = {"key": "called", "touch": "call", "within": "PT3H", "count": 2}
BUDGET = {"key": "budget", "attested": "budget"}
BIG = {"key": "big", "field": "company.employees", "op": "at_least", "value": 100}
QUIET = {"not": {"key": "any_call", "touch": "call", "within": "P1D"}}


def terms_asking(criteria, place=1):
    terms = make_terms()
    terms["journey"][place]["criteria"] = criteria
    return terms


def stage_of(terms, place=1):
    return terms["journey"][place]["key"]


def tried(criteria, before=SCORED):
    """A proposal that asks for `criteria`, beside a version in force that asks for `before`."""
    make_version(terms=terms_asking(before))
    return a_proposal(terms=terms_asking(criteria))


def figures(version, until=LATER, since=BEFORE):
    base = Version.objects.get(number=1)
    found = qualifying(version, base, since, until)
    return found, found.of(stage_of(version.terms))


def test_who_would_newly_and_who_no_longer_qualify():
    version = tried(SCORED | {"value": 70}, before=SCORED)
    for score in (10, 50, 69, 70, 90, None):
        make_lead(score=score, at=MONDAY_NINE)

    found, one = figures(version)

    assert found.read == 6
    assert [one.number(which) for which in WHICH] == [2, 4, 2, 0]


def test_criteria_are_met_when_the_engine_says_so_at_some_instant_of_the_time():
    random = Random(31)
    tree = {"all": [CALLED, {"any": [SCORED, BUDGET, BIG]}]}
    version = tried(tree, before={"any": [QUIET, {"all": [CALLED, BUDGET]}]})
    people = [a_lived_lead(random) for _ in range(25)]
    until = MONDAY_NINE + 9 * HOUR

    _found, one = figures(version, until)

    base = Version.objects.get(number=1)
    kept = {which: set(one.leads[one.of(which)].tolist()) for which in WHICH}
    assert kept["met"] == by_the_engine(version, people, until)
    assert kept["before"] == by_the_engine(base, people, until)
    assert kept["lost"] == kept["before"] - kept["met"]
    assert kept["gained"] == kept["met"] - kept["before"]
    assert 0 < len(kept["met"]) < 25


def a_lived_lead(random):
    company = make_company(employees=random.choice([10, 500, None]))
    lead = make_lead(score=random.choice([None, 20, 60]), company=company, at=MONDAY_NINE)
    by = make_user()
    for _ in range(random.randrange(4)):
        at = MONDAY_NINE + random.randrange(1, 600) * MINUTE
        touches.log(lead_id=lead.pk, kind="call", by=by, at=at)
    if random.random() < 0.5:
        at = MONDAY_NINE + random.randrange(1, 600) * MINUTE
        Attestation.objects.create(lead=lead, fact="budget", by=by, at=at)
    return lead


def by_the_engine(version, people, until):
    """Slow and plain: each lead at each instant at which something can have changed."""
    tree = version.parsed.stage(stage_of(version.terms)).criteria
    return {lead.pk for lead in people if ever(tree, Lead.objects.get(pk=lead.pk), until)}


def ever(tree, lead, until):
    at = [touch.occurred_at for touch in lead.touches.all()]
    at += [row.at for row in lead.attestations.all()]
    edges = [lead.received_at, *at, *(one + span for one in at for span in (3 * HOUR, DAY))]
    moments = {edge + by for edge in edges for by in (-MICROSECOND, 0 * MINUTE, MICROSECOND)}
    return any(
        evaluate(tree, facts_of(lead, moment), moment).met
        for moment in moments
        if lead.received_at <= moment < until
    )


def test_doubles_the_erased_and_who_came_at_another_time_are_not_in_it():
    version = tried(SCORED)
    kept = make_lead(score=80, at=MONDAY_NINE)
    double, erased, late = (make_lead(score=80, at=MONDAY_NINE) for _ in range(3))
    Lead.objects.filter(pk=double.pk).update(merged_into=kept)
    Lead.objects.filter(pk=erased.pk).update(email_key="erased:1")
    Lead.objects.filter(pk=late.pk).update(received_at=LATER)

    found, one = figures(version)

    assert (found.read, one.leads[one.of("met")].tolist()) == (1, [kept.pk])


def test_imported_history_counts_by_when_it_came_and_is_said_to_be_imported(client, reader):
    version = tried(SCORED)
    lead = make_lead(score=80, at=LATER)
    Lead.objects.filter(pk=lead.pk).update(imported=True, arrived_at=MONDAY_NINE)

    found, one = figures(version)
    page = client.get(url_of(version, "backtest-leads")).content.decode()

    assert (found.imported, one.number("met")) == (1, 1)
    assert "1 of them is imported history." in page


def test_a_stage_is_compared_with_the_one_that_it_replaces():
    version = tried(SCORED)
    terms = terms_asking(SCORED | {"value": 90})
    old = stage_of(terms)
    terms["journey"][1] |= {"key": "renamed", "replaces": [old]}
    version = Version(agreement=version.agreement, number=3, terms=terms)
    make_lead(score=60, at=MONDAY_NINE)

    found = qualifying(version, Version.objects.get(number=1), BEFORE, LATER)

    assert found.of("renamed").number("lost") == 1


COUNT = re.compile(r'<a [^>]*href="([^"]*part=leads[^"]*)"[^>]*>([\d,]+)</a>')


def test_each_figure_opens_exactly_its_leads_and_says_the_change_in_a_sentence(client, reader):
    version = tried(SCORED | {"value": 70}, before=SCORED)
    for score in (10, 50, 60, 70, 90):
        make_lead(score=score, at=MONDAY_NINE)

    page = client.get(url_of(version, "backtest-leads")).content.decode()

    assert "2 of 5 met it. 2 would no longer; 0 would newly." in page
    links = [(html.unescape(url), int(n)) for url, n in COUNT.findall(page)]
    assert len(links) >= 3
    for url, n in links:
        file = client.get(url.replace("/rows/", "/rows.csv"))
        assert len(b"".join(file.streaming_content).decode().splitlines()) - 1 == n
        assert f"{n} row" in client.get(url).content.decode()


GROUP = re.compile(
    r'<th role="rowheader" scope="row">([^<]*)</th><td[^>]*data-th="Leads">(\d+)</td>\s*'
    r"<td[^>]*>(?:<a[^>]*>)?(\d+)"
)
TUESDAY_TEN = MONDAY_NINE + DAY + HOUR
GROUPS = {
    "team": {"Demand generation": (3, 1), "unknown": (1, 1)},
    "source": {"fair": (1, 1), "website": (3, 1)},
    "weekday": {"Monday": (2, 1), "Tuesday": (2, 1)},
    "hour": {"09:00": (2, 1), "10:00": (2, 1)},
}


@pytest.mark.parametrize("by", GROUPS)
def test_who_qualifies_is_broken_down_and_each_number_opens_its_leads(client, reader, by):
    version = tried(SCORED | {"value": 70}, before=SCORED)
    for score, source, at in (
        (80, "fair", MONDAY_NINE), (10, "website", MONDAY_NINE),
        (90, "website", TUESDAY_TEN), (60, "website", TUESDAY_TEN),
    ):  # fmt: skip
        lead = make_lead(score=score, source=source, at=at)
        lead.assignments.filter(department="marketing").delete()
        if score != 90:
            seated(lead)

    asked = f"{url_of(version, 'backtest-leads')}?by={by}&stage={stage_of(version.terms)}"
    page = client.get(asked).content.decode().partition('id="broken-down"')[2]

    found = {name: (int(n), int(met)) for name, n, met in GROUP.findall(page)}
    assert found == GROUPS[by]
    for url, n in COUNT.findall(page):
        file = client.get(html.unescape(url).replace("/rows/", "/rows.csv"))
        assert len(b"".join(file.streaming_content).decode().splitlines()) - 1 == int(n)


def test_of_a_team_too_small_to_be_told_apart_nothing_is_told_apart(client, reader):
    version = tried(SCORED | {"value": 70}, before=SCORED)
    lead = make_lead(score=80, at=MONDAY_NINE)
    lead.assignments.filter(department="marketing").delete()
    seated(lead)
    Department.objects.filter(pk="marketing").update(smallest_group=50)

    asked = f"{url_of(version, 'backtest-leads')}?by=team&stage={stage_of(version.terms)}"
    page = client.get(asked).content.decode().partition('id="broken-down"')[2]

    assert GROUP.findall(page) == []
    assert "Teams that are too small are not shown apart" in page


def seated(lead):
    """Somebody of Marketing has the lead."""
    team = make_team(key="demand-generation", name="Demand generation")
    lead.assignments.create(department=team.department, team=team, since=lead.received_at)


def test_its_rows_are_paged_by_the_key_of_the_lead(client, reader, monkeypatch):
    monkeypatch.setattr("leads.views.reports.backtest.pages.PAGE", 2)
    version = tried(SCORED)
    every = [make_lead(score=80, at=MONDAY_NINE).pk for _ in range(5)]
    rows = url_of(version, "backtest-rows")
    url, seen = f"{rows}?part=leads&which=met&stage={stage_of(version.terms)}", []

    while url:
        page = client.get(url).content.decode()
        seen += [
            int(n) for n in re.findall(r'scope="row"[^>]*><a [^>]*href="/leads/(\d+)/"', page)
        ]
        older = re.search(r'rel="next" href="(\?[^"]*)"', page)
        url = rows + html.unescape(older[1]) if older else ""

    assert seen == every[::-1]


def test_few_leads_have_no_percentage(client, reader):
    version = tried(SCORED)
    for _ in range(3):
        make_lead(score=80, at=MONDAY_NINE)

    page = client.get(url_of(version, "backtest-leads")).content.decode()

    assert "few data" in page
    assert "100 %" not in page


def test_a_stage_that_there_is_not_is_refused_and_no_lead_is_said(client, reader):
    version = tried(SCORED)
    rows = url_of(version, "backtest-rows")

    wrong = client.get(f"{rows}?part=leads&which=met&stage=tea")

    assert wrong.status_code == 422
    assert "There is no such stage: tea." in wrong.content.decode()
    page = client.get(url_of(version, "backtest-leads")).content.decode()
    assert "No lead to try it on" in page


def test_only_the_newest_leads_are_read_and_the_page_says_so(client, reader, monkeypatch):
    monkeypatch.setattr("leads.reports.backtest.qualifying.MOST", 2)
    version = tried(SCORED)
    for minutes in range(3):
        make_lead(score=80, at=MONDAY_NINE + minutes * MINUTE)

    page = client.get(url_of(version, "backtest-leads")).content.decode()

    assert "There were 3: only the newest 2 were read." in page


def test_changed_criteria_are_kept_with_what_is_signed():
    version = tried(SCORED | {"value": 70}, before=SCORED)
    make_lead(score=60, at=MONDAY_NINE)

    found = backtest(version, Version.objects.get(number=1), BEFORE, LATER, LATER)

    (stage,) = found.stages
    assert (stage.leads, stage.met, stage.before, stage.gained, stage.lost) == (1, 0, 1, 0, 1)
    assert type(found).from_json(found.as_json()) == found


def test_its_page_asks_as_much_however_much_there_is(
    client, reader, django_assert_max_num_queries
):
    version = tried({"any": [SCORED, CALLED, BUDGET, BIG]}, before=BUDGET)
    for _ in range(4):
        a_lived_lead(Random(2))

    with django_assert_max_num_queries(12):
        client.get(url_of(version, "backtest-leads"))


def url_of(version, name):
    return reverse(f"leads:{name}", args=[version.agreement.key, version.number])


def test_without_a_version_in_force_nothing_stands_beside(client, reader):
    make_agreement()
    make_lead(score=80, at=MONDAY_NINE)
    version = Version.objects.get()

    page = client.get(url_of(version, "backtest-leads")).content.decode()

    assert "Would no longer" not in page
