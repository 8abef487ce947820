"""Partial adoption never looks like perfection: what the portal sees, of what the CRM says."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from leads.actions.journeys import touches
from leads.actions.reviewing.counted import count_crm
from leads.errors import NotYours
from leads.models import CrmCount
from leads.reports.coverage import coverage, glance, leads_of, using
from portal import wallclock
from portal.accounts.models import Department, Role, Team
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_accepted, make_lead, make_operations, make_user
from tests.leads.clockwork import HOUR
from tests.leads.reports.scenes import LATER, a_month

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def two_live_and_one_imported():
    seller = make_user("Sid Rowe")
    make_lead("Ana", seller=seller)
    make_lead("Ben", seller=seller)
    make_lead("Cleo", seller=seller, imported=True)
    return seller


@pytest.fixture
def operations(client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    person = make_operations("Olga")
    client.force_login(person)
    return person


def said(number, source="", month=MARCH):
    return count_crm(source=source, month=month, number=number, by=make_operations(), at=LATER)


def test_what_was_imported_and_never_went_live_is_not_seen(two_live_and_one_imported):
    whole = coverage(a_month()).whole

    assert (whole.crm, whole.seen, whole.outside) == (3, 2, 1)
    assert [one.name for one in leads_of("outside", a_month())] == ["Cleo"]


def test_a_larger_number_of_the_crm_is_what_there_is_and_a_smaller_one_is_not(
    two_live_and_one_imported,
):
    said(1, "website")
    assert coverage(a_month()).whole.crm == 3

    said(10, "website")
    said(4, "fair")

    found = coverage(a_month())
    assert {one.key: one.crm for one in found.sources} == {"website": 10, "fair": 4}
    assert (found.whole.crm, found.whole.share, found.is_low) == (14, 2 / 14, True)


def test_a_number_of_all_sources_counts_where_it_is_more_than_the_sources_together(
    two_live_and_one_imported,
):
    said(20)

    assert coverage(a_month()).whole.crm == 20
    assert coverage(a_month(source="website")).whole.crm == 3


def test_the_latest_number_of_a_month_stands_and_each_is_in_the_ledger_with_who_said_it():
    first, second = said(9), said(5, month=date(2026, 3, 17))

    assert second.month == MARCH
    assert [one.pk for one in coverage(a_month()).said] == [second.pk]
    kept = LedgerEntry.objects.filter(kind="crm_counted").order_by("seq")
    assert list(kept.values_list("actor_id", flat=True)) == [first.by_id, second.by_id]


def test_nobody_but_operations_says_what_the_crm_holds():
    with pytest.raises(NotYours):
        count_crm(source="", month=MARCH, number=5, by=make_user(), at=LATER)
    assert not CrmCount.objects.exists()


def test_without_a_number_of_the_crm_it_is_known_that_there_may_be_more():
    make_lead()

    assert not coverage(a_month()).is_said
    said(1)
    assert coverage(a_month()).is_said


def test_who_never_signed_in_and_who_answers_only_elsewhere_is_named_to_their_manager_alone():
    handoff = make_accepted()
    seller = handoff.receiver
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=seller, at=MONDAY_NINE + HOUR,
        source="dialler", external_id="c1",
    )  # fmt: skip
    manager = Team.objects.get(key="inside-sales").manager

    def of(reader):
        return next(one for one in using(a_month(), reader) if one.team.key == "inside-sales")

    assert [*of(manager).elsewhere, *of(manager).never] == [seller, seller]
    assert (of(manager).named, of(make_operations()).named) == (True, False)
    assert of(manager).part.elsewhere == 1
    assert [one.pk for one in leads_of("elsewhere", a_month())] == [handoff.lead_id]

    Department.objects.filter(pk="sales").update(shows_people=False)
    assert (of(manager).is_small, of(manager).named) == (True, False)


def test_the_page_says_the_share_and_takes_a_number(
    client, operations, two_live_and_one_imported
):
    answer = client.post(
        reverse("leads:coverage-say"), {"source": "website", "month": "2026-03", "number": "8"}
    )
    assert answer.status_code == 302

    page = client.get(f"{reverse('leads:coverage')}?on=2026-03-01").content.decode()

    assert "The portal sees 2 of 8 leads of the CRM: 25" in page
    assert "entered by Olga" in page


@pytest.mark.parametrize(
    "wrong", [{"month": "March"}, {"number": "-1"}, {"number": ""}, {"month": "0001-01"}]
)
def test_a_number_that_cannot_be_read_says_why_and_keeps_nothing(client, operations, wrong):
    answer = client.post(
        reverse("leads:coverage-say"), {"source": "", "month": "2026-03", "number": "8"} | wrong
    )

    assert answer.status_code == 422
    assert not CrmCount.objects.exists()


def test_a_figure_opens_onto_its_leads_on_the_page_and_as_a_file(
    client, operations, two_live_and_one_imported
):
    query = "?on=2026-03-01&figure=seen"

    page = client.get(reverse("leads:coverage-rows") + query).content.decode()
    file = b"".join(client.get(reverse("leads:coverage-rows-csv") + query)).decode()

    assert "2 rows" in page
    assert "Cleo" not in page
    assert {"Ana" in file, "Ben" in file, "Cleo" not in file} == {True}


def test_the_scorecard_says_beside_each_share_which_part_it_is_of(client, operations):
    make_accepted()
    said(8)

    page = client.get(f"{reverse('leads:scorecard')}?on=2026-03-01").content.decode()

    assert "the portal sees 1 of 8 leads of the CRM" in page
    assert page.count("that the portal sees</small>") >= 1
    assert reverse("leads:coverage") in page


def test_what_leaves_the_portal_says_which_part_it_is_of_where_that_is_not_nearly_all(
    client, operations
):
    make_accepted()
    on = "?on=2026-03-01"
    files = [reverse(f"leads:scorecard-{kind}") + on for kind in ("csv", "xlsx", "pdf")]
    before = b"".join(client.get(files[0]).streaming_content).decode()
    assert "Coverage" not in before
    said(8)

    after = b"".join(client.get(files[0]).streaming_content).decode()
    (line,) = set(after.splitlines()) - set(before.splitlines())
    assert '"Coverage","","Leads of the CRM that the portal sees",1,8,12.5,' in line
    paper = PdfReader(BytesIO(client.get(files[2]).content)).pages[0].extract_text()
    assert "the portal sees 1 of 8 leads of the CRM" in " ".join(paper.split())
    review = client.get(f"{reverse('leads:review')}{on}").content.decode()
    assert "the portal sees 1 of 8 leads of the CRM" in review


def test_a_member_is_told_of_the_gap_but_not_of_who_does_not_use_the_portal(
    client, monkeypatch
):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    make_lead()
    said(8)
    client.force_login(make_user(role=Role.MEMBER))

    page = client.get(f"{reverse('leads:scorecard')}?on=2026-03-01").content.decode()

    assert "the portal sees 1 of 8 leads of the CRM" in page
    assert client.get(reverse("leads:coverage")).status_code == 404


def test_the_scorecard_at_a_glance_says_what_the_page_of_coverage_says(
    two_live_and_one_imported,
):
    said(9, "website")
    said(7, "website")
    said(4, "fair")
    said(5)

    for filters in (a_month(), a_month(source="fair"), a_month(period="quarter")):
        seen, teams = glance(filters)
        full = coverage(filters)

        assert (seen.whole, seen.sources) == (full.whole, full.sources)
        assert (seen.is_said, seen.is_low) == (full.is_said, full.is_low)
    assert [one.key for one in teams] == list(
        Team.objects.order_by("department_id", "name").values_list("key", flat=True)
    )
