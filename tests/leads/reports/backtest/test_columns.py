"""What a process remembers of past handoffs equals what it would read anew, whatever came
after: and only what changed is read again."""

from datetime import timedelta

import pytest

from leads.actions import clocks
from leads.actions.handing import endings, handoffs, returns, undo
from leads.actions.imports import import_file
from leads.actions.journeys import journey, merging, taking_back, touches, unmerging
from leads.actions.sweeping.sweep import sweep_through
from leads.models import Clock, Handoff
from leads.reports.backtest.columns import Memory
from leads.reports.backtest.columns import history as remembered
from leads.reports.backtest.reading import history
from portal import ledger
from portal.accounts.models import Team
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_handoff,
    make_lead,
    make_operations,
)
from tests.leads.clockwork import MINUTE, WAITING, terms_where

pytestmark = pytest.mark.django_db
FIRST, THEN = MONDAY_NINE + 30 * MINUTE, MONDAY_NINE + 35 * MINUTE
SOON, YEAR = timedelta(seconds=20), timedelta(days=365)


@pytest.fixture
def company():
    """Five offered; the second accepted, the third returned, the fourth tried, the fifth
    completed."""
    ledger.open_ledger(simulated=True, at=MONDAY_NINE - timedelta(days=1))
    hours = [{"segment": None, "within": "PT2H", "beyond": None}]
    make_agreement(terms=terms_where(targets=hours, pauses=[WAITING]))
    some = [make_handoff(at=MONDAY_NINE + n * MINUTE) for n in range(5)]
    for one in some[1:]:
        handoffs.accept(handoff_id=one.pk, by=one.receiver, at=FIRST)
    third, fourth, fifth = some[2:]
    called(fourth, FIRST)
    returns.give_back(handoff_id=third.pk, by=third.receiver, at=FIRST, reason="no_need")
    endings.complete(handoff_id=fifth.pk, by=fifth.receiver, at=FIRST, outcome="moved_on")
    return some


def called(handoff, at):
    return touches.log(lead_id=handoff.lead_id, kind="call", by=handoff.receiver, at=at)


def paused(handoff, *, again):
    clock = Clock.objects.get(handoff=handoff, kind="accept")
    mine = {"clock_id": clock.pk, "by": handoff.receiver}
    clocks.pause(reason="call_back", at=THEN, **mine)
    if again:
        clocks.resume(at=THEN + MINUTE, **mine)


def merged(handoff):
    other = make_lead(at=MONDAY_NINE)
    merging.merge(lead_id=handoff.lead_id, into_id=other.pk, by=make_operations(), at=THEN)


def merged_and_taken_back(handoff):
    other, by = make_lead(at=MONDAY_NINE), make_operations()
    merging.merge(lead_id=other.pk, into_id=handoff.lead_id, by=by, at=THEN)
    unmerging.unmerge(lead_id=other.pk, by=by, at=THEN + MINUTE)


def undone(handoff):
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=THEN)
    undo.undo(handoff_id=handoff.pk, by=handoff.receiver, at=THEN + SOON)


def waived(handoff):
    stage = handoff.lead.stage
    later = "deciding" if stage != "deciding" else "talking"
    by = handoff.receiver_team.manager
    journey.move(
        lead_id=handoff.lead_id, to_stage=later, by=by, at=THEN, waiver_reason="I know them"
    )


def called_and_taken_back(handoff):
    touch = called(handoff, THEN)
    taking_back.take_back(touch_id=touch.pk, by=handoff.receiver, at=THEN + SOON)


def corrected(handoff, tmp_path):
    """The file says otherwise what somebody's name is."""
    path = tmp_path / "leads.csv"
    path.write_text(f"Mail,Name\n{handoff.lead.email},Another\n")
    mapping = {"source": "crm", "columns": {"Mail": "email", "Name": "name"}}
    import_file(path=path, mapping=mapping, at=THEN, by=None, refuse=lambda one: None)


def swept():
    for _ in sweep_through(FIRST, THEN + timedelta(days=3)):
        pass


CHANGES = {
    "another one is offered": lambda some, _: make_handoff(at=THEN),
    "one is accepted": lambda some, _: handoffs.accept(
        handoff_id=some[0].pk, by=some[0].receiver, at=THEN
    ),
    "an acceptance is undone": lambda some, _: undone(some[0]),
    "one is tried": lambda some, _: called(some[1], THEN),
    "a touch is taken back": lambda some, _: called_and_taken_back(some[1]),
    "one is returned": lambda some, _: returns.give_back(
        handoff_id=some[1].pk, by=some[1].receiver, at=THEN, reason="no_need"
    ),
    "a second round begins": lambda some, _: returns.answer_fixed(
        handoff_id=some[2].pk, by=some[2].giver, at=THEN
    ),
    "a return is disputed": lambda some, _: returns.answer_dispute(
        handoff_id=some[2].pk, by=some[2].giver, at=THEN, note="They said yes"
    ),
    "one is disqualified": lambda some, _: endings.close(
        handoff_id=some[3].pk, by=some[3].receiver, at=THEN, reason="no_need"
    ),
    "a clock is paused": lambda some, _: paused(some[0], again=False),
    "a clock was paused": lambda some, _: paused(some[0], again=True),
    "two leads become one": lambda some, _: merged(some[4]),
    "a merge is taken back": lambda some, _: merged_and_taken_back(some[0]),
    "a move is waived": lambda some, _: waived(some[1]),
    "an import corrects one": lambda some, path: corrected(some[4], path),
    "days pass": lambda some, _: swept(),
    "a team has another calendar": lambda some, _: Team.objects.update(calendar="elsewhere"),
}


def known(memory, agreement, at):
    columns = memory.columns(agreement)
    return remembered(columns, MONDAY_NINE - YEAR, MONDAY_NINE + YEAR, at)[0]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_remembered_equals_what_is_read_anew_after(change, company, tmp_path):
    memory, agreement = Memory(), company[0].version.agreement_id
    memory.columns(agreement)

    CHANGES[change](company, tmp_path)

    for at in (THEN + MINUTE, THEN + timedelta(days=4)):
        kept = known(memory, agreement, at)
        every = Handoff.objects.filter(version__agreement=agreement)
        fresh = history(agreement, every, at)
        assert list(kept.rounds) == list(fresh.rounds)
        assert kept.until == fresh.until
        assert {kind: some.tolist() for kind, some in kept.offers.items()} == {
            kind: some.tolist() for kind, some in fresh.offers.items()
        }


def test_only_what_somebody_touches_is_read_again(company):
    memory, agreement = Memory(), company[0].version.agreement_id
    memory.columns(agreement)
    memory.columns(agreement)
    assert memory.reads == 5

    called(company[4], THEN)
    memory.columns(agreement)
    assert memory.reads == 6


def test_a_ledger_that_is_another_one_makes_it_forget_everything(company):
    memory, agreement = Memory(), company[0].version.agreement_id
    memory.columns(agreement)
    one = memory.known[agreement]
    one.place = type(one.place)(one.place.seq, "0" * 64)

    memory.columns(agreement)

    assert memory.reads == 10


def test_of_more_changes_than_are_worth_looking_through_everything_is_read_again(
    company, monkeypatch
):
    monkeypatch.setattr("leads.reports.backtest.columns.tail.MOST", 1)
    memory, agreement = Memory(), company[0].version.agreement_id
    memory.columns(agreement)

    for _ in range(3):
        called(company[4], THEN)
    memory.columns(agreement)

    assert memory.reads == 10
