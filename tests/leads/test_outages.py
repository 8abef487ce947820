"""An outage excuses a breach, or does not, as the agreement says that was signed before."""

from datetime import timedelta

import pytest

from leads.actions.handing import handoffs
from leads.actions.sweeping import outages
from leads.core import lost
from leads.models import Clock, Outage
from leads.reports import figures
from leads.reports.audit import audit
from leads.reports.period import Filters, Period
from portal.ledger.models import LedgerEntry
from tests.factories import make_agreement, make_terms
from tests.leads.clockwork import BERLIN, HOUR, MICROSECOND, MINUTE, a_clock, berlin

pytestmark = pytest.mark.django_db
STARTED, DUE = berlin(2, 9), berlin(2, 10)
NIGHT = berlin(2, 18), berlin(3, 8)


@pytest.fixture
def clock(request):
    """`accept`, due on Monday at ten, under terms that excuse outages or do not."""
    excuses = getattr(request, "param", True)
    terms = make_terms()
    terms["governance"]["outage_excuses"] = excuses
    make_agreement(terms=terms)
    return a_clock()


def down(began, ended):
    return Outage.objects.create(began_at=began, ended_at=ended)


def accepted(clock, at):
    handoffs.accept(handoff_id=clock.handoff_id, by=clock.handoff.receiver, at=at)
    return Clock.objects.get(pk=clock.pk)


@pytest.mark.parametrize(
    ("outage", "answered", "outcome"),
    [
        pytest.param((9.5, 10.5), 10.5, "excused", id="answered when the portal was back"),
        pytest.param((9.5, 10.5), 11.0, "excused", id="late by what the outage took"),
        pytest.param((9.5, 10.5), 11.01, "late", id="late by more than the outage took"),
        pytest.param((9.5, 10.5), 10.0, "met", id="on time is met"),
        pytest.param((9.0, 10.0), 10.5, "late", id="over when it was due: no breach in it"),
        pytest.param((10.5, 10.6), 11.0, "late", id="late long before"),
        pytest.param((7.0, 10.5), 10.9, "excused", id="counted from the start of the clock"),
        pytest.param((7.0, 10.2), 11.3, "late", id="and not from before it"),
    ],
)
def test_an_outage_excuses_as_much_working_time_as_it_took(clock, outage, answered, outcome):
    began, ended, at = (berlin(2, 0) + hours * HOUR for hours in (*outage, answered))
    down(began, ended)

    assert accepted(clock, at).outcome == outcome


@pytest.mark.parametrize("clock", [False], indirect=True)
def test_where_the_agreement_says_so_a_breach_in_an_outage_counts_all_the_same(clock):
    down(DUE - HOUR, DUE + HOUR)

    assert accepted(clock, DUE + MINUTE).outcome == "late"


def test_an_outage_at_night_takes_no_working_time_and_excuses_none(clock):
    down(*NIGHT)

    assert accepted(clock, berlin(3, 9)).outcome == "late"


def test_what_is_excused_stands_beside_attainment_and_in_the_ledger(clock):
    down(DUE - HOUR, DUE + HOUR)
    stopped = accepted(clock, DUE + MINUTE)

    entry = LedgerEntry.objects.about(("clock", clock.pk)).last()
    march = Filters(Period.around(DUE.date(), "month", BERLIN))
    due, excused = (
        figures.rows(f"accept.{name}", march, DUE + HOUR) for name in ("due", "excused")
    )
    assert entry.clear["outcome"] == "excused"
    assert (list(due), list(excused)) == ([], [stopped])


def test_the_ledger_played_again_gives_what_was_excused(clock):
    down(DUE - HOUR, DUE + HOUR)
    accepted(clock, DUE + MINUTE)

    assert {one.key: one.rows for one in audit(DUE + MINUTE)}["I8"] == ()


@pytest.mark.parametrize(
    ("began", "ended", "is_marked"),
    [
        pytest.param(DUE - HOUR, DUE, False, id="over at the due instant"),
        pytest.param(DUE - HOUR, DUE + MICROSECOND, True, id="into the breach"),
        pytest.param(DUE + HOUR, DUE + 2 * HOUR, False, id="began when it was over"),
    ],
)
def test_a_breach_that_overlaps_an_outage_is_marked(began, ended, is_marked):
    assert bool(lost.fallen_into(DUE, DUE + HOUR, [(began, ended)])) == is_marked


def test_outages_are_read_for_an_interval():
    first, second = down(STARTED, DUE), down(DUE + HOUR, DUE + 2 * HOUR)

    assert outages.during(DUE, DUE + timedelta(hours=1)) == []
    assert outages.during(STARTED, DUE + 5 * HOUR) == [
        (first.began_at, first.ended_at),
        (second.began_at, second.ended_at),
    ]


def test_the_explained_clock_shows_the_outage_and_what_it_means(clock, client, monkeypatch):
    down(DUE - HOUR, DUE + HOUR)
    stopped = accepted(clock, DUE + MINUTE)
    monkeypatch.setattr("portal.wallclock.now", lambda: DUE + HOUR)
    client.force_login(clock.handoff.receiver)

    page = client.get(f"/clocks/{stopped.pk}/").content.decode()

    assert "The portal was down" in page
    assert "the agreement excuses" in page
