"""A draft on past handoffs: who would have been late, beside the version in force."""

from datetime import timedelta
from random import Random

import pytest

from leads.actions import clocks
from leads.actions.handing import handoffs, returns
from leads.actions.journeys import touches
from leads.core.backtest import Fate
from leads.core.rounds import judge
from leads.core.trials.seen import Measured
from leads.models import Clock, Handoff
from leads.reports.backtest import backtest
from leads.reports.backtest.reading import history
from sla.core.terms import parse
from sla.core.workingtime import microseconds
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_handoff,
    make_terms,
)
from tests.leads.clockwork import HOUR, MINUTE, WAITING, a_pausable_clock, terms_where

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = MONDAY_NINE + 20 * DAY
BEFORE = MONDAY_NINE - DAY


def within(amount, segment=None):
    return [{"segment": segment, "within": amount, "beyond": None}]


def a_draft(terms):
    """A text beside the one in force; it is not saved."""
    base = Version.objects.in_force(make_agreement().pk, MONDAY_NINE)
    return Version(agreement=base.agreement, number=2, terms=terms), base


def tried(terms, obligation="accept", *, since=BEFORE, until=LATER, at=LATER):
    version, base = a_draft(terms)
    return backtest(version, base, since, until, at).of(obligation)


def answered_after(minutes):
    handoff = make_handoff(at=MONDAY_NINE)
    handoffs.accept(
        handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + minutes * MINUTE
    )
    return handoff


def test_a_shorter_target_makes_those_late_that_answered_in_between():
    for minutes in (10, 25, 40, 70):
        answered_after(minutes)

    found = tried(terms_where(targets=within("PT30M")))

    assert (found.n, found.before, found.late) == (4, 1, 2)
    assert (found.newly, found.spared) == (1, 0)
    assert found.few


def test_a_longer_target_spares_those_that_answered_in_between():
    for minutes in (30, 70, 90, 200):
        answered_after(minutes)

    found = tried(terms_where(targets=within("PT2H")))

    assert (found.before, found.late, found.newly, found.spared) == (3, 1, 0, 2)


def test_an_answer_at_the_very_end_of_the_target_is_on_time():
    answered_after(30)

    assert tried(terms_where(targets=within("PT30M"))).late == 0


def test_the_same_text_changes_nothing_and_lists_nothing():
    answered_after(70)
    version, base = a_draft(make_terms())

    found = backtest(version, base, BEFORE, LATER, LATER)

    assert (found.rows, found.handoffs, found.same) == ((), 1, 11)


def test_only_handoffs_first_offered_in_the_period_count():
    answered_after(70)

    assert tried(terms_where(targets=within("PT2H")), since=MONDAY_NINE).n == 1
    assert tried(terms_where(targets=within("PT2H")), until=MONDAY_NINE) is None


def test_a_promise_that_nobody_measured_is_said_to_be_unseen():
    handoff = make_accepted(at=MONDAY_NINE)
    Clock.objects.filter(handoff=handoff, kind="disposition").delete()

    found = tried(terms_where("disposition", targets=within("PT4H")), "disposition")

    assert (found.n, found.unseen) == (0, 1)


def test_a_clock_that_still_runs_is_late_once_its_new_target_has_passed():
    make_handoff(at=MONDAY_NINE)
    terms = terms_where(targets=within("PT30M"))

    assert tried(terms, at=MONDAY_NINE + 30 * MINUTE).late == 0
    assert tried(terms, at=MONDAY_NINE + 31 * MINUTE).late == 1


def test_a_start_at_the_acceptance_counts_from_there():
    handoff = answered_after(50)
    touches.log(
        lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=MONDAY_NINE + 2 * HOUR
    )
    targets = within("PT90M")
    from_offer = terms_where("first_attempt", targets=targets)
    from_acceptance = terms_where("first_attempt", targets=targets, starts="acceptance")

    assert tried(from_offer, "first_attempt").late == 1
    assert tried(from_acceptance, "first_attempt").late == 0


def test_fewer_attempts_complete_a_cadence_sooner():
    handoff = make_accepted(at=MONDAY_NINE)
    for hours in range(6):
        touches.log(
            lead_id=handoff.lead_id, kind="call", by=handoff.receiver,
            at=MONDAY_NINE + hours * DAY,
        )  # fmt: skip
    quick = within("P2D")

    assert tried(terms_where("cadence", targets=quick, attempts=2), "cadence").late == 0
    assert tried(terms_where("cadence", targets=quick, attempts=6), "cadence").late == 1


def paused_for_half_an_hour():
    clock = a_pausable_clock()
    by = clock.owner
    clocks.pause(clock_id=clock.pk, reason="call_back", by=by, at=MONDAY_NINE + 20 * MINUTE)
    clocks.resume(clock_id=clock.pk, by=by, at=MONDAY_NINE + 50 * MINUTE)
    handoffs.accept(handoff_id=clock.handoff_id, by=by, at=MONDAY_NINE + 60 * MINUTE)


def granting(pause, amount="PT30M"):
    return terms_where(targets=within(amount), pauses=[WAITING | pause])


def test_a_pause_is_kept_as_it_was_as_far_as_the_text_grants_it():
    paused_for_half_an_hour()

    assert tried(granting({})).late == 0
    assert tried(granting({}, "PT29M")).late == 1
    assert tried(granting({"cap": "PT30M"})).late == 0
    assert tried(granting({"cap": "PT29M"})).late == 1
    assert tried(granting({"reason": "holiday"})).late == 1


def test_a_pause_beyond_the_times_that_a_text_grants_does_not_count():
    seen = Measured(
        1, 0, 0, late=False, parted=False, pauses=((10, 20), (30, 40), (50, 60)),
        reasons=("call_back", "waiting", "call_back"),
    )  # fmt: skip
    terms = parse(granting({"times": 1}))
    owed = terms.obligation("accept")
    calendar = terms.calendar(next(iter(terms.calendars)))

    assert seen.allowed(owed, calendar).pauses == ((10, 20),)


def test_the_terms_that_were_in_force_judge_as_the_clocks_themselves_did():
    """Planted by the actions: accepted, returned, disputed, called, or left alone."""
    random = Random(7)
    for _ in range(40):
        _play(random)
    at = MONDAY_NINE + 6 * DAY
    base = Version.objects.in_force(make_agreement().pk, MONDAY_NINE)
    there = Handoff.objects.filter(first_offered_at__gte=BEFORE, first_offered_at__lt=LATER)
    past = history(base.agreement_id, there, at)

    batch = {}
    for owed in base.parsed.obligations:
        judged = judge(base.parsed, owed, past)
        for place, due, fate in zip(judged.rows, judged.due, judged.fate, strict=True):
            batch[past.rounds[place].of(owed).clock] = (int(due), int(fate))

    engine = {clock.pk: _engine(clock, at) for clock in Clock.objects.all()}
    assert len(engine) > 100
    assert batch == engine


def _play(random):
    at = MONDAY_NINE + random.randrange(0, 3 * 24 * 60) * MINUTE
    handoff = make_handoff(at=at, segment=random.choice(["demo_request", "event", ""]))
    by, then = handoff.receiver, at + random.randrange(1, 600) * MINUTE
    step = random.choice(["accept", "return", "call", "nothing"])
    if step == "accept":
        handoffs.accept(handoff_id=handoff.pk, by=by, at=then)
    elif step == "call":
        touches.log(lead_id=handoff.lead_id, kind="call", by=by, at=then)
    elif step == "return":
        returns.give_back(handoff_id=handoff.pk, by=by, at=then, reason="no_need")
        handoff.refresh_from_db()
        after = then + random.randrange(1, 600) * MINUTE
        returns.answer_dispute(handoff_id=handoff.pk, by=handoff.giver, at=after)


def _engine(clock, at):
    fate = {"met": Fate.MET, "late": Fate.LATE, "": Fate.OPEN}.get(clock.outcome, Fate.LEFT_OUT)
    if fate == Fate.OPEN and clock.is_breached(at):
        fate = Fate.LATE
    return microseconds(clock.due_at), int(fate)
