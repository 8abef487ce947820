"""The package of an automatic offer: its gaps are owed, and filled in."""

from datetime import timedelta

import pytest

from leads.actions.handing import endings, packages
from leads.actions.intake import Arrival, receive
from leads.errors import HandoffHasMoved, NotYours
from tests.factories import MONDAY_NINE, make_company, make_handoff, make_user

pytestmark = pytest.mark.django_db
SOON = MONDAY_NINE + timedelta(minutes=30)


def make_gap():
    return make_handoff(source="", company=make_company(country=""))


def fill(handoff, by=None, at=SOON, **values):
    values = {name.replace("__", "."): value for name, value in values.items()}
    by = by or handoff.giver
    return packages.complete_package(handoff_id=handoff.pk, by=by, at=at, values=values)


def test_filling_every_gap_keeps_the_promise():
    handoff = make_gap()

    fill(handoff, lead__source="fair", company__country="Austria")

    owed = handoff.clocks.get(kind="complete_package")
    assert (owed.outcome, owed.stopped_at) == ("met", SOON)


def test_filling_one_gap_of_two_keeps_it_running():
    handoff = fill(make_gap(), lead__source="fair")
    assert handoff.clocks.get(kind="complete_package").outcome == ""


def test_the_value_says_who_set_it_and_the_gaps_of_the_offer_stay_on_record():
    handoff = fill(make_gap(), lead__source="fair", company__country="Austria")

    handoff.lead.refresh_from_db()
    assert handoff.lead.provenance["lead.source"]["by"] == str(handoff.giver)
    assert handoff.gaps == ["lead.source", "company.country"]


def test_what_is_known_is_not_overwritten():
    handoff = fill(make_gap(), lead__email="other@example.test", lead__source="fair")
    handoff.lead.refresh_from_db()
    assert handoff.lead.email != "other@example.test"


def test_an_arrival_that_brings_the_rest_keeps_the_promise_too():
    handoff = make_handoff(source="")

    receive(arrival=Arrival(email=handoff.lead.email, source="form"), at=SOON)

    assert handoff.clocks.get(kind="complete_package").outcome == "met"


def test_only_the_giving_side_fills_it_in_and_only_while_it_is_open():
    handoff = make_gap()
    for stranger in (handoff.receiver, make_user(team="demand-generation")):
        with pytest.raises(NotYours):
            fill(handoff, by=stranger, lead__source="fair")
    endings.withdraw(handoff_id=handoff.pk, by=handoff.giver, at=SOON)
    with pytest.raises(HandoffHasMoved):
        fill(handoff, lead__source="fair")
