"""The sums of a month of everything that could be counted wrongly, and the page of them."""

import re

import pytest
from django.urls import reverse

from leads.models import Clock
from tests.leads.reports.backtest.test_columns import called
from tests.leads.reports.rollups.counted import assert_alike, rolled_up
from tests.leads.reports.scenes import LATER, a_month

pytestmark = pytest.mark.django_db
QUERIES = (
    {}, {"period": "week"}, {"period": "quarter"}, {"on": "2026-02-10"},
    {"team": "inside-sales"}, {"source": "website"}, {"segment": "trial"}, {"version": "1"},
    {"version": "2"},
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_sums_of_a_month_of_everything_are_those_of_its_rows(month, query):
    rolled_up(LATER)

    assert_alike(month.version, a_month(**query), LATER)


def test_the_page_says_the_same_with_sums_and_without(client, month, reader, monkeypatch):
    url = reverse("leads:scorecard")
    asked = {"beside": "2026-02-01"}
    before = client.get(url, asked)
    rolled_up(LATER)
    monkeypatch.setattr("leads.reports.scorecard.card.responses", None)  # asked no more
    monkeypatch.setattr("leads.reports.scorecard.card.returns", None)
    monkeypatch.setattr("leads.reports.scorecard.card.tallies", None)
    monkeypatch.setattr("leads.reports.scorecard.promises._read", None)

    after = client.get(url, asked)

    assert _main(after) == _main(before)


def test_the_page_asks_no_more_than_twelve_times_while_something_happens(
    client, month, reader, django_assert_max_num_queries
):
    url = reverse("leads:scorecard")
    client.get(url)
    rolled_up(LATER)
    with django_assert_max_num_queries(12):
        client.get(url)

    called(Clock.objects.filter(kind="accept").first().handoff, LATER)

    with django_assert_max_num_queries(15):
        client.get(url)


def _main(page):
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", main)
