"""An import taken back: as though it had never been, but for what somebody touched since."""

from datetime import timedelta

import pytest

from leads.actions.imports.files import brought, uploads, work
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import touches
from leads.errors import FileRefused, UndoTooLate
from leads.models import (
    Assignment,
    Claim,
    ImportRun,
    ImportSlice,
    Lead,
    LeadSource,
    StageEntry,
    Turn,
    Upload,
)
from leads.reports.audit import audit, replay
from portal.jobs import actions as jobs
from portal.jobs import runner
from portal.ledger import verify
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import bring, make_company, rehearse, table, take
from tests.leads.imports.bringing import work as work_off

pytestmark = pytest.mark.django_db

LATER = MONDAY_NINE + timedelta(hours=2)
ANA = {"Id": "1", "Name": "Ana", "Email": "ana@acme.example", "Score": "5"}
BEN = {"Id": "2", "Name": "Ben", "Email": "ben@brick.example", "Seen": "2026-02-01"}
CAT = {"Id": "3", "Name": "Cat"}


@pytest.fixture
def operator():
    return make_company()


def imported(operator, *rows, at=MONDAY_NINE):
    upload = bring(table(*rows), operator, at=at)
    rehearse(upload, operator, at=at)
    return take(upload, operator, at=at)


def take_back(run, operator, at=LATER):
    brought.take_back(run_id=run.pk, by=operator, at=at)
    work_off(at)
    run.refresh_from_db()
    return {name: run.undone[name] for name in ("gone", "restored", "stayed")}


def test_new_leads_are_gone_with_their_seats_turns_and_history(operator):
    run = imported(operator, ANA, BEN)

    assert take_back(run, operator) == {"gone": 2, "restored": 0, "stayed": 0}

    for model in (Lead, LeadSource, Assignment, StageEntry, Claim, Turn, Lead.history.model):
        assert not model.objects.exists(), model
    assert [found for found in audit(at=LATER) if found.number] == []


def test_the_same_file_can_be_sent_again_after_it(operator):
    take_back(imported(operator, ANA), operator)

    again = imported(operator, ANA, at=LATER)

    assert (again.new, again.duplicate) == (1, 0)


def test_updated_leads_are_what_they_were_before(operator):
    imported(operator, ANA, BEN)
    run = imported(
        operator, ANA | {"Score": "9", "Stage": "MQL"}, CAT, at=MONDAY_NINE + timedelta(hours=1)
    )
    ana = Lead.objects.get(name="Ana")
    assert (ana.score, ana.stage) == (9, "comparing")

    assert take_back(run, operator) == {"gone": 1, "restored": 1, "stayed": 0}

    ana.refresh_from_db()
    assert (ana.score, ana.stage, ana.stage_entries.count()) == (5, "noticed", 1)
    assert ana.provenance["lead.score"]["at"].startswith("2026-03-02T08:00")


def test_what_somebody_touched_since_stays_and_is_named(operator):
    run = imported(operator, ANA, BEN)
    ana = Lead.objects.get(name="Ana")
    seat = ana.assignments.get(department="marketing")
    touches.log(lead_id=ana.pk, kind="note", by=seat.member, at=LATER)

    told = take_back(run, operator, at=LATER + timedelta(hours=1))

    assert told == {"gone": 1, "restored": 0, "stayed": 1}
    assert run.undone["leads"] == [ana.pk]
    assert list(Lead.objects.all()) == [ana]


def test_a_lead_that_another_one_is_linked_to_stays(operator):
    run = imported(operator, ANA)
    lead = Lead.objects.get()
    Lead.objects.filter(pk=lead.pk).update(closed_at=MONDAY_NINE, closed_as="lost")
    arrival = Arrival(name="Ana", email="ana@acme.example", source="website")
    assert receive(arrival=arrival, at=LATER).lead.previous == lead

    assert take_back(run, operator)["stayed"] == 1


def test_it_is_taken_back_once_and_within_a_day(operator):
    run = imported(operator, ANA)
    with pytest.raises(UndoTooLate, match="for a day"):
        brought.take_back(run_id=run.pk, by=operator, at=LATER + timedelta(days=1))

    take_back(run, operator)

    with pytest.raises(UndoTooLate, match="already"):
        brought.take_back(run_id=run.pk, by=operator, at=LATER)


def test_several_slices_go_the_last_one_first(operator, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 2)
    run = imported(operator, ANA, BEN, CAT, ANA | {"Score": "7"}, BEN | {"Score": "3"})
    assert ImportSlice.objects.count() == 3

    assert take_back(run, operator) == {"gone": 3, "restored": 2, "stayed": 0}
    assert not Lead.objects.exists()


# --- stopped, and gone on with


def test_a_stopped_import_goes_on_where_it_stopped_and_takes_nothing_twice(
    operator, monkeypatch
):
    monkeypatch.setattr(work, "CHUNK", 2)
    upload = bring(table(ANA, BEN, CAT, {"Company": "?"}, {"Id": "9"}), operator)
    rehearse(upload, operator)
    job = brought.take(upload_id=upload.pk, by=operator, at=MONDAY_NINE)
    runner.run_one(now=lambda: MONDAY_NINE, seconds=0)
    jobs.cancel(job_id=job.pk, by=operator, at=MONDAY_NINE)
    run = ImportRun.objects.get()
    assert (run.records, run.finished_at) == (2, None)

    brought.go_on(run_id=run.pk, by=operator, at=LATER)
    work_off(LATER)

    run.refresh_from_db()
    assert (run.records, run.new, run.rejected, run.finished_at is None) == (5, 4, 1, False)
    lines = [row[0] for some in run.slices.all() for row in some.outcomes]
    assert lines == [2, 3, 4, 5, 6]


def test_a_chunk_that_was_taken_by_another_worker_is_not_taken_again(operator, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 2)
    upload = bring(table(ANA, BEN, CAT), operator)
    rehearse(upload, operator)
    job = brought.take(upload_id=upload.pk, by=operator, at=MONDAY_NINE)
    work.import_some(job, MONDAY_NINE)  # a worker that dies before it notes its cursor
    monkeypatch.setattr(work, "_open", work._Open())  # and another process

    work_off()

    run = ImportRun.objects.get()
    assert (run.records, run.new, run.duplicate) == (3, 3, 0)


# --- what is not kept for ever


def test_files_are_removed_after_a_week_with_all_that_was_quoted_from_them(operator):
    imported(operator, ANA)
    imported(operator, ANA | {"Score": "8"}, at=MONDAY_NINE + timedelta(hours=1))
    paths = [upload.path for upload in Upload.objects.all()]
    assert all(path.exists() for path in paths)

    assert uploads.remove_old(MONDAY_NINE + timedelta(days=8)) == 2

    assert not any(path.exists() for path in paths)
    assert all(not one.found and not one.rehearsal for one in Upload.objects.all())
    assert not ImportSlice.objects.exclude(before={}).exists()


def test_what_is_not_kept_any_more_cannot_be_gone_on_with(operator):
    upload = bring(table(ANA), operator)
    rehearse(upload, operator)
    job = brought.take(upload_id=upload.pk, by=operator, at=MONDAY_NINE)
    jobs.cancel(job_id=job.pk, by=operator, at=MONDAY_NINE)
    uploads.remove(upload_id=upload.pk, at=MONDAY_NINE, by=operator)

    with pytest.raises(FileRefused, match="not kept any more"):
        brought.go_on(run_id=job.arguments["run"], by=operator, at=LATER)


def test_a_lead_that_vanished_otherwise_is_found_by_the_audit(operator):
    run = imported(operator, ANA, CAT)
    take_back(run, operator)
    assert list(replay.broken("I8")) == []
    other = receive(arrival=Arrival(name="Dan", source="web"), at=LATER).lead

    for model in (Assignment, StageEntry, Turn):
        model.objects.filter(lead=other).delete()
    Lead.objects.filter(pk=other.pk).delete()

    assert list(replay.broken("I8")) == [
        f"lead {other.pk}: it arrived, and is gone without a word"
    ]
    assert verify.verify(LedgerEntry.objects.links()).is_sound
