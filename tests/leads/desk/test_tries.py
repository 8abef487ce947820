"""Four things to try: shown in the demo alone, ticked off when they were done, put away."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.demo.trying import tries
from portal.ledger.genesis import open_ledger
from tests.factories import MONDAY_NINE, make_handoff, make_user

LATER = MONDAY_NINE + timedelta(minutes=10)
TITLE = "Four things to try"
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def demo(settings):
    settings.SIMULATION_ALLOWED = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "leads.demo.trying.tries.Remember"]
    open_ledger(at=MONDAY_NINE, simulated=True)


def done(page):
    return page.count('<li class="done">')


def test_a_desk_of_the_demo_shows_them_and_a_real_one_does_not(desk, demo, settings):
    rep = make_user()
    of_demo = desk(rep)
    settings.SIMULATION_ALLOWED = False

    assert TITLE in of_demo
    assert TITLE not in desk(rep)


def test_an_acceptance_is_ticked_off_and_one_of_before_is_not(desk, demo):
    rep = make_user()
    before, after = (make_handoff(receiver=rep, at=MONDAY_NINE) for _ in "12")
    handoffs.accept(handoff_id=before.pk, by=rep, at=MONDAY_NINE)
    first = desk(rep)
    handoffs.accept(handoff_id=after.pk, by=rep, at=LATER)

    assert [done(first), done(desk(rep))] == [0, 1]


def test_the_browser_keeps_what_was_seen_whoever_one_comes_in_as(client, desk, demo):
    desk(make_user())
    client.get(reverse("leads:alerts"))
    client.get(reverse("ledger-entry", args=[1]))

    page = desk(make_user())

    assert done(page) == 2
    assert client.cookies[tries.COOKIE].value == "alert.ledger"


def test_it_is_put_away_for_good(client, desk, demo):
    desk(make_user())
    client.post(reverse("leads:tries-hide"))

    assert TITLE not in desk(make_user())
