"""A door keeps something in the transaction of the action that it calls: both, or neither."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from portal import ledger
from portal.accounts.models import Department
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@ledger.recorded
def act(number, *, fails=False):
    ledger.append(Kind.HANDOFF_ACCEPT, subject=("handoff", number), at=NINE)
    if fails:
        raise IntegrityError("somebody was quicker")
    return number


def keep_and(acts):
    """A door that keeps a row of its own beside what it does."""
    with ledger.hosting():
        Department.objects.create(key="kept")
        acts()


def subjects():
    return list(LedgerEntry.objects.order_by("seq").values_list("subject_id", flat=True))


def test_the_action_joins_and_its_entries_say_what_the_door_said():
    with ledger.hosting(said={"token": 7}):
        assert act(12) == 12
        assert subjects() == []

    assert LedgerEntry.objects.get().clear == {"token": 7}


def test_what_the_door_kept_is_lost_with_an_action_that_fails():
    with pytest.raises(IntegrityError):
        keep_and(lambda: act(12, fails=True))

    assert not Department.objects.filter(key="kept").exists()
    assert subjects() == []


def test_an_action_that_failed_may_be_tried_again_and_leaves_no_entry_of_its_first_try():
    with ledger.hosting():
        with pytest.raises(IntegrityError):
            act(12, fails=True)
        act(13)

    assert subjects() == [13]


def test_a_row_that_the_door_kept_stands_with_the_action():
    keep_and(lambda: act(12))

    assert Department.objects.filter(key="kept").exists()
    assert subjects() == [12]


def test_only_one_action_is_hosted():
    with pytest.raises(RuntimeError, match="do not nest"):
        keep_and(lambda: (act(12), act(13)))

    assert not Department.objects.filter(key="kept").exists()
    assert subjects() == []
