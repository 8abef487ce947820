"""Falling behind the pace is told once a period, as of the instant of a look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from leads.actions.sweeping import sweep
from leads.models import Pace, PaceAlert, StageEntry
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.leads.clockwork import BERLIN, HOUR, berlin
from tests.leads.commitments.scenes import (
    APRIL,
    DAY,
    FIRST_LOOK,
    MARCH,
    MAY,
    enter,
    watch,
)

pytestmark = pytest.mark.django_db


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
