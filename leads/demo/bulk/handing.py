"""Handoffs in memory: offered, accepted, returned, answered."""

from collections.abc import Iterable
from datetime import datetime

from leads.actions.alerting import notices
from leads.actions.handing import returns, rounds
from leads.core.handoff import Move, State
from leads.demo.bulk.ending import CANCELLED, Ending
from leads.demo.bulk.world import Life
from leads.models import Clock, Handoff, Timer
from portal.accounts.models import User
from portal.bulk import made
from sla.core import durations, workingtime
from sla.core.terms import Handoff as Kind
from sla.models import Version


class Handing(Ending):
    """The way of a handoff, with what it does to clocks, seats, stages and timers."""

    def advance(self, life: Life, at: datetime) -> None:
        """As `journey.advance`."""
        self._fill(life, at)
        version = self.arriving.follow(life, at)
        if version is None:
            return
        terms = version.parsed
        for kind in terms.handoffs:
            if kind.offer != "automatic" or kind.from_stage != life.lead.stage:
                continue
            met = self.arriving.outcome(life, terms.stage(kind.to_stage), at).met
            if met and _may_offer(life, kind.key):
                self.offer(life, kind.key, by=None, at=at)

    def _fill(self, life: Life, at: datetime) -> None:
        """As `rounds.fill`: nothing is missing from a package any more."""
        for clock in life.clocks:
            if clock.kind != "complete_package" or clock.stopped_at is not None:
                continue
            handoff = clock.handoff
            assert handoff is not None  # noqa: S101  # for the type checker
            offered = self.arriving.look(life, handoff.version, handoff.kind, at)
            if not offered.missing:
                self.ticking.stop([clock], at=at)

    def offer(self, life: Life, kind: str, *, by: User | None, at: datetime) -> None:
        """As `handoffs.offer_step`."""
        version = self.world.version(at)
        assert version is not None  # noqa: S101  # for the type checker
        offered = self.arriving.look(life, version, kind, at)
        handoff = self._new(life, version, version.parsed.handoff(kind), by, at)
        handoff.receiver, handoff.why = self._receiver(life, handoff, at)
        rounds.begin(handoff, offered, at=at)
        self.world.add(handoff)
        life.handoffs.append(handoff)
        self.ticking.count(handoff)
        self.ticking.roster.givers[handoff.pk] = handoff.giver_team_id
        self.move(handoff, Move.OFFER, by=by, at=at)
        team = handoff.receiver_team
        if life.seats[team.department_id].member_id is None:
            why = tuple(handoff.why)
            self.pool.seat(life, team, handoff.receiver_id, at=at, by=by, why=why)
        self._start(life, handoff, at)

    def _new(
        self, life: Life, version: Version, agreed: Kind, by: User | None, at: datetime
    ) -> Handoff:
        giver = life.seats[agreed.giver.department].member_id
        return made(
            Handoff,
            lead=life.lead, version=version, kind=agreed.key, segment=life.lead.segment,
            automatic=by is None, first_offered_at=at, offered_at=at,
            giver=self.world.people.get(giver or 0),
            giver_team=self.world.team(agreed.giver.team, agreed.giver.department),
            receiver_team=self.world.team(agreed.receiver.team, agreed.receiver.department),
        )  # fmt: skip

    def _receiver(
        self, life: Life, handoff: Handoff, at: datetime
    ) -> tuple[User | None, list[str]]:
        choice = self.pool.pick(handoff.receiver_team, life, at)
        return self.world.people.get(choice.member_id or 0), list(choice.lines)

    def _start(self, life: Life, handoff: Handoff, at: datetime) -> None:
        """As `rounds.start`."""
        started = self.ticking.start_for(life, handoff, "offer", at)
        agreed = handoff.version.parsed.handoff(handoff.kind)
        accept = next((one.calendar for one in started if one.kind == "accept"), None)
        if agreed.expires_after is not None:
            key = accept or handoff.receiver_team.calendar
            calendar = handoff.version.parsed.calendar(key)
            due = workingtime.add(
                calendar, at, durations.working(agreed.expires_after, calendar)
            )
            self._timer(life, handoff, Timer.Kind.HANDOFF_EXPIRES, due)
        if self.tells(at):
            notices.offered(handoff, at)

    def accept(self, life: Life, handoff: Handoff, *, by: User, at: datetime) -> None:
        """As `handoffs.accept_step`, by whom it was offered to."""
        handoff.receiver, handoff.accepted_at = by, at
        self.move(handoff, Move.ACCEPT, by=by, at=at)
        self._stop(life, handoff, at, "accept")
        team = handoff.receiver_team
        if life.seats[team.department_id].member_id != by.pk:
            self.pool.seat(life, team, by.pk, at=at, by=by, why=(f"accepted by {by}",))
        to_stage = handoff.version.parsed.handoff(handoff.kind).to_stage
        self.arriving.enter(
            life, to_stage, at=at, by=by, version=handoff.version, evidence=handoff.evidence,
            handoff=handoff,
        )  # fmt: skip
        self.ticking.start_for(life, handoff, "acceptance", at)
        self.ticking.cancel(life, at, handoff=handoff, kind=Timer.Kind.HANDOFF_EXPIRES)
        for one in life.handoffs:
            before = one.state == State.ACCEPTED and one.pk != handoff.pk
            if before and one.receiver_team_id == handoff.giver_team_id:
                self.complete(life, one, by=None, at=at)

    def give_back(
        self, life: Life, handoff: Handoff, *, by: User, at: datetime, reason: str, note: str
    ) -> None:
        """As `returns.give_back`."""
        accepted = handoff.state == State.ACCEPTED
        handoff.returned_at, handoff.return_reason, handoff.return_note = at, reason, note
        handoff.disputed_at, handoff.dispute_note, handoff.decided_as = None, "", ""
        self.move(handoff, Move.RETURN, by=by, at=at, reason=reason, note=note)
        self._stop(life, handoff, at, "accept")
        others = [c for c in life.running(handoff) if c.kind not in returns.GIVERS]
        self.ticking.stop(others, at=at, outcome=Clock.Outcome.RETURNED)
        self.ticking.cancel(life, at, handoff=handoff, kind=Timer.Kind.HANDOFF_EXPIRES)
        self.pool.give_back(life, handoff.receiver_team, handoff.receiver_id, at)
        if accepted:
            self._leave_stage(life, handoff, by=by, at=at)
        self.ticking.start_for(life, handoff, "return", at)
        if self.tells(at):
            listed = returns._listed(handoff, reason)
            notices.returned(handoff, listed.name if listed else reason, at)

    def fixed(self, life: Life, handoff: Handoff, *, by: User, at: datetime) -> None:
        """As `returns.answer_fixed`."""
        offered = self.arriving.look(life, handoff.version, handoff.kind, at)
        self._stop(life, handoff, at, "answer", "complete_package")
        self._next_round(life, handoff, offered, Move.FIXED, by=by, at=at)

    def dispute(
        self, life: Life, handoff: Handoff, *, by: User, at: datetime, note: str
    ) -> None:
        """As `returns.answer_dispute`."""
        handoff.disputed_at, handoff.dispute_note = at, note
        self.move(handoff, Move.DISPUTE, by=by, at=at, note=note)
        self._stop(life, handoff, at, "answer")
        for clock in self.ticking.start_for(life, handoff, "dispute", at):
            default = handoff.version.parsed.obligation(clock.obligation).default or ""
            due = clock.due_at + returns.MOMENT
            self._timer(life, handoff, Timer.Kind.DECIDE, due, clock=clock, note=default)
        if self.tells(at):
            notices.disputed(handoff, at)

    def conclude(self, life: Life, handoff: Handoff, word: str, *, at: datetime) -> None:
        """As `returns.conclude`."""
        self._stop(life, handoff, at, "decide")
        self.ticking.cancel(life, at, handoff=handoff, kind=Timer.Kind.DECIDE)
        handoff.decided_as = word
        if word == "counts":
            self.ticking.stop(life.running(handoff), at=at, outcome=CANCELLED)
            offered = self.arriving.look(life, handoff.version, handoff.kind, at)
            self._next_round(life, handoff, offered, Move.COUNTS, by=None, at=at)
        else:
            handoff.outcome = Handoff.Outcome.NURTURE
            self.move(handoff, Move.DOES_NOT_COUNT, by=None, at=at)
            self.ticking.stop(life.running(handoff), at=at, outcome=CANCELLED)
        if self.tells(at):
            notices.decided(handoff, at)

    def _next_round(
        self,
        life: Life,
        handoff: Handoff,
        offered: rounds.Offer,
        step: Move,
        *,
        by: User | None,
        at: datetime,
    ) -> None:
        handoff.round += 1
        if handoff.receiver_id is not None:
            self.pool.take_again(life, handoff.receiver_team, handoff.receiver_id)
        rounds.begin(handoff, offered, at=at)
        self.move(handoff, step, by=by, at=at)
        self._start(life, handoff, at)


def _may_offer(life: Life, kind: str) -> bool:
    """As `journey._may_offer`."""
    earlier: Iterable[Handoff] = (one for one in life.handoffs if one.kind == kind)
    before = max(earlier, key=lambda one: (one.first_offered_at, one.pk), default=None)
    if before is None:
        return True
    ended = before.ended_at
    if ended is None:
        return False
    raised = (one for one in life.touches if one.direction == "inbound")
    return any(one.occurred_at > ended for one in raised) or any(
        one.entered_at > ended for one in life.entries
    )
