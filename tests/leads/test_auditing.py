"""The audit runs by itself, once an hour; what it finds is kept, shown, and told once."""

from datetime import timedelta

import pytest
from django.core import mail

from leads import tasks
from leads.actions import auditing, sealing
from leads.actions.sweeping import sweep
from leads.models import Alert, AuditPass, Handoff, SweepPass
from leads.reports.audit import SENTENCES, audit
from portal import roof, wallclock
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from portal.notifications import outbox
from portal.notifications.models import Delivery
from tests.factories import make_operations, make_user
from tests.leads.clockwork import HOUR, MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
LATER = berlin(2, 15)


@pytest.fixture
def alert():
    """Of a clock that was swept; operations and an administrator are there."""
    make_operations("Olga Operations")
    make_user("Ada Admin", team=None, role=Role.ADMIN)
    a_clock()
    sweep.raise_all(at=LATER)
    return Alert.objects.earliest("due_at")


def test_an_empty_portal_is_clean():
    assert [found.key for found in audit(LATER) if not found.holds] == []


def test_every_invariant_is_asked_and_in_order():
    assert [found.key for found in audit(LATER)] == list(SENTENCES)
    assert list(SENTENCES) == [f"I{number}" for number in range(1, 14)]


def told():
    rows = Delivery.objects.filter(about__startswith="audit:", channel="in_app")
    return sorted(rows.values_list("recipient__name", flat=True))


def entries():
    return LedgerEntry.objects.filter(kind="audit_differed").count()


def alerts_only(found):
    return [row for row in found if row.startswith("I13")]


def test_an_alert_deleted_past_the_portal_is_reported_within_one_audit(alert):
    Alert.objects.filter(pk=alert.pk).delete()

    kept = auditing.audit_if_due(at=LATER + MINUTE)

    assert any(f"alert {alert.pk} of clock {alert.clock_id}" in row for row in kept.found)
    assert kept.differences >= len(alerts_only(kept.found)) == 2
    assert told() == ["Ada Admin", "Olga Operations"]
    assert entries() == 1


def test_what_was_found_before_is_not_told_again_and_what_is_new_is(alert):
    Alert.objects.filter(pk=alert.pk).delete()
    auditing.check(at=LATER)
    auditing.check(at=LATER + HOUR)
    assert (len(told()), entries()) == (2, 1)

    Alert.objects.all().delete()
    auditing.check(at=LATER + 2 * HOUR)

    assert (len(told()), entries()) == (4, 2)


def test_what_was_mended_is_not_shown_any_more(alert):
    row = Alert.objects.filter(pk=alert.pk)
    row.update(level="none")
    auditing.check(at=LATER)
    assert SweepPass.objects.get().differences
    row.update(level=alert.level)

    kept = auditing.check(at=LATER + HOUR)

    assert not any(f"alert {alert.pk} " in one for one in kept.found)
    assert SweepPass.objects.get().differences == kept.differences


def test_one_audit_an_hour_whoever_asks_and_however_often(alert):
    assert auditing.audit_if_due(at=LATER) is not None
    assert auditing.audit_if_due(at=LATER + MINUTE) is None
    assert auditing.audit_if_due(at=LATER + HOUR - MINUTE) is not None


def test_it_waits_while_the_sweep_catches_up_but_not_for_ever(alert):
    """What is found late after an outage was taken away by nobody."""
    due = sweep.next_instant()
    auditing.audit_if_due(at=due - HOUR)

    assert auditing.audit_if_due(at=due + MINUTE) is None
    assert auditing.audit_if_due(at=due + 2 * HOUR) is not None


@pytest.fixture
def sealed_at(monkeypatch):
    """The instants at which the task seals, and how to have it run."""
    found = []
    monkeypatch.setattr(sealing, "seal_due", lambda at: found.append(at))

    def run(at):
        monkeypatch.setattr(wallclock, "now", lambda: at)
        tasks.seal_periods()
        return found

    return run


def test_two_do_not_seal_the_same_beside_each_other(alert, sealed_at):
    assert sealed_at(LATER) == []  # the audit is due, and seals

    AuditPass.objects.update_or_create(defaults={"began_at": LATER, "audited_at": None})
    assert sealed_at(LATER + MINUTE) == []  # it is under way

    AuditPass.objects.update(audited_at=LATER)
    assert sealed_at(LATER + 2 * MINUTE) == [LATER + 2 * MINUTE]


def test_it_is_sealed_while_the_audit_waits_for_the_sweep(alert, sealed_at):
    auditing.audit_if_due(at=LATER)
    a_clock(at=LATER)
    behind = LATER + HOUR

    assert auditing.audit_if_due(at=behind) is None
    assert sealed_at(behind) == [LATER, behind]  # the first by the audit itself


def test_who_claims_it_first_audits(alert):
    AuditPass.objects.create(began_at=LATER - 2 * HOUR)

    assert auditing._claim(LATER)
    assert not auditing._claim(LATER)


def test_a_clock_that_was_set_back_does_not_stop_the_audit(alert):
    AuditPass.objects.create(began_at=LATER + timedelta(days=300))

    assert auditing.audit_if_due(at=LATER) is not None


def test_what_a_second_look_does_not_find_counts_for_nothing(alert, monkeypatch):
    """Somebody acted between two queries of the audit."""
    Handoff.objects.update(round=7)
    real = auditing.broken
    monkeypatch.setattr(
        auditing, "broken", lambda key, at: [] if key == "I8" else real(key, at)
    )

    kept = auditing.check(at=LATER)

    assert not any(row.startswith("I8") for row in kept.found)


def test_a_banner_says_so_to_whoever_is_logged_in(alert):
    Alert.objects.filter(pk=alert.pk).delete()
    auditing.check(at=LATER)
    number = SweepPass.objects.get().differences

    strip = roof.strip(make_user(), LATER)

    assert strip.grave
    assert f"The audit found {number} rows" in str(strip.text)
    assert roof.strip(None, LATER) is None


def test_the_message_names_the_rows(alert):
    Alert.objects.filter(pk=alert.pk).delete()
    auditing.check(at=LATER)

    outbox.deliver_due(at=LATER)

    (one, _other) = [m for m in mail.outbox if "The audit found" in m.subject]
    assert f"alert {alert.pk} of clock {alert.clock_id}" in one.body
