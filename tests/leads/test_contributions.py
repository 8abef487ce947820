"""Late-stage material: Sales asks, Marketing delivers by a clock, Sales says if it helped."""

import pytest

from leads.actions import contributions
from leads.errors import ContributionSettled, NotYours, NoVersionInForce
from leads.models import Touch
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.models import Version
from tests.factories import MONDAY_NINE, make_lead, make_user
from tests.leads.clockwork import HOUR, berlin

pytestmark = pytest.mark.django_db


def a_lead(stage="deciding"):
    return make_lead(
        stage=stage, seller=make_user(), marketer=make_user(team="demand-generation")
    )


def seller_of(lead):
    return lead.assignments.get(department="sales", until=None).member


def marketer_of(lead):
    return lead.assignments.get(department="marketing", until=None).member


def ask(lead, **fields):
    fields = {
        "kind": "case_study", "subject": "A firm like theirs",
        "by": seller_of(lead), "at": MONDAY_NINE,
    } | fields  # fmt: skip
    return contributions.ask(lead_id=lead.pk, **fields)


def deliver(asked, at=MONDAY_NINE + HOUR, **fields):
    fields = {"by": asked.owner, "link": "https://example.test/study"} | fields
    return contributions.deliver(contribution_id=asked.pk, at=at, **fields)


def used(asked, by=None, *, used=True):
    return contributions.mark_used(
        contribution_id=asked.pk, by=by or asked.asked_by, at=MONDAY_NINE + 2 * HOUR, used=used
    )


def kinds(asked):
    about = LedgerEntry.objects.about(("contribution", asked.pk))
    return list(about.values_list("kind", flat=True))


def test_asking_starts_a_clock_that_marketings_seat_owes():
    lead = a_lead()

    asked = ask(lead)

    clock = asked.clocks.get()
    assert asked.owner == clock.owner == marketer_of(lead)
    assert (clock.kind, clock.department_id) == ("contribution", "marketing")
    assert (clock.version, clock.calendar) == (asked.version, "berlin")
    assert clock.due_at == berlin(5, 9, 45)  # three days of eight hours
    told = Delivery.objects.to(asked.owner.pk).in_app().get()
    assert "A firm like theirs" in told.title


def test_early_in_the_journey_the_terms_promise_no_material():
    asked = ask(a_lead("comparing"))

    assert not asked.clocks.exists()


def test_what_the_terms_do_not_list_has_no_clock():
    assert not ask(a_lead(), kind="other").clocks.exists()


def test_only_who_has_the_sales_seat_asks():
    with pytest.raises(NotYours):
        ask(a_lead(), by=make_user())


def test_without_a_version_in_force_nothing_can_be_promised():
    lead = a_lead()
    Version.objects.update(state="draft", effective_from=None, signed_at=None)

    with pytest.raises(NoVersionInForce):
        ask(lead)


def test_delivering_stops_the_clock_and_tells_who_asked():
    asked = ask(a_lead())

    deliver(asked)

    asked.refresh_from_db()
    assert (asked.delivered_by, asked.link) == (asked.owner, "https://example.test/study")
    assert asked.clocks.get().outcome == "met"
    assert Delivery.objects.to(asked.asked_by_id).in_app().count() == 1


def test_only_marketing_delivers_and_only_once():
    asked = ask(a_lead())

    with pytest.raises(NotYours):
        deliver(asked, by=asked.asked_by)
    deliver(asked)
    with pytest.raises(ContributionSettled):
        deliver(asked)


def test_material_that_was_used_is_a_touch_of_marketings():
    asked = ask(a_lead())
    deliver(asked)

    used(asked)

    touch = Touch.objects.get(lead=asked.lead)
    assert (touch.kind, touch.department_id, touch.direction) == (
        "case_study", "marketing", "outbound",
    )  # fmt: skip
    assert kinds(asked) == ["contribution_asked", "contribution_delivered", "contribution_used"]


def test_material_that_was_not_used_is_no_touch():
    asked = ask(a_lead())
    deliver(asked)

    used(asked, used=False)

    asked.refresh_from_db()
    assert asked.used is False
    assert not Touch.objects.exists()


def test_it_is_said_once_by_sales_and_after_it_was_delivered():
    asked = ask(a_lead())
    with pytest.raises(ContributionSettled):
        used(asked)
    deliver(asked)
    with pytest.raises(NotYours):
        used(asked, by=asked.owner)
    used(asked)

    with pytest.raises(ContributionSettled):
        used(asked, used=False)


def test_what_is_cancelled_in_time_breaks_no_promise_and_is_over():
    asked = ask(a_lead())

    contributions.cancel(contribution_id=asked.pk, by=asked.asked_by, at=MONDAY_NINE + HOUR)

    assert asked.clocks.get().outcome == "cancelled"
    with pytest.raises(ContributionSettled):
        deliver(asked)


def test_what_is_delivered_can_not_be_cancelled_nor_by_just_anybody():
    asked = ask(a_lead())
    cancel = {"contribution_id": asked.pk, "at": MONDAY_NINE + HOUR}
    with pytest.raises(NotYours):
        contributions.cancel(by=make_user(), **cancel)
    deliver(asked)

    with pytest.raises(ContributionSettled):
        contributions.cancel(by=asked.asked_by, **cancel)
