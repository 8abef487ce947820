"""The actions against a model of the specification: any order, any person, any time.

The model is a few fields and the table of moves. After every step the rows must say what
it says: state, round, seat, which promises run; and each step of a ladder that came before
a clock stopped has exactly one alert.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from leads.actions.handing import endings, handoffs, returns
from leads.actions.handing.undo import undo
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.core.handoff import OPEN, UNDO_WITHIN, Move, State, possible
from leads.models import Clock, Handoff, Timer
from portal.errors import DomainError
from tests.factories import MONDAY_NINE, make_handoff, make_team, make_user
from tests.machines import run_machine

PEOPLE = ("receiver", "colleague", "giver", "sales manager", "marketing manager", "outsider")
ATTEMPTS = 6  # the cadence of the agreement
PASSES = st.sampled_from([timedelta(seconds=1), timedelta(seconds=20), timedelta(minutes=40),
                          timedelta(hours=5), timedelta(days=4)])  # fmt: skip
WHO = st.sampled_from(PEOPLE)


@dataclass
class Model:
    """What the specification says is so now."""

    state: State = State.OFFERED
    round: int = 1
    receiver: str = "receiver"
    attempted: bool = False
    attempts: int = 0
    talking: bool = False
    disputed: bool = False
    decided: bool = False
    words: dict[str, str] = field(default_factory=dict)

    def running(self) -> set[str]:
        """The kinds of clock that run."""
        if self.state not in OPEN:
            return set()
        if self.state == State.RETURNED:
            if not self.disputed:
                return {"answer"}
            return set() if self.decided else {"decide"}
        kinds = set() if self.attempted else {"first_attempt"}
        if self.state == State.OFFERED:
            return kinds | {"accept"}
        kinds |= set() if self.attempts >= ATTEMPTS else {"cadence"}
        return kinds | (set() if self.talking else {"disposition"})

    def acting(self, side: str) -> set[str]:
        if side == "giver":
            return {"giver", "marketing manager"}
        return {self.receiver, "sales manager"}


@dataclass
class Made:
    """A move that was made: before it, by whom, when; and whether something followed."""

    before: Model
    by: str
    at: object
    undoable: bool = True
    followed: bool = False


class Handing(RuleBasedStateMachine):
    @initialize()
    def offer(self):
        self.now = MONDAY_NINE
        inside, giving = make_team("inside-sales"), make_team("demand-generation")
        receiver = make_user()
        self.row = make_handoff(receiver=receiver, at=self.now)
        self.people = {
            "receiver": receiver,
            "colleague": make_user(),
            "giver": self.row.giver,
            "sales manager": inside.manager,
            "marketing manager": giving.manager,
            "outsider": make_user(team="outside-sales"),
        }
        self.model, self.made = Model(), [Made(Model(), "portal", self.now, undoable=False)]

    # how a move is tried: it succeeds exactly when the model says so

    def attempt(self, act, *, by, passes, move, allowed, then, undoable=True):
        self.now += passes
        legal = move in possible(self.model.state) and allowed
        refusal = self._tried(act, by)
        assert (refusal is None) == legal, f"{by}, {move}, {self.model}: {refusal}"
        if refusal is not None:
            return
        before = copy(self.model)
        before.words = dict(self.model.words)
        then(self.model)
        self.made.append(Made(before, by, self.now, undoable))

    @rule(by=WHO, passes=PASSES)
    def accept(self, by, passes):
        may = by in self.model.acting("receiver")
        self.attempt(
            handoffs.accept, by=by, passes=passes, move=Move.ACCEPT, allowed=may,
            then=lambda m: self._accepted(m, by),
        )  # fmt: skip

    @rule(by=WHO, passes=PASSES, reason=st.sampled_from(["no_need", "unable_to_reach", "no"]))
    def give_back(self, by, passes, reason):
        kept = self.model.state == State.ACCEPTED and self.model.attempts >= ATTEMPTS
        fits = reason == "no_need" or (reason == "unable_to_reach" and kept)

        def then(model):
            model.state, model.disputed, model.decided = State.RETURNED, False, False
            model.words = {}

        self.attempt(
            lambda **how: returns.give_back(reason=reason, **how), by=by, passes=passes,
            move=Move.RETURN, allowed=fits and by in self.model.acting("receiver"), then=then,
        )  # fmt: skip

    @rule(by=WHO, passes=PASSES)
    def mend(self, by, passes):
        self.attempt(
            returns.answer_fixed, by=by, passes=passes, move=Move.FIXED,
            allowed=by in self.model.acting("giver"), then=self._next_round,
        )  # fmt: skip

    @rule(by=WHO, passes=PASSES)
    def dispute(self, by, passes):
        def then(model):
            model.disputed, model.words = True, {}

        self.attempt(
            returns.answer_dispute, by=by, passes=passes, move=Move.DISPUTE,
            allowed=by in self.model.acting("giver") and not self.model.disputed, then=then,
        )  # fmt: skip

    @rule(by=WHO, passes=PASSES, counts=st.booleans())
    def decide(self, by, passes, counts):
        managers = {"sales manager", "marketing manager"}
        open_ = self.model.disputed and not self.model.decided

        def then(model):
            model.words[by] = counts
            if len(model.words) == 2 and set(model.words.values()) == {counts}:
                self._decided(model, counts)

        self.attempt(
            lambda **how: returns.decide(counts=counts, **how), by=by, passes=passes,
            move=Move.DECIDE, allowed=by in managers and open_, then=then, undoable=False,
        )  # fmt: skip

    @rule(by=WHO, passes=PASSES)
    def still_talking(self, by, passes):
        self._end(endings.still_talking, Move.STILL_TALKING, by, passes, State.ACCEPTED)

    @rule(by=WHO, passes=PASSES)
    def complete(self, by, passes):
        self._end(endings.complete, Move.COMPLETE, by, passes, State.COMPLETED)

    @rule(by=WHO, passes=PASSES)
    def close(self, by, passes):
        def act(**how):
            return endings.close(reason="A student.", **how)

        self._end(act, Move.CLOSE, by, passes, State.CLOSED)

    @rule(by=WHO, passes=PASSES)
    def withdraw(self, by, passes):
        self._end(endings.withdraw, Move.WITHDRAW, by, passes, State.WITHDRAWN, side="giver")

    @rule(by=WHO, passes=PASSES)
    def recycle(self, by, passes):
        """Each state has its own action; both are tried, and one of them fits."""
        returned = self.model.state == State.RETURNED
        action = endings.answer_recycle if returned else endings.recycle

        def act(at, **how):
            return action(on=at + timedelta(days=30), at=at, **how)

        side = "giver" if returned else "receiver"
        self._end(act, Move.RECYCLE, by, passes, State.CLOSED, side=side)

    @rule(by=WHO, to=st.sampled_from(["receiver", "colleague", "outsider"]), passes=PASSES)
    @precondition(lambda self: self.model.state != State.RETURNED)
    def reassign(self, by, to, passes):
        def act(**how):
            return handoffs.reassign(to=self.people[to], **how)

        def then(model):
            model.receiver = to

        fits = by == "sales manager" and to != "outsider"
        self.attempt(
            act, by=by, passes=passes, move=Move.REASSIGN, allowed=fits, then=then,
            undoable=False,
        )  # fmt: skip

    @rule(by=st.sampled_from(["receiver", "colleague"]), passes=PASSES)
    def call(self, by, passes):
        """An attempt of the receiving team: of who acts, it accepts an offer; it counts."""
        self.now += passes
        offered = self.model.state == State.OFFERED
        takes_on = by in self.model.acting("receiver")
        before = copy(self.model)
        touches.log(
            lead_id=self.row.lead_id, kind="call", direction="outbound",
            by=self.people[by], at=self.now,
        )  # fmt: skip
        if offered and takes_on:
            self._accepted(self.model, by)
            self.made.append(Made(before, by, self.now))
        elif self.model.state in OPEN:
            self.made[-1].followed = True
        if self.model.state == State.ACCEPTED:
            self.model.attempted = True
            self.model.attempts += 1

    @rule(by=WHO, passes=PASSES)
    def take_back(self, by, passes):
        self.now += passes
        last = self.made[-1]
        fresh = last.at <= self.now <= last.at + UNDO_WITHIN
        legal = last.undoable and last.by == by and fresh and not last.followed
        refusal = self._tried(undo, by)
        assert (refusal is None) == legal, f"{by}, undo of {last}: {refusal}"
        if refusal is None:
            self.model = self.made.pop().before

    @rule(passes=PASSES)
    def time_passes(self, passes):
        """The sweep comes by: an offer may expire, a default may decide."""
        self.now += passes
        due = Timer.objects.to_come().filter(handoff=self.row.pk, at__lte=self.now)
        kinds = set(due.values_list("kind", flat=True))
        before = copy(self.model)
        before.words = dict(self.model.words)
        sweep.raise_due(at=self.now)
        if Timer.Kind.HANDOFF_EXPIRES in kinds and self.model.state == State.OFFERED:
            self.model.state = State.EXPIRED
            self.made.append(Made(before, "portal", self.now, undoable=False))
        if Timer.Kind.DECIDE in kinds and self.model.disputed and not self.model.decided:
            self._decided(self.model, True)
            self.made.append(Made(before, "portal", self.now, undoable=False))

    # what every step must leave behind

    @invariant()
    def the_rows_say_what_the_model_says(self):
        if not hasattr(self, "row"):
            return
        row = Handoff.objects.select_related("lead").get(pk=self.row.pk)
        assert (row.state, row.round) == (self.model.state, self.model.round)
        assert row.receiver == self.people[self.model.receiver]
        assert set(row.clocks.unstopped().values_list("kind", flat=True)) == (
            self.model.running()
        )
        assert row.lead.stage == self._stage()
        closed = row.outcome == "disqualified"
        assert (row.lead.closed_at is not None) == closed

    @invariant()
    def each_department_has_one_seat(self):
        if not hasattr(self, "row"):
            return
        seats = self.row.lead.assignments.filter(until=None)
        members = dict(seats.values_list("department", "member"))
        assert len(seats) == 2
        assert members["marketing"] == self.row.giver_id
        assert members["sales"] == self.people[self.model.receiver].pk

    @invariant()
    def each_step_before_a_stop_has_exactly_one_alert_and_none_comes_after(self):
        if not hasattr(self, "row"):
            return
        for clock in self.row.clocks.exclude(outcome="cancelled").exclude(stopped_at=None):
            raised = list(clock.alerts.order_by("step").values_list("step", flat=True))
            stopped = clock.stopped_at.isoformat()
            owed = [step["key"] for step in clock.steps if step["at"] < stopped]
            assert raised == sorted(owed), clock

    @invariant()
    def late_is_a_fact_of_the_instants(self):
        if not hasattr(self, "row"):
            return
        for clock in Clock.objects.filter(handoff=self.row.pk).exclude(outcome="cancelled"):
            if clock.stopped_at is not None:
                assert (clock.outcome in {"late", "excused"}) == (
                    clock.stopped_at > clock.due_at
                )

    def _tried(self, act, by):
        try:
            act(by=self.people[by], at=self.now, handoff_id=self.row.pk)
        except DomainError as refusal:
            return refusal

    # the model's own steps

    def _stage(self):
        beyond = {State.ACCEPTED, State.COMPLETED}
        if self.model.state in beyond:
            return "talking"
        was_closed = self.model.state == State.CLOSED and self._closed_lead()
        return "talking" if was_closed else "comparing"

    def _closed_lead(self):
        return Handoff.objects.get(pk=self.row.pk).outcome == "disqualified"

    @staticmethod
    def _accepted(model, by):
        model.state, model.receiver = State.ACCEPTED, by

    @staticmethod
    def _next_round(model):
        model.state, model.round = State.OFFERED, model.round + 1
        model.attempted, model.attempts, model.talking = False, 0, False

    def _decided(self, model, counts):
        model.decided = True
        if counts:
            self._next_round(model)
        else:
            model.state = State.CLOSED

    def _end(self, act, move, by, passes, after, side="receiver"):
        def then(model):
            model.state = after
            model.talking |= move == Move.STILL_TALKING

        self.attempt(
            act, by=by, passes=passes, move=move, allowed=by in self.model.acting(side),
            then=then,
        )  # fmt: skip


def run(examples, steps):
    run_machine(Handing, examples, steps)


@pytest.mark.django_db
def test_the_actions_do_what_the_table_says_in_any_order():
    run(examples=8, steps=25)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_actions_do_what_the_table_says_in_very_many_orders(record_property):
    run(examples=200, steps=50)
    record_property("orders", 200)
    record_property("steps in each", 50)
