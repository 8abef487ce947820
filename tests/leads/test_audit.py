"""The audit: what the actions made is clean, and each planted fault is found by its name."""

from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from leads.actions.handing import handoffs, returns
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.models import (
    Alert,
    Assignment,
    Clock,
    Handoff,
    ImportRun,
    Lead,
    SweepPass,
)
from leads.reports.audit import audit
from portal import ledger, wallclock
from portal.ledger.models import Head, LedgerEntry
from portal.ledger.models.guard import lifted
from portal.notifications import outbox
from portal.notifications.models import Delivery
from sla.models import Signature, Version
from tests.factories import MONDAY_NINE, make_handoff, make_lead
from tests.kept import kept
from tests.leads.clockwork import HOUR, MINUTE
from tests.sla.versions import a_signed_version, edited

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + 30 * HOUR
LONG_BEFORE = MONDAY_NINE - timedelta(days=30)


@pytest.fixture
def company(made):
    return Handoff.objects.get(pk=made)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        yield a_company().pk


def a_company():
    """A version that was signed, a handoff that was late, returned, mended and accepted."""
    a_signed_version(at=LONG_BEFORE)
    handoff = make_handoff(at=MONDAY_NINE)
    sweep.raise_due(at=MONDAY_NINE + 3 * HOUR)
    person = handoff.receiver
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=person, at=MONDAY_NINE + 3 * HOUR + MINUTE
    )
    returns.give_back(
        handoff_id=handoff.pk, by=person, at=MONDAY_NINE + 4 * HOUR, reason="no_need"
    )
    returns.answer_fixed(handoff_id=handoff.pk, by=handoff.giver, at=MONDAY_NINE + 5 * HOUR)
    handoffs.accept(handoff_id=handoff.pk, by=person, at=MONDAY_NINE + 5 * HOUR + MINUTE)
    make_handoff(at=MONDAY_NINE + HOUR)
    for _ in range(3):
        sweep.raise_due(at=LATER - MINUTE)
        outbox.deliver_due(at=LATER - MINUTE, limit=500)
    return handoff


def broken():
    """What does not hold, by its key, with the rows that are named."""
    return {found.key: found.rows for found in audit(LATER) if not found.holds}


@contextmanager
def unguarded(*indexes):
    """The database without some of its unique indexes, for a row that it would refuse."""
    with connection.cursor() as cursor:
        for index in indexes:
            cursor.execute(f'DROP INDEX "{index}"')
    yield


def test_a_company_that_was_made_by_the_actions_is_clean(company):
    assert broken() == {}


def test_i1_an_alert_that_is_gone(company):
    gone = Alert.objects.first()
    Alert.objects.filter(pk=gone.pk).delete()

    assert f"clock {gone.clock_id}, step {gone.step}: no alert" in broken()["I1"]


def test_i1_counts_a_step_only_once_it_is_a_minute_past(company):
    at = Clock.objects.filter(next_step_at__isnull=False).earliest("next_step_at").next_step_at

    def missing(moment):
        return next(found for found in audit(moment) if found.key == "I1").number

    assert missing(at + MINUTE) == 0
    assert missing(at + MINUTE + timedelta(seconds=1)) > 0


def test_i2_an_alert_of_a_clock_that_had_stopped(company):
    alert = Alert.objects.filter(clock__stopped_at__isnull=False).first()
    before = alert.due_at - MINUTE
    Clock.objects.filter(pk=alert.clock_id).update(stopped_at=before)

    assert any(f"alert {alert.pk} of clock {alert.clock_id}" in row for row in broken()["I2"])


def test_i2_allows_an_alert_that_evidence_overtook(company):
    alert = Alert.objects.filter(clock__stopped_at__isnull=False).first()
    Clock.objects.filter(pk=alert.clock_id).update(stopped_at=alert.due_at - MINUTE)
    Alert.objects.filter(clock=alert.clock_id).update(met_by_evidence_at=LATER)

    assert "I2" not in broken()


def test_i3_an_alert_that_nobody_was_told_of(company):
    alert = Alert.objects.first()
    Delivery.objects.filter(about=f"alert:{alert.pk}").delete()

    assert broken()["I3"] == (f"alert {alert.pk}: nobody was told",)


def test_i3_a_message_that_waits_too_long(company):
    waiting = Delivery.objects.first()
    Delivery.objects.filter(pk=waiting.pk).update(
        state=Delivery.State.PENDING, next_at=LATER - HOUR
    )
    SweepPass.objects.update(swept_at=LATER)

    assert broken()["I3"] == (f"message {waiting.pk}: waits too long",)


def test_i4_a_seat_that_nobody_has(company):
    seat = Assignment.objects.get(lead=company.lead, department="marketing", until=None)
    Assignment.objects.filter(pk=seat.pk).update(until=LATER)

    assert broken() == {"I4": (f"lead {company.lead_id}: not exactly one seat of marketing",)}


def test_i4_two_open_handoffs_of_a_kind(company):
    with unguarded("handoff_one_open_per_lead_and_kind"):
        other = Handoff.objects.exclude(lead=company.lead).get()
        Handoff.objects.filter(pk=other.pk).update(lead=company.lead)

    assert any("2 open handoffs to_inside_sales" in row for row in broken()["I4"])


@pytest.mark.parametrize("fault", ["gone", "other text", "other revision", "later"])
def test_i5_a_signature_that_does_not_hold(company, fault):
    version = Version.objects.get()
    one = Signature.objects.filter(version=version, department="sales")
    changes = {
        "other text": {"digest": "0" * 64},
        "other revision": {"revision": 2},
        "later": {"signed_at": LATER},
    }
    with lifted(connection):
        one.delete() if fault == "gone" else one.update(**changes[fault])

    assert broken()["I5"] == (f"version {version.pk}: signed without two valid signatures",)


def test_i6_a_text_that_was_changed_after_it_was_signed(company):
    version = Version.objects.get()
    Version.objects.filter(pk=version.pk).update(terms=edited(version))

    assert broken()["I6"] == (f"version {version.pk}: its text is not the one with its digest",)


def test_i6_a_clock_that_was_moved_to_another_version(company):
    newer = a_signed_version(at=MONDAY_NINE - HOUR)
    clock = company.clocks.first()
    Clock.objects.filter(pk=clock.pk).update(version=newer)

    assert f"clock {clock.pk}: not the version that governed it" in broken()["I6"]


def test_i7_an_entry_of_the_ledger_that_was_edited(company):
    with lifted(connection):
        LedgerEntry.objects.filter(seq=3).update(hash="0" * 64)

    assert broken()["I7"][0].startswith("entry 3: edited")


def test_i7_an_end_that_was_cut_off_after_its_head_was_published(company):
    seq, head = ledger.tip()
    Head.objects.create(seq=seq, hash=head, count=seq, at=LATER)
    with lifted(connection):
        LedgerEntry.objects.filter(seq=seq).delete()

    assert "cut off" in broken()["I7"][0]


def test_i8_a_state_that_the_ledger_does_not_know(company):
    Handoff.objects.filter(pk=company.pk).update(round=7)

    assert [row.partition(":")[0] for row in broken()["I8"]] == [f"handoff {company.pk}"]


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": F("due_at") + timedelta(hours=1)},
        {"outcome": "excused"},
        {"stopped_at": F("started_at")},
    ],
    ids=["due", "outcome", "stop"],
)
def test_i8_a_clock_that_was_made_to_look_better(company, change):
    clock = company.clocks.filter(outcome="late").first()
    Clock.objects.filter(pk=clock.pk).update(**change)

    assert any(f"clock {clock.pk}:" in row for row in broken()["I8"])


def test_i9_a_target_that_does_not_give_its_due_instant(company):
    clock = company.clocks.first()
    Clock.objects.filter(pk=clock.pk).update(target=F("target") + 1)

    assert broken() == {
        "I9": (f"clock {clock.pk}: its due instant is not its start, target and pauses again",)
    }


def test_i10_one_person_with_two_open_leads(company):
    with unguarded("lead_one_open_per_person_and_agreement"):
        twin = make_lead(email=company.lead.email, agreement=company.lead.agreement)

    (row,) = broken()["I10"]
    assert row.startswith(f"lead {min(twin.pk, company.lead_id)}: 2 open leads")


def test_i11_a_record_of_an_import_that_nobody_counted(company):
    run = ImportRun.objects.create(
        name="leads.csv", sha256="0" * 64, mapping={}, started_at=LATER, records=10, new=9
    )
    with without_checks("leads_importrun", "import_accounts_for_every_record"):
        ImportRun.objects.filter(pk=run.pk).update(finished_at=LATER)

        assert broken() == {"I11": (f"import {run.pk}: 10 records, 9 accounted for",)}


@contextmanager
def without_checks(table, constraint):
    """A row that the database would refuse; `constraint` is of `table`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no events left to come
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"')
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_i12_a_row_whose_other_half_is_gone(company):
    point = transaction.savepoint()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            Alert.objects.filter(pk=Alert.objects.first().pk).update(clock=4711)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no events left to come
            cursor.execute(
                "ALTER TABLE leads_alert ADD CONSTRAINT loose FOREIGN KEY (clock_id)"
                " REFERENCES leads_clock (id) NOT VALID"
            )
        found = broken()
    transaction.savepoint_rollback(point)

    assert found["I12"][0].startswith("leads_alert")


def test_a_lead_that_was_closed_needs_no_seat(company):
    Assignment.objects.filter(lead=company.lead).update(until=LATER)
    Lead.objects.filter(pk=company.lead_id).update(closed_at=LATER, closed_as="lost")

    assert "I4" not in broken()


def test_the_command_says_what_holds_and_fails_if_anything_does_not(company, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    said = StringIO()
    call_command("audit", stdout=said)
    assert said.getvalue().count("BROKEN") == 0
    assert said.getvalue().endswith("clean\n")

    Handoff.objects.filter(pk=company.pk).update(round=7)
    with pytest.raises(CommandError, match="1 invariants are broken"):
        call_command("audit", stdout=(said := StringIO()))
    assert f"handoff {company.pk}" in said.getvalue()
