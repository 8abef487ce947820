"""A stage that is called otherwise in a new version keeps its history in every figure."""

from copy import deepcopy

import pytest

from leads.reports.cohort import cohort
from leads.reports.integrity.reading import look
from leads.reports.seals.evidence import evidence
from leads.reports.seals.figures import figures
from sla.forms.renames import renamed
from sla.models import Version
from tests.leads.reports.scenes import LATER, a_month, the_month
from tools import verify_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def both():
    """The version in force, and the same text with another key for each stage."""
    version = the_month().version
    terms = deepcopy(version.terms)
    names = {stage["key"]: f"{stage['key']}-now" for stage in terms["journey"]}
    for stage in terms["journey"]:
        stage["replaces"] = [stage["key"]]
    for old, new in names.items():
        stage = next(one for one in terms["journey"] if one["key"] == old)
        stage["key"] = new
        terms = renamed(terms, "stage", {old: new})
    after = Version(
        pk=version.pk, agreement=version.agreement, number=1, terms=terms,
        effective_from=version.effective_from,
    )  # fmt: skip
    return version, after


def told(version):
    return {
        one.key.replace("-now", ""): (one.value, one.rows)
        for one in figures(version, a_month(), LATER)
    }


def test_each_figure_of_the_scorecard_counts_the_same_rows(both):
    before, after = both

    assert told(after) == told(before)
    assert told(before)["waived:talking"][0] == 1


def test_whoever_counts_a_sealed_period_again_finds_the_same(both):
    _before, after = both
    filters = a_month()
    period = filters.period
    document = {
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat(),
                   "first": period.first.isoformat(), "zone": str(period.zone)},
        "sealed_at": LATER.isoformat(), "agreement_id": after.agreement_id,
    }  # fmt: skip

    again = verify_figures.Again({"rows": evidence(after, filters, LATER)}, document).found

    for one in figures(after, filters, LATER):
        assert again[one.key][0] == one.value, one.key


def test_questions_about_the_figures_count_the_same_rows(both):
    found = [look(a_month().period, LATER, version).asked for version in both]
    counts = [{one.check.key: (one.number, one.of) for one in some} for some in found]

    assert counts[0] == counts[1]
    assert counts[0]["wave"][1] > 0


def test_the_journey_of_a_cohort_has_the_same_stays_and_moves(both):
    before, after = (cohort(version, a_month()) for version in both)

    assert {key: len(some) for key, some in before.stays.items()} == {
        key.replace("-now", ""): len(some) for key, some in after.stays.items()
    }
    assert all(key.endswith("-now") for key in after.stays)
