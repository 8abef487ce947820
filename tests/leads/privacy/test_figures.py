"""The scorecard of a month in which people were erased afterwards is the same scorecard."""

import pytest

from leads.actions.privacy import erasing
from leads.models import Clock, Handoff, Lead
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from tests.factories import make_operations
from tests.leads.reports.scenes import LATER, a_month, the_month

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def figures(month):
    return {one.figure: one.value for one in lines(scorecard(month.version, a_month(), LATER))}


def erase_all(leads):
    olga = make_operations()
    for lead in leads:
        lead.refresh_from_db()
        if not lead.is_erased:
            erasing.erase(lead_id=lead.pk, by=olga, at=LATER, reason="asked")


def test_no_figure_changes_by_erasing_people_with_whom_nothing_is_under_way():
    month = the_month()
    before = figures(month)
    busy = set(Clock.objects.filter(stopped_at=None).values_list("lead", flat=True))
    busy |= set(Handoff.objects.open().values_list("lead", flat=True))
    quiet = Lead.objects.exclude(pk__in=busy)
    assert len(quiet) > 3

    erase_all(quiet)

    assert figures(month) == before


@pytest.mark.slow
def test_erasing_everybody_changes_only_what_was_still_under_way():
    month = the_month()
    before = figures(month)

    erase_all(Lead.objects.all())

    after = figures(month)
    changed = {figure for figure in before if after.get(figure) != before[figure]}
    assert {figure.partition(":")[0] for figure in changed} <= {"clocks"}
