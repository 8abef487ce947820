"""Volumes that were agreed: falling behind the pace is told, once a period, to whom it says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from leads.actions import auditing, commitments
from leads.actions.commitments import watching
from leads.actions.sweeping import sweep
from leads.models import Clock, Company, Content, Outage, Pace, PaceAlert, StageEntry
from leads.reports.audit import paces
from portal import ledger
from portal.accounts.models import Absence, Department
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.models import Agreement
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_signatory,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import BERLIN, HOUR, berlin
from tests.sla.versions import a_signed_version

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MARCH, APRIL, MAY = berlin(1, 0), berlin(1, 0, month=4), berlin(1, 0, month=5)
FIRST_LOOK = berlin(8, 0)
TOLD = {"whom": ["manager"], "channels": ["in_app", "mail"], "digest": {"manager": "weekly"}}


def terms_with(*, digest=None, whom=("manager",), **changes):
    """Ten leads a month that reach comparing; `changes` of that commitment."""
    volume = {
        "key": "ten", "department": "marketing", "name": "Ten leads", "period": "month",
        "measure": "stage_entries", "stage": "comparing", "obligation": None, "count": 10,
        "percent": None, "once_per": None,
        "behind": {"below": 90, **TOLD, "whom": list(whom), "digest": digest},
    }  # fmt: skip
    return make_terms(commitments=[volume | changes])


def watch(*, at=MARCH, **changes):
    """The period that begins at `at` is watched, under terms signed the day before."""
    version = make_version(terms=terms_with(**changes), at=at - DAY)
    with ledger.recording(at=at):
        commitments.begin(version, at - DAY)
    return version


def enter(number, *, at=MARCH + DAY, **fields):
    return [make_lead(at=at + n * HOUR, **fields) for n in range(number)]


def told():
    rows = Delivery.objects.filter(about__startswith="pace:", channel="in_app")
    return sorted(set(rows.values_list("recipient__name", flat=True)))


# --- once a period, at an instant of its own


def test_it_is_looked_at_when_a_week_has_passed_and_not_before():
    watch()
    assert sweep.next_instant() == FIRST_LOOK

    sweep.raise_all(at=FIRST_LOOK - timedelta(seconds=1))
    assert not PaceAlert.objects.exists()
    sweep.raise_all(at=FIRST_LOOK)

    alert = PaceAlert.objects.get()
    assert (alert.due_at, alert.raised_at, alert.found_late) == (FIRST_LOOK, FIRST_LOOK, False)
    assert (alert.done, alert.wanted, alert.agreed) == (0, 3, 10)


def test_who_keeps_the_pace_is_left_alone():
    watch()
    enter(3)

    sweep.raise_all(at=FIRST_LOOK)

    assert not PaceAlert.objects.exists()
    assert Pace.objects.get().at == FIRST_LOOK + 7 * DAY


def test_it_is_told_once_a_period_however_often_it_is_looked_at():
    watch()

    for day in range(8, 31):
        sweep.raise_all(at=berlin(day, 12))

    assert PaceAlert.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="pace_behind").count() == 1
    assert Pace.objects.get().at == APRIL


def test_the_database_takes_no_second_alert_of_a_period():
    watch()
    sweep.raise_all(at=FIRST_LOOK)
    one = PaceAlert.objects.get()

    PaceAlert.objects.bulk_create(
        [
            PaceAlert(
                pace=one.pace, version=one.version, due_at=one.due_at, raised_at=one.due_at,
                done=0, wanted=1, agreed=1,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip

    assert PaceAlert.objects.count() == 1


def test_the_next_period_follows_at_the_end_of_the_last_and_can_fall_behind_again():
    watch()

    sweep.raise_all(at=MAY)

    found = list(PaceAlert.objects.order_by("due_at").values_list("due_at", flat=True))
    assert found == [FIRST_LOOK, berlin(8, 0, month=4)]
    assert list(Pace.objects.order_by("begins_at").values_list("begins_at", "ends_at")) == [
        (MARCH, APRIL), (APRIL, MAY), (MAY, berlin(1, 0, month=6)),
    ]  # fmt: skip


def test_what_falls_short_only_at_the_end_is_told_then_as_late():
    watch(count=20)
    enter(17)

    sweep.raise_all(at=APRIL)

    assert PaceAlert.objects.get().due_at == APRIL
    row = Delivery.objects.filter(channel="in_app").get(about__startswith="pace:")
    assert (row.level, row.title) == ("late", "Ten leads fell short")


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_one_moment_tell_it_once():
    watch()
    start = Barrier(4)

    def one():
        start.wait()
        sweep.raise_all(at=FIRST_LOOK)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(one) for _ in range(4)]:
            done.result()

    assert PaceAlert.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="pace_behind").count() == 1


# --- the instant counts, not when somebody looked


def test_what_came_after_the_look_does_not_count_for_it_however_late_the_sweep():
    watch()
    enter(10, at=FIRST_LOOK + HOUR)

    sweep.raise_all(at=FIRST_LOOK + 3 * DAY)

    alert = PaceAlert.objects.get()
    assert (alert.done, alert.due_at, alert.found_late) == (0, FIRST_LOOK, True)
    digests = Delivery.objects.filter(about__startswith="pace:").values_list(
        "digest", flat=True
    )
    assert set(digests) == {"catch_up"}


def test_an_entry_taken_back_after_the_look_counted_at_it():
    watch()
    entries = StageEntry.objects.filter(lead__in=enter(3))
    entries.update(undone_at=FIRST_LOOK + DAY)

    sweep.raise_all(at=FIRST_LOOK)
    assert not PaceAlert.objects.exists()
    sweep.raise_all(at=FIRST_LOOK + 7 * DAY)

    assert PaceAlert.objects.get().done == 0


def test_months_found_late_are_each_told_with_their_true_instant():
    watch()

    sweep.raise_all(at=berlin(20, 12, month=5))

    found = PaceAlert.objects.order_by("due_at")
    assert [one.due_at for one in found] == [berlin(8, 0, month=m) for m in (3, 4, 5)]
    assert all(one.found_late for one in found)


def test_looks_are_at_midnight_of_the_agreement_on_both_sides_of_a_change_of_the_clocks():
    watch()

    sweep.raise_all(at=berlin(29, 12))  # the night of the change

    assert Pace.objects.get().at == APRIL
    assert datetime(2026, 3, 31, 22, tzinfo=UTC) == APRIL
    assert APRIL.astimezone(BERLIN).hour == 0


# --- what is agreed


def test_a_version_is_watched_from_the_first_period_that_begins_under_it():
    make_team("demand-generation")
    version = a_signed_version(at=MONDAY_NINE, terms=terms_with())

    assert version.effective_from == MONDAY_NINE
    assert Pace.objects.get().begins_at == APRIL


def test_a_period_is_judged_by_the_version_in_force_when_it_began():
    watch()
    newer = make_version(terms=terms_with(count=1_000), at=MARCH + 3 * DAY)
    with ledger.recording(at=newer.effective_from):
        commitments.begin(newer, newer.effective_from)
    enter(3)

    sweep.raise_all(at=FIRST_LOOK)
    assert not PaceAlert.objects.exists()
    sweep.raise_all(at=berlin(8, 0, month=4))

    assert PaceAlert.objects.get(pace__begins_at=APRIL).agreed == 1_000


def test_what_a_later_version_no_longer_promises_is_watched_no_more():
    watch()
    make_version(terms=make_terms(commitments=[]), at=APRIL - DAY)

    sweep.raise_all(at=MAY)

    assert not Pace.objects.filter(begins_at__gte=APRIL).exists()
    assert sweep.next_instant() is None


def test_a_month_that_becomes_a_quarter_is_watched_from_the_next_quarter():
    watch()
    make_version(terms=terms_with(period="quarter"), at=APRIL - DAY)

    sweep.raise_all(at=APRIL)

    quarter = Pace.objects.get(begins_at=APRIL)
    assert (quarter.period, quarter.ends_at) == ("quarter", berlin(1, 0, month=7))


def test_what_nobody_is_to_be_told_of_is_not_watched():
    watch(behind=None)

    assert not Pace.objects.exists()


def test_customers_and_people_counted_before_do_not_help():
    watch(once_per="P90D")
    customer = make_company(status=Company.Status.CUSTOMER)
    enter(5, company=customer)
    lead = make_lead(at=MARCH - DAY)
    StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MARCH + DAY)

    sweep.raise_all(at=FIRST_LOOK)

    assert PaceAlert.objects.get().done == 0


def test_only_leads_that_the_agreement_governs_count():
    version = watch()
    other = Agreement.objects.create(key="other", name="Other")
    enter(5, agreement=other)
    enter(1, agreement=version.agreement)

    sweep.raise_all(at=FIRST_LOOK)

    assert PaceAlert.objects.get().done == 1


def test_a_share_that_is_kept_is_judged_by_what_was_due():
    watch(
        measure="obligation_kept", stage=None, obligation="accept", count=None, percent=100,
        department="sales",
    )  # fmt: skip
    make_user(team="inside-sales")
    for minute in range(6):
        make_handoff(at=MONDAY_NINE + timedelta(minutes=minute))
    kept = Clock.objects.filter(obligation="accept").order_by("pk")[:5]
    for clock in kept:
        Clock.objects.filter(pk=clock.pk).update(
            stopped_at=clock.started_at, outcome="met", next_step_at=None
        )

    sweep.raise_all(at=FIRST_LOOK)

    alert = PaceAlert.objects.get()
    assert (alert.done, alert.wanted, alert.agreed) == (5, 6, 100)


def test_material_is_counted_by_what_was_published_for_the_stage():
    watch(measure="content", count=10, stage="deciding")
    author = make_user(team="demand-generation")
    for day in (2, 3, 7, 8):
        Content.objects.create(
            title="Case", kind="case_study", stage="deciding", link="https://x.test",
            owner=author, added_by=author, added_at=MARCH,
            published_on=berlin(day, 12).date(),
        )  # fmt: skip

    sweep.raise_all(at=FIRST_LOOK)

    assert not PaceAlert.objects.exists()  # three by the seventh; the eighth is another day
    Content.objects.filter(published_on=berlin(7, 12).date()).delete()
    Pace.objects.update(at=FIRST_LOOK)
    sweep.raise_all(at=FIRST_LOOK)
    assert PaceAlert.objects.get().done == 2


# --- whom


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("manager", ["Manager of Demand generation", "Manager of field"]),
        ("steward", ["Steward of Demand generation", "Steward of field"]),
        ("heads", ["Head of marketing", "Head of sales"]),
        ("acting_owner", ["Head of marketing"]),
        ("other_owner", ["Head of sales"]),
        ({"person": "named@concord.test"}, ["Nora Named"]),
    ],
    ids=str,
)
def test_each_kind_of_recipient_is_found(role, names):
    make_team("demand-generation"), make_team("field", department="marketing")
    make_team("inside-sales")
    make_user("Nora Named", email="named@concord.test")
    watch(whom=[role])

    sweep.raise_all(at=FIRST_LOOK)

    assert told() == names


def test_for_an_absent_manager_the_deputy_is_told_and_for_one_who_left_the_steward():
    away, gone = make_team("demand-generation"), make_team("field", department="marketing")
    deputy = make_user("Dora Deputy")
    Absence.objects.create(user=away.manager, starts_at=MARCH, ends_at=MAY, deputy=deputy)
    gone.manager.is_active = False
    gone.manager.save()
    watch()

    sweep.raise_all(at=FIRST_LOOK)

    assert told() == ["Dora Deputy", "Steward of field"]


def test_managers_hear_of_it_weekly_where_the_agreement_says_so():
    make_team("demand-generation")
    watch(digest={"manager": "weekly"})

    sweep.raise_all(at=FIRST_LOOK)

    mail = Delivery.objects.get(about__startswith="pace:", channel="mail")
    assert (mail.digest, mail.next_at) == ("weekly", berlin(9, 8))  # Monday, 08:00


def test_the_words_say_what_was_seen_and_lead_to_the_scorecard():
    make_team("demand-generation")
    watch()
    enter(2)

    sweep.raise_all(at=FIRST_LOOK)

    row = Delivery.objects.filter(channel="in_app").get(about__startswith="pace:")
    assert (row.level, row.title) == ("risk", "Ten leads is behind its pace")
    assert row.text == (
        "Up to Sat 7 Mar 2026 there were 2 of the 3 that the pace asks for;"
        " 10 are agreed for the month."
    )
    assert row.link == "/scorecard/?period=month&on=2026-03-01"


def test_the_ledger_keeps_what_was_seen_and_whom_was_told():
    make_team("demand-generation")
    watch()

    sweep.raise_all(at=FIRST_LOOK)

    alert, entry = PaceAlert.objects.get(), LedgerEntry.objects.get(kind="pace_behind")
    manager = Department.objects.get(key="marketing").teams.get().manager
    assert entry.subject == ("pace_alert", alert.pk)
    assert entry.clear["told"] == [manager.pk]
    assert (entry.clear["done"], entry.clear["wanted"]) == (0, 3)


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
