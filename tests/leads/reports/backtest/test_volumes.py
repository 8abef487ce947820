"""What each department would have owed in volume under a text, and what it delivered."""

import html
import re

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.core.backtest import Fate
from leads.core.rounds import judge
from leads.models import Content, StageEntry
from leads.reports.backtest.owing import owing
from leads.reports.backtest.qualifying import qualifying
from leads.reports.backtest.trial import trial
from leads.reports.volume import entries, volume
from sla.core.workingtime import microseconds
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_lead,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import MINUTE
from tests.leads.reports.scenes import (
    DAY,
    LATER,
    a_customer,
    a_merged_lead,
    a_month,
    an_imported_entry,
)
from tests.sla.versions import a_proposal

pytestmark = pytest.mark.django_db
SINCE = MONDAY_NINE - 40 * DAY
SCORED = {"key": "scored", "field": "lead.score", "op": "at_least", "value": 50}
KEPT = {
    "key": "accepted", "department": "sales", "name": "Accepted in time",
    "measure": "obligation_kept", "stage": None, "obligation": "accept", "period": "week",
    "count": None, "percent": 80, "once_per": None, "behind": None,
}  # fmt: skip


def asking(**changes):
    terms = make_terms()
    terms["commitments"][0].update(changes)
    terms["commitments"].append(dict(KEPT))
    return terms


def owed(version, since=SINCE, until=LATER):
    base = Version.objects.get(number=1)
    found = trial(version, since, until, LATER)
    audience = qualifying(version, base, since, until)
    rows = owing(found, version.agreement_id, audience, base.parsed, since, until)
    return {(one.commitment.key, one.period.first.isoformat()): one for one in rows}, found


def test_unchanged_criteria_count_the_entries_that_the_scorecard_counts():
    make_version()
    version = a_proposal(terms=asking(count=20))
    leads = [make_lead(at=MONDAY_NINE) for _ in range(4)]
    for days in range(6):
        at = MONDAY_NINE + days * DAY / 2
        StageEntry.objects.create(lead=leads[days % 4], stage="comparing", entered_at=at)
    a_customer(), an_imported_entry(), a_merged_lead()

    one = owed(version)[0]["comparing_a_month", "2026-03-01"]

    theirs = volume(one.commitment, a_month(), LATER, version=version)
    rows = entries(one.commitment, a_month(), version)
    assert sorted(one.done) == sorted(row.entry_id for row in rows)
    assert one.standing.agreed == 20
    assert one.projected == theirs.projected


def test_changed_criteria_count_the_leads_that_would_first_have_qualified_then():
    make_version()
    terms = asking(count=3)
    stage = next(s for s in terms["journey"] if s["key"] == "comparing")
    stage["criteria"] = SCORED
    terms["return_reasons"] = [one | {"disputes": None} for one in terms["return_reasons"]]
    version = a_proposal(terms=terms)
    there = [make_lead(score=60, at=MONDAY_NINE + n * DAY).pk for n in range(2)]
    make_lead(score=40, at=MONDAY_NINE), make_lead(score=60, at=MONDAY_NINE - 20 * DAY)

    rows, _found = owed(version)

    assert sorted(rows["comparing_a_month", "2026-03-01"].done) == sorted(there)
    assert len(rows["comparing_a_month", "2026-02-01"].done) == 1


def test_a_share_is_of_the_rounds_due_in_the_period_under_the_text():
    make_version()
    terms = asking()
    accept = next(one for one in terms["obligations"] if one["key"] == "accept")
    accept["targets"] = [{"segment": None, "within": "PT30M", "beyond": None}]
    version = a_proposal(terms=terms)
    for minutes in (10, 20, 40, 60, 90):
        handoff = make_handoff(at=MONDAY_NINE)
        at = MONDAY_NINE + minutes * MINUTE
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)

    rows, found = owed(version)
    one = rows["accepted", "2026-03-02"]

    judged = judge(found.terms, found.terms.obligation("accept"), found.past)
    within = [
        int(fate)
        for due, fate in zip(judged.due, judged.fate, strict=True)
        if microseconds(one.period.start) <= due < microseconds(one.look)
    ]
    assert len(one.due) == within.count(Fate.MET) + within.count(Fate.LATE) == 5
    assert len(one.done) == within.count(Fate.MET) == 2


def test_content_counts_by_the_day_that_it_was_published():
    make_version()
    version = a_proposal(terms=asking())
    by = make_user()
    for day in ("2026-01-05", "2026-03-01"):
        Content.objects.create(
            title="A case", stage="deciding", published_on=day, owner=by, added_by=by,
            added_at=MONDAY_NINE, kind="case_study", link="https://case.example/",
        )  # fmt: skip

    rows, _found = owed(version, since=MONDAY_NINE - 70 * DAY)

    assert len(rows["material_a_quarter", "2026-01-01"].done) == 2


COUNT = re.compile(r'<a [^>]*href="([^"]*part=volumes[^"]*)"[^>]*>([\d,]+)</a>')


def test_each_figure_opens_exactly_its_rows(client, reader):
    make_version()
    version = a_proposal(terms=asking())
    lead = make_lead(at=MONDAY_NINE)
    StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MONDAY_NINE)
    for minutes in (10, 90):
        handoff = make_handoff(at=MONDAY_NINE)
        at = MONDAY_NINE + minutes * MINUTE
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)

    url = reverse("leads:backtest-volumes", args=[version.agreement.key, version.number])
    page = client.get(url).content.decode()

    links = [(html.unescape(url), int(n)) for url, n in COUNT.findall(page)]
    assert len(links) >= 3
    for url, n in links:
        file = client.get(url.replace("/rows/", "/rows.csv"))
        assert len(b"".join(file.streaming_content).decode().splitlines()) - 1 == n
        assert f"{n} row" in client.get(url).content.decode()
    assert "few data" in page


def test_its_page_asks_as_much_however_much_there_is(
    client, reader, django_assert_max_num_queries
):
    make_version()
    version = a_proposal(terms=asking())
    make_handoff(at=MONDAY_NINE)
    url = reverse("leads:backtest-volumes", args=[version.agreement.key, version.number])

    with django_assert_max_num_queries(14):
        client.get(url)
