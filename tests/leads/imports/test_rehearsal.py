"""The dry run says what the import will do, record by record, and keeps nothing."""

from datetime import timedelta

import pytest

from leads.actions.imports.files import brought, rehearsal
from leads.actions.intake import Arrival, receive
from leads.errors import FileRefused, NotYours
from leads.models import Company, ImportRun, Lead, SavedMapping
from portal.jobs.models import Job
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_user
from tests.factories import make_company as make_firm
from tests.leads.imports.bringing import (
    MAPPING,
    bring,
    figures,
    make_company,
    rehearse,
    table,
    take,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(days=1)

ANA = {"Id": "1", "Name": "Ana", "Email": "ana@acme.example", "Company": "Acme"}
BEN = {"Id": "2", "Name": "Ben", "Email": "ben@brick.example", "Score": "7"}
CAT = {"Id": "3", "Name": "Cat", "Email": "cat@cargo.example"}


@pytest.fixture
def operator():
    return make_company()


def test_new_updated_duplicate_and_refused_are_told_before_and_come_true(operator):
    first = bring(table(ANA, BEN), operator)
    rehearse(first, operator)
    take(first, operator)
    second = bring(
        table(
            ANA, BEN | {"Score": "9"}, CAT, CAT | {"Name": "Catherine"}, CAT,
            {"Id": "4", "Score": "many"}, {"Company": "Nobody's"},
        ),
        operator,
    )  # fmt: skip

    told = rehearse(second, operator)
    run = take(second, operator)

    said = {"new": 1, "updated": 3, "duplicate": 1, "rejected": 2}
    assert told["counts"] == said
    assert figures(run) == said
    assert run.records == 7


def test_a_dry_run_keeps_nothing_but_its_counts(operator):
    upload = bring(table(ANA, ANA | {"Score": "5"}), operator)
    rows, entries = Lead.objects.count(), LedgerEntry.objects.count()

    told = rehearse(upload, operator)

    assert told["counts"] == {"new": 1, "updated": 1}
    assert (Lead.objects.count(), ImportRun.objects.count()) == (rows, 0)
    assert LedgerEntry.objects.count() == entries + 1  # that it was mapped


def test_customers_open_deals_and_own_staff_are_counted_as_held_back(operator):
    for status in ("customer", "open_deal", "own"):
        make_firm(status, domain=f"{status}.example".replace("_", "-"), status=status)
    people = [
        {"Id": str(n), "Name": f"P {n}", "Email": f"p{n}@{domain}.example"}
        for n, domain in enumerate(["customer", "open-deal", "own", "else"])
    ]
    upload = bring(table(*people), operator)

    told = rehearse(upload, operator)
    run = take(upload, operator)

    assert told["back"] == {"customer": 1, "open deal": 1, "own staff": 1}
    assert (run.new, run.held_back) == (4, 3)


def test_owners_that_nobody_knows_are_named_and_their_leads_go_to_the_steward(operator):
    upload = bring(
        table(
            ANA | {"Owner": "max@concord.test"}, BEN | {"Owner": "Mia"},
            CAT | {"Owner": "gone@acme.example"},
        ),
        operator,
    )  # fmt: skip

    told = rehearse(upload, operator)
    take(upload, operator)

    assert told["strange"] == {"gone@acme.example": 1}
    seats = {
        lead.name: lead.assignments.get(department="marketing") for lead in Lead.objects.all()
    }
    assert (seats["Ana"].member.name, seats["Ben"].member.name) == ("Max", "Mia")
    assert seats["Cat"].member == seats["Cat"].team.steward
    assert "gone@acme.example is not known here" in seats["Cat"].why[0]


def test_old_words_name_stages_and_strange_words_are_refused(operator):
    upload = bring(
        table(
            ANA | {"Stage": "MQL"}, BEN | {"Stage": "Marketing qualified lead"},
            CAT | {"Stage": "Hot stuff"},
        ),
        operator,
    )  # fmt: skip

    told = rehearse(upload, operator)
    take(upload, operator)

    assert [line for line, *_ in told["worst"]] == [4]
    assert "no stage of an agreement" in told["worst"][0][2]
    assert set(Lead.objects.values_list("stage", flat=True)) == {"comparing"}
    again = bring(table(ANA | {"Stage": "MQL"}), operator)
    assert rehearse(again, operator)["counts"] == {"duplicate": 1}


def test_more_records_of_one_person_than_go_together_are_counted_one_by_one(
    operator, monkeypatch
):
    monkeypatch.setattr(rehearsal, "BATCH", 3)
    upload = bring(
        table(*(ANA | {"Score": str(n // 2)} for n in range(10)), BEN, BEN), operator
    )

    told = rehearse(upload, operator)

    assert told["counts"]["new"] == 2
    assert sum(told["counts"].values()) == 12


def test_a_dry_run_goes_on_where_another_process_stopped(operator, monkeypatch):
    monkeypatch.setattr(rehearsal, "CHUNK", 2)
    monkeypatch.setattr("portal.jobs.runner.SLICE", 0.0)
    monkeypatch.setattr("leads.actions.imports.files.work._open.job", 0)
    upload = bring(table(ANA, BEN, CAT, ANA, {"Id": "9"}), operator)

    told = rehearse(upload, operator)

    assert told["counts"] == {"new": 4, "duplicate": 1}


def test_a_file_is_taken_only_as_it_was_rehearsed(operator):
    upload = bring(table(ANA), operator)

    with pytest.raises(FileRefused, match="dry run first"):
        brought.take(upload_id=upload.pk, by=operator, at=MONDAY_NINE)

    brought.map_and_rehearse(upload_id=upload.pk, mapping=MAPPING, by=operator, at=MONDAY_NINE)
    with pytest.raises(FileRefused, match="dry run first"):
        brought.take(upload_id=upload.pk, by=operator, at=MONDAY_NINE)


def test_a_mapping_that_does_not_fit_is_refused_and_nothing_is_asked_for(operator):
    upload = bring(table(ANA), operator)

    with pytest.raises(FileRefused, match="Nose"):
        brought.map_and_rehearse(
            upload_id=upload.pk,
            mapping={"source": "crm", "columns": {"Nose": "name"}},
            by=operator,
            at=MONDAY_NINE,
        )

    assert not Job.objects.exists()


def test_a_mapping_is_kept_by_name_and_a_name_again_replaces_it(operator):
    upload = bring(table(ANA), operator)
    for mapping in (MAPPING, MAPPING | {"create": False}):
        brought.map_and_rehearse(
            upload_id=upload.pk, mapping=mapping, by=operator, at=MONDAY_NINE,
            save_as=" CRM ",
        )  # fmt: skip

    kept = SavedMapping.objects.get()
    assert (kept.name, kept.mapping["create"]) == ("CRM", False)


def test_only_operations_bring_files(operator):
    with pytest.raises(NotYours):
        bring(table(ANA), make_user())


def test_an_imported_lead_starts_no_clock_and_nobody_is_told(operator):
    upload = bring(table(ANA | {"Seen": "2026-02-01"}), operator)
    rehearse(upload, operator)
    take(upload, operator, at=MONDAY_NINE + timedelta(hours=1))

    lead = Lead.objects.get()
    assert (lead.held, lead.handoffs.count(), lead.clocks.count()) == (True, 0, 0)


def test_words_of_hubspot_that_no_agreement_has_mean_its_nearest_stage(operator):
    upload = bring(
        table(
            ANA | {"Stage": "Subscriber"}, BEN | {"Stage": "Evangelist"},
            CAT | {"Stage": "Other"},
        ),
        operator,
    )  # fmt: skip

    told = rehearse(upload, operator)
    take(upload, operator)

    assert told["counts"] == {"new": 3}
    stages = dict(Lead.objects.values_list("name", "stage"))
    assert stages == {"Ana": "noticed", "Ben": "recommending", "Cat": "noticed"}


def test_the_company_of_a_customer_in_a_file_is_a_customer_from_then_on(operator):
    make_firm("Brick", domain="brick.example", status="competitor")
    people = [
        {"Id": "1", "Name": "Ana", "Email": "ana@acme.example", "Stage": "Customer"},
        {"Id": "2", "Name": "Alma", "Email": "alma@acme.example", "Stage": "MQL"},
        {"Id": "3", "Name": "Ben", "Email": "ben@brick.example", "Stage": "using"},
        {"Id": "4", "Name": "Cat", "Email": "cat@cargo.example", "Stage": "Opportunity"},
    ]
    upload = bring(table(*people), operator)

    told = rehearse(upload, operator)
    run = take(upload, operator)

    assert told["back"] == {"customer": 2, "competitor": 1}
    assert (run.new, run.held_back) == (4, 3)
    statuses = dict(Company.objects.values_list("domain", "status"))
    assert statuses == {
        "acme.example": "customer", "brick.example": "competitor", "cargo.example": "prospect",
    }  # fmt: skip
    acme = Company.objects.get(domain="acme.example")
    assert acme.provenance["company.status"]["by"] == "crm"
    arrived = receive(arrival=Arrival(name="Abe", email="abe@acme.example"), at=LATER)
    assert arrived.outcome == "closed_at_intake"


def test_a_company_that_is_known_becomes_a_customer_by_a_later_file(operator):
    take_first = table(ANA, BEN)
    rehearse(one := bring(take_first, operator), operator)
    take(one, operator)

    rehearse(two := bring(table(ANA | {"Stage": "Customer"}, BEN), operator), operator)
    run = take(two, operator)

    assert figures(run) == {"updated": 1, "duplicate": 1}
    company = Company.objects.get(domain="acme.example")
    assert company.status == "customer"
    assert company.owned_since == company.history.first().history_date
