"""One row written past the ORM is the row that saving it would have left."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from leads.models import Assignment, Company, Lead, StageEntry, Timer
from portal.bulk.single import write
from tests.factories import MONDAY_NINE, make_lead, make_user
from tests.written import write_remembered

pytestmark = pytest.mark.django_db
BESIDES = {"_state", "id", "pk", "history_id"}


def values_of(row):
    return {name: value for name, value in vars(row).items() if name not in BESIDES}


def entry(lead):
    by = lead.assignments.get(department="marketing").member
    return StageEntry(
        lead=lead, stage="comparing", entered_at=MONDAY_NINE, by=by,
        evidence=[{"key": "a", "met": True}],
    )  # fmt: skip


def timer(lead):
    kind = Timer.Kind.RECYCLE
    return Timer(kind=kind, at=MONDAY_NINE + timedelta(hours=1), lead=lead, note="Grüße %s")


@pytest.mark.parametrize("make", [entry, timer], ids=lambda make: make.__name__)
def test_it_reads_back_as_what_saving_leaves(make):
    lead = make_lead()
    saved, ours = make(lead), make(lead)
    saved.save()

    assert write(ours) is ours

    assert ours.pk > saved.pk
    assert not ours._state.adding
    model = type(ours)
    assert values_of(model.objects.get(pk=ours.pk)) == values_of(model.objects.get(pk=saved.pk))


def test_what_the_database_refuses_is_djangos_own_error():
    lead = make_lead()
    seat = lead.assignments.get(department="marketing")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(Assignment(lead=lead, department_id="marketing", team=seat.team, since=None))


def test_a_row_that_keeps_a_history_is_not_written_past_it():
    with pytest.raises(TypeError, match="keeps a history"):
        write(Company(name="Halden"))


def test_a_lead_that_tests_begin_with_has_the_line_of_its_creation():
    written = make_lead("Anna Berg", seller=make_user())
    saved = Lead.objects.get(pk=written.pk)
    saved.pk, saved.email_key, saved._state.adding = None, "another@example.test", True
    saved.save()

    (ours,), (djangos,) = written.history.all(), saved.history.all()

    differ = {"email_key", "history_date"}
    kept = [
        {name: value for name, value in values_of(one).items() if name not in differ}
        for one in (ours, djangos)
    ]
    assert kept[0] == kept[1]
    assert ours.history_type == djangos.history_type == "+"
    assert ours.id == written.pk


def test_a_name_that_a_row_does_not_have_is_refused():
    with pytest.raises(TypeError, match="Company has no colour"):
        write_remembered(Company, name="Halden", colour="red")
