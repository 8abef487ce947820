"""Commitments in volume: who counts, once, and who never does."""

import pytest
from django.urls import reverse

from leads.models import StageEntry
from leads.reports.volume import volume
from tests.factories import MONDAY_NINE, make_lead, make_terms, make_version
from tests.leads.reports.scenes import (
    DAY,
    LATER,
    a_customer,
    a_merged_lead,
    a_month,
    an_imported_entry,
    links,
    rows_of,
)

pytestmark = pytest.mark.django_db


def test_a_person_counts_once_a_window_and_a_customer_never():
    version = make_version()
    commitment = version.parsed.commitments[0]
    lead = make_lead(email="ines@aubert.example")
    for again in (DAY, 5 * DAY):
        StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MONDAY_NINE + again)
    a_customer(), an_imported_entry(), a_merged_lead()

    found = volume(commitment, a_month(), LATER)

    # The lead that came back, and the one that the merged lead was merged into.
    assert found.total == 2
    assert found.done[-1] == 2


def test_a_lead_that_counts_twice_shows_two_rows(client, reader):
    terms = make_terms()
    terms["commitments"][0]["once_per"] = "P1D"
    make_version(terms=terms)
    lead = make_lead(at=MONDAY_NINE)
    StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MONDAY_NINE + 2 * DAY)

    found = dict(links(client.get(reverse("leads:scorecard")).text))
    (url,) = [url for url in found if "volume" in url]

    assert found[url] == rows_of(client, url) == 2
