"""Cohorts of entry: who is in, who came on, and when there is a verdict."""

import pytest

from leads.models import StageEntry
from leads.reports.scorecard.conversions import conversion
from tests.leads.reports.scenes import DAY, LATER, a_month, terms_of_the_month

pytestmark = pytest.mark.django_db


def test_entries_of_merged_leads_do_not_count_and_waived_and_imported_ones_are_told(month):
    mark = month.version.parsed.benchmarks[1]

    found = conversion(mark, a_month(), LATER)

    everybody = StageEntry.objects.filter(stage="comparing", lead__merged_into=None)
    assert found.rate.n == everybody.values("lead").distinct().count()
    assert found.imported == 1
    assert found.waived == 0


def test_the_waived_of_a_cohort_are_shown_apart(month):
    terms = terms_of_the_month()
    terms["benchmarks"][2]["from_stage"] = "talking"
    mark = month.version.parsed.benchmarks[2]
    assert mark.from_stage == "talking"

    assert conversion(mark, a_month(), LATER).waived == 1


def test_an_unconfirmed_benchmark_gives_no_verdict_and_an_open_window_is_too_early(month):
    unconfirmed, confirmed = month.version.parsed.benchmarks[:2]

    assert conversion(unconfirmed, a_month(), LATER).verdict == "none"
    assert conversion(confirmed, a_month(), LATER).verdict == "few"
    closed = conversion(confirmed, a_month(), LATER + 200 * DAY)
    assert closed.mature
    assert closed.verdict in {"yes", "no", "few"}
