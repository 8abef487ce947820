"""The pace through faults, under the audit, and where its figures stand."""

from datetime import timedelta

import pytest

from leads.actions import auditing, commitments
from leads.actions.commitments import watching
from leads.actions.sweeping import sweep
from leads.models import Clock, Outage, Pace, PaceAlert
from leads.reports.audit import paces
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_signatory,
    make_team,
    make_user,
    make_version,
)
from tests.leads.clockwork import HOUR
from tests.leads.commitments.scenes import (
    APRIL,
    DAY,
    FIRST_LOOK,
    MARCH,
    enter,
    terms_with,
    watch,
)
from tests.sla.versions import a_signed_version

pytestmark = pytest.mark.django_db


# --- faults


def test_a_row_that_cannot_be_judged_stops_no_other_and_is_tried_again(monkeypatch):
    version = watch()
    broken = Pace.objects.get()
    other = Pace.objects.create(
        agreement=version.agreement, commitment="ten", period="month", at=FIRST_LOOK,
        begins_at=MARCH + DAY, ends_at=APRIL,
    )  # fmt: skip
    real = watching.standing

    def standing(version, commitment, start, end, look):
        if start == MARCH:
            raise LookupError("no such stage")
        return real(version, commitment, start, end, look)

    monkeypatch.setattr(watching, "standing", standing)
    swept = sweep.raise_all(at=FIRST_LOOK)

    broken.refresh_from_db()
    assert PaceAlert.objects.get().pace == other
    assert swept.errors == 1
    assert broken.error == "LookupError: no such stage"
    assert broken.at == FIRST_LOOK + timedelta(minutes=5)

    monkeypatch.undo()
    sweep.raise_all(at=FIRST_LOOK + HOUR)
    assert PaceAlert.objects.get(pace=broken)


def test_an_outage_hides_no_pace():
    watch()
    Outage.objects.create(began_at=FIRST_LOOK - HOUR, ended_at=FIRST_LOOK + 5 * HOUR)

    sweep.raise_all(at=FIRST_LOOK + 5 * HOUR)

    assert PaceAlert.objects.get().due_at == FIRST_LOOK


def test_signing_watches_what_the_classic_agreement_promises():
    make_signatory("marketing")
    a_signed_version(at=MONDAY_NINE)

    assert set(Pace.objects.values_list("commitment", flat=True)) == {
        "comparing_a_month", "cadence_kept"
    }  # fmt: skip


# --- watched from outside


def differences(at=FIRST_LOOK + HOUR):
    return list(paces.broken(at))


def test_the_audit_finds_an_alert_that_was_deleted_added_or_changed():
    watch()
    sweep.raise_all(at=FIRST_LOOK)
    alert = PaceAlert.objects.get()
    row = PaceAlert.objects.filter(pk=alert.pk)
    assert differences() == []

    row.update(done=7)
    assert differences() == [
        f"alert {alert.pk} of the pace of ten: changed after it was raised"
    ]
    row.update(done=alert.done, id=alert.pk + 70)
    assert differences() == [
        f"alert {alert.pk} of the pace of ten: its row is gone",
        f"alert {alert.pk + 70} of the pace of ten: the ledger does not know it",
    ]


def test_the_audit_finds_a_look_that_nobody_made():
    watch()

    assert differences(at=FIRST_LOOK + timedelta(minutes=11)) == [
        f"pace {Pace.objects.get().pk} of ten: not looked at since it was due"
    ]


def test_what_nobody_watches_is_watched_from_the_next_audit_on_and_found_late():
    watch()
    Pace.objects.all().delete()

    auditing.audit_if_due(at=FIRST_LOOK + HOUR)
    sweep.raise_all(at=FIRST_LOOK + HOUR)

    alert = PaceAlert.objects.get()
    assert (alert.due_at, alert.found_late) == (FIRST_LOOK, True)
    assert commitments.watch_all(at=FIRST_LOOK + HOUR) == 0


def test_a_period_that_began_before_there_was_a_version_is_not_watched_later_either():
    make_version(terms=terms_with(), at=MONDAY_NINE)

    commitments.watch_all(at=MONDAY_NINE + DAY)

    assert Pace.objects.get().begins_at == APRIL


# --- where the figures stand


@pytest.mark.now(FIRST_LOOK + HOUR)
def test_the_scorecard_and_the_agreement_say_that_it_is_behind(client):
    make_team("demand-generation")
    version = watch()
    enter(2)
    sweep.raise_all(at=FIRST_LOOK)
    client.force_login(make_user())

    card = client.get("/scorecard/?period=month&on=2026-03-01").content.decode()
    text = client.get(f"/agreements/{version.agreement.key}/").content.decode()

    assert "Told that it is behind: Up to Sat 7 Mar 2026 there were 2 of the 3" in card
    assert "2 so far; the pace asks for 3 of 10 this month." in text
    assert "It was told that this is behind." in text


@pytest.mark.now(FIRST_LOOK + HOUR)
def test_shares_and_material_stand_on_the_scorecard_too(client):
    make_version(at=MARCH - DAY)
    client.force_login(make_user())

    card = client.get("/scorecard/?period=month&on=2026-03-01").content.decode()

    assert "Cadence on every accepted handoff" in card
    assert "100\u00a0% kept a month." in card
    assert "Material for deciding" in card


@pytest.mark.now(FIRST_LOOK + HOUR)
def test_a_share_opens_onto_the_rows_that_it_counts(client):
    make_version(at=MARCH - DAY)
    for minute in range(3):
        make_handoff(at=MONDAY_NINE + timedelta(minutes=minute))
    Clock.objects.filter(obligation="accept").update(obligation="cadence")
    client.force_login(make_user())
    here = "period=month&on=2026-03-01"

    card = client.get(f"/scorecard/?{here}").content.decode()
    rows = client.get(f"/scorecard/rows/?{here}&figure=commitment:cadence_kept")
    other = client.get(f"/scorecard/rows/?{here}&figure=commitment:comparing_a_month")

    assert "3 due by now" in card
    assert rows.context["total"] == 3
    assert other.status_code == 404
