"""In force is derived: the signed version with the latest beginning that has come."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs
from leads.models import Clock
from sla.models import Version
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_lead, make_terms
from tests.sla.versions import DAY, HOUR, NINE, a_draft, a_proposal, a_signed_version

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


def number_at(version, at):
    found = Version.objects.in_force(version.agreement_id, at)
    return found.number if found else None


def test_nothing_is_in_force_before_anything_was_signed():
    assert number_at(a_draft(), NINE + DAY) is None
    assert number_at(a_proposal(), NINE + DAY) is None


def test_a_version_governs_from_the_exact_instant_of_its_beginning():
    version = a_signed_version(effective_from=NINE + DAY)

    assert number_at(version, NINE + DAY - MOMENT) is None
    assert number_at(version, NINE + DAY) == 1


def test_a_scheduled_version_leaves_the_one_before_in_force_until_its_day():
    first = a_signed_version()
    second = a_signed_version(at=NINE + HOUR, effective_from=NINE + 7 * DAY)

    assert second.state == Version.State.SIGNED
    assert number_at(first, NINE + 7 * DAY - MOMENT) == 1
    assert number_at(first, NINE + 7 * DAY) == 2


def test_one_that_was_signed_later_for_an_earlier_day_does_not_undo_a_later_beginning():
    first = a_signed_version(effective_from=NINE + 7 * DAY)
    a_signed_version(at=NINE + DAY)

    assert number_at(first, NINE + 2 * DAY) == 2
    assert number_at(first, NINE + 7 * DAY) == 1


def test_a_handoff_keeps_the_version_of_its_first_offer_through_every_later_step():
    agreement = make_agreement()
    handoff = make_handoff(at=MONDAY_NINE)
    first = handoff.version
    a_signed_version(at=MONDAY_NINE + timedelta(minutes=1), terms=make_terms(title="Newer"))

    handoffs.accept(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + timedelta(minutes=5)
    )
    handoff.refresh_from_db()
    later = make_handoff(lead=make_lead(), at=MONDAY_NINE + timedelta(minutes=6))

    assert Version.objects.in_force(agreement.pk, MONDAY_NINE + HOUR).number == 2
    assert handoff.version == first
    assert set(Clock.objects.filter(handoff=handoff).values_list("version", flat=True)) == {
        first.pk
    }
    assert later.version.number == 2
