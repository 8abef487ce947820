"""Waivers, material for Sales, and what both do after the sale."""

import pytest

from leads.models import Contribution, StageEntry
from leads.reports.scorecard import beside
from tests.factories import MONDAY_NINE
from tests.leads.reports.scenes import DAY, a_merged_lead, a_month, a_waived_entry

pytestmark = pytest.mark.django_db


def test_a_waived_entry_counts_but_not_an_imported_undone_or_merged_one(month):
    (kept,) = beside.waived(a_month())
    a_waived_entry(month.sdr, a_merged_lead())
    for field in ({"imported": True}, {"undone_at": MONDAY_NINE + 2 * DAY}):
        entry = a_waived_entry(month.sdr)
        StageEntry.objects.filter(pk=entry.pk).update(**field)

    assert list(beside.waived(a_month(), ["talking"])) == [kept]
    assert not beside.waived(a_month(), ["comparing"])
    assert not beside.waived(a_month(on="2026-04-01"))


def test_material_counts_when_it_was_asked_delivered_used_and_for_who_was_won(month):
    used = Contribution.objects.get(used=True)

    found = {
        which: list(beside.contributions(which, a_month())) for which in beside.CONTRIBUTIONS
    }

    cancelled = Contribution.objects.exclude(cancelled_at=None).get()
    assert found == {
        "asked": [used], "delivered": [used], "used": [used], "won": [used],
        "cancelled": [cancelled],
    }  # fmt: skip


def test_after_the_sale_each_department_is_counted_and_no_claim_of_a_file(month):
    for side in ("marketing", "sales"):
        (touch,) = beside.after_sale(side, a_month())
        assert touch.department_id == side
        assert not touch.imported
    assert not beside.after_sale("sales", a_month(on="2026-04-01"))
