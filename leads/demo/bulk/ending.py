"""What every move of a handoff in memory needs, and how handoffs end."""

from datetime import datetime
from typing import Any

from leads.actions.alerting import notices
from leads.actions.handing import endings, transitions
from leads.core.handoff import Move, State
from leads.demo.bulk.arriving import Arriving
from leads.demo.bulk.pool import Pool
from leads.demo.bulk.ticking import Ticking
from leads.demo.bulk.world import Life, World
from leads.models import Clock, Handoff, Lead, Timer
from portal import ledger
from portal.accounts.models import User
from portal.bulk import made

CANCELLED = Clock.Outcome.CANCELLED


class Ending:
    """Moves, and the ways in which a handoff ends."""

    def __init__(self, world: World, pool: Pool, ticking: Ticking, arriving: Arriving) -> None:
        self.world, self.pool, self.ticking, self.arriving = world, pool, ticking, arriving

    def tells(self, at: datetime) -> bool:
        """What was merely told long ago nobody looks at any more."""
        return (self.world.now - at).days < 10

    def complete(
        self, life: Life, handoff: Handoff, *, by: User | None, at: datetime,
        outcome: str = Handoff.Outcome.MOVED_ON,
    ) -> None:  # fmt: skip
        """As `endings._complete`."""
        handoff.outcome, handoff.outcome_reason = outcome, ""
        self.move(handoff, Move.COMPLETE, by=by, at=at, reason=outcome)
        self._stop_all(life, handoff, at, "disposition")

    def still_talking(
        self, life: Life, handoff: Handoff, *, by: User, at: datetime, note: str
    ) -> None:
        handoff.outcome = Handoff.Outcome.STILL_TALKING
        handoff.outcome_reason = note
        self.move(handoff, Move.STILL_TALKING, by=by, at=at, note=note)
        self._stop(life, handoff, at, "disposition")

    def close(
        self, life: Life, handoff: Handoff, *, by: User, at: datetime, reason: str, lost: bool
    ) -> None:
        """As `endings.close`."""
        outcomes, closed = Handoff.Outcome, Lead.Closed
        handoff.outcome = outcomes.LOST if lost else outcomes.DISQUALIFIED
        handoff.outcome_reason = reason
        self.move(handoff, Move.CLOSE, by=by, at=at, note=reason)
        self._stop_all(life, handoff, at, "disposition")
        lead = life.lead
        lead.closed_at, lead.closed_reason = at, reason
        lead.closed_as = closed.LOST if lost else closed.DISQUALIFIED
        self.world.rows.remember(lead, at, by)
        self.world.open_mail.pop(lead.email_key, None)
        self.world.closed_mail[lead.email_key] = lead
        self.ticking.cancel(life, at)
        ledger.append(
            "lead_closed", at=at, by=by, subject=("lead", lead.pk),
            department=by.department_id, clear={"as": lead.closed_as},
            committed={"reason": reason} if reason else None,
        )  # fmt: skip

    def recycle(
        self, life: Life, handoff: Handoff, *, by: User, at: datetime, on: datetime, note: str
    ) -> None:
        """As `endings._recycle`."""
        answered = "answer" if handoff.state == State.RETURNED else "disposition"
        handoff.outcome, handoff.outcome_reason = Handoff.Outcome.NURTURE, note
        self.move(handoff, Move.RECYCLE, by=by, at=at, note=note)
        self._stop_all(life, handoff, at, answered)
        back = endings._nurtured_at(handoff)
        self._leave_stage(life, handoff, by=by, at=at, to_stage=back)
        self._timer(life, handoff, Timer.Kind.RECYCLE, on)

    def expire(self, life: Life, handoff: Handoff, at: datetime) -> None:
        """As `endings.expire_step`."""
        self.move(handoff, Move.EXPIRE, by=None, at=at)
        self._stop_all(life, handoff, at)
        self.pool.give_back(life, handoff.receiver_team, handoff.receiver_id, at)
        if self.tells(at):
            notices.expired(handoff, at)

    # --- what moves share

    def move(
        self,
        handoff: Handoff,
        step: Move,
        *,
        by: User | None,
        at: datetime,
        reason: str = "",
        note: str = "",
    ) -> None:
        """As `transitions.move`; nobody undoes what is older than half a minute."""
        made = transitions.turn(handoff, step, by=by, at=at)
        made.reason, made.note = reason, note
        self.pool.settle(handoff)
        transitions.say(self.world.add(made), at)

    def _stop(self, life: Life, handoff: Handoff, at: datetime, *kinds: str) -> None:
        running = [clock for clock in life.running(handoff) if clock.kind in kinds]
        self.ticking.stop(running, at=at)

    def _stop_all(self, life: Life, handoff: Handoff, at: datetime, answered: str = "") -> None:
        self._stop(life, handoff, at, answered)
        self.ticking.stop(life.running(handoff), at=at, outcome=CANCELLED)
        self.ticking.cancel(life, at, handoff=handoff)

    def _timer(
        self, life: Life, handoff: Handoff, kind: str, at: datetime, **more: Any
    ) -> None:
        self.ticking.set_timer(
            life,
            made(
                Timer,
                kind=kind,
                at=at,
                lead=life.lead,
                handoff=handoff,
                round=handoff.round,
                **more,
            ),
        )

    def _leave_stage(
        self,
        life: Life,
        handoff: Handoff,
        *,
        by: User,
        at: datetime,
        to_stage: str | None = None,
    ) -> None:
        """As `returns.leave_stage`."""
        entries = [one for one in life.entries if one.handoff_id == handoff.pk]
        if not entries or life.lead.stage != entries[-1].stage:
            return
        agreed = handoff.version.parsed.handoff(handoff.kind)
        back = to_stage or entries[-1].from_stage or agreed.from_stage
        self.arriving.enter(life, back, at=at, by=by, version=handoff.version, handoff=handoff)
