"""Clocks, alerts and timers in memory; every instant is computed by the core."""

import heapq
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leads.actions.alerting.recipients import Roster
from leads.actions.alerting.wording import Wording
from leads.actions.clocks import starting, stopping
from leads.actions.sweeping import raising
from leads.actions.sweeping.raising import Reached
from leads.demo.bulk.world import Life, World
from leads.models import Alert, Clock, Contribution, Handoff, Timer
from portal.accounts.models import Team, User
from portal.bulk import made
from portal.notifications import outbox
from portal.notifications.models import Delivery
from sla.core import durations
from sla.core.terms.parts import Obligation, Start

Outcome = Clock.Outcome


class Ticking:
    """What falls due, in the order in which it does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.due: list[tuple[datetime, int, int]] = []  # instant, 0 timer or 1 step, key
        self.clocks: dict[int, tuple[Life, Clock]] = {}
        self.timers: dict[int, tuple[Life, Timer]] = {}
        self.rank: dict[int, int] = {}
        self.weeks: dict[tuple[str, str], int] = {}
        self.wording, self.roster = _Words(world), _People(world)

    # --- clocks

    def count(self, handoff: Handoff) -> None:
        """Remember how many handoffs of the kind its week has brought up to this one."""
        zone = ZoneInfo(handoff.version.parsed.governance.zone)
        year, week, _ = handoff.first_offered_at.astimezone(zone).isocalendar()
        key = (handoff.kind, f"{year}-{week}")
        self.rank[handoff.pk] = self.weeks[key] = self.weeks.get(key, 0) + 1

    def start_for(
        self, life: Life, handoff: Handoff, event: Start, at: datetime
    ) -> list[Clock]:
        """As `clocks.start_for`."""
        started = []
        for owed in handoff.version.parsed.obligations_on(handoff.kind, event):
            if owed.kind == "complete_package" and not handoff.gaps:
                continue
            for owner, team in starting._owing(handoff, owed):
                clock = self.start(life, owed, handoff, at=at, owner=owner, team=team)
                started += [clock] if clock else []
        return started

    def start(
        self,
        life: Life,
        owed: Obligation,
        subject: Handoff | Contribution,
        *,
        at: datetime,
        owner: User | None,
        team: Team,
    ) -> Clock | None:
        """As `clocks.start`."""
        handoff = subject if isinstance(subject, Handoff) else None
        terms = subject.version.parsed
        segment = handoff.segment if handoff else life.lead.segment
        within = terms.target_for(owed, segment, self.rank[handoff.pk] if handoff else 0)
        if within is None:
            return None
        key, calendar = starting._calendar(terms, owed, subject, team)
        clock = made(
            Clock,
            lead=life.lead, handoff=handoff,
            contribution=subject if isinstance(subject, Contribution) else None,
            version=subject.version, obligation=owed.key, kind=owed.kind, segment=segment,
            round=handoff.round if handoff else 1,
            department_id=starting._accountable(owed, team), team=team, owner=owner,
            owner_since=at, calendar=key, started_at=at, attempts_needed=owed.attempts or 0,
        )  # fmt: skip
        starting._fix_instants(
            clock, terms, owed, calendar, durations.working(within, calendar)
        )
        self.world.add(clock)
        life.clocks.append(clock)
        self.clocks[clock.pk] = (life, clock)
        self._queue(clock)
        starting._record(clock, at)
        return clock

    def stop(
        self, clocks: Iterable[Clock], *, at: datetime, outcome: str | None = None
    ) -> None:
        """As `clocks.stop`; what was due before `at` is raised already."""
        for clock in clocks:
            clock.stopped_at, clock.next_step_at = at, None
            given = outcome if outcome in stopping.PARTED else Outcome.MET
            clock.outcome = Outcome.LATE if clock.due_at < at else given
            stopping._record(clock, at)

    def attempted(self, life: Life, handoff: Handoff, at: datetime) -> None:
        """As `clocks.attempted`."""
        for clock in life.running(handoff):
            if clock.kind not in {"first_attempt", "cadence"} or at < clock.started_at:
                continue
            clock.attempts_made += 1
            if clock.kind != "cadence" or clock.attempts_made >= clock.attempts_needed:
                self.stop([clock], at=at)

    # --- timers

    def set_timer(self, life: Life, timer: Timer) -> None:
        self.world.add(timer)
        life.timers.append(timer)
        self.timers[timer.pk] = (life, timer)
        heapq.heappush(self.due, (timer.at, 0, timer.pk))

    def cancel(
        self, life: Life, at: datetime, *, handoff: Handoff | None = None, kind: str = ""
    ) -> None:
        for timer in life.timers:
            if timer.done_at is not None or timer.cancelled_at is not None:
                continue
            about = handoff is None or timer.handoff_id == handoff.pk
            if about and kind in ("", timer.kind):
                timer.cancelled_at = at

    # --- what falls due

    def next(self, before: datetime) -> tuple[Life, Timer] | tuple[Life, Clock] | None:
        """The next timer or clock with a step due before an instant, taken from the queue."""
        while self.due and self.due[0][0] < before:
            at, which, key = heapq.heappop(self.due)
            if which == 0:
                life, timer = self.timers[key]
                if timer.done_at is None and timer.cancelled_at is None:
                    return life, timer
            else:
                life, clock = self.clocks[key]
                if clock.next_step_at == at:
                    return life, clock
        return None

    def raise_step(self, clock: Clock) -> None:
        """As the sweep does at the very instant of the step."""
        at = clock.next_step_at
        assert at is not None  # noqa: S101  # for the type checker
        due = raising.reached(clock, at)
        for one in due:
            self._raise(clock, one, at)
        raising.advance(clock, len(due))
        self._queue(clock)

    def _raise(self, clock: Clock, one: Reached, at: datetime) -> None:
        step = one.step
        alert: Alert = self.world.add(
            made(
                Alert,
                clock=clock,
                step=step.key,
                level=step.level,
                due_at=step.at,
                raised_at=at,
            )
        )
        told = self.roster.at(at).told(clock, step)
        for notice in raising.told_of(alert.pk, one, told, self.wording, at):
            for user in dict.fromkeys(notice.to):
                for channel in dict.fromkeys(notice.channels):
                    if channel in outbox.PLAIN:
                        row = outbox.plain_row(notice, user, channel, at)
                        self.world.rows.tell(self._aged(row))
        raising.record(alert.pk, one, told, at)

    def _aged(self, row: Delivery) -> Delivery:
        """What is old has left."""
        if row.next_at is not None and row.next_at <= self.world.now:
            row.state, row.sent_at = Delivery.State.SENT, row.next_at
            row.next_at, row.attempts = None, 1
        return row

    def _queue(self, clock: Clock) -> None:
        if clock.next_step_at is not None:
            heapq.heappush(self.due, (clock.next_step_at, 1, clock.pk))


class _Words(Wording):
    """The wording of alerts, fed from memory."""

    def __init__(self, world: World) -> None:
        self.versions = {one.pk: one for one in world.versions}
        self.teams = world.teams
        self.leads: dict[int, str] = {}
        self.owners = {user.pk: user.name for user in world.people.values()}


class _People(Roster):
    """Whom a step tells, fed from memory."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.departments, self.teams = world.departments, world.teams
        self.seats = world.seats
        self.givers: dict[int, int] = {}
        self.named: dict[str, int] = {}

    def at(self, at: datetime) -> "_People":
        """As of an instant: who is away, and who works here."""
        away = self.world.away(at)
        deputies: dict[int, Any] = {one.user_id: one.deputy_id for one in away.values()}
        self.deputies = deputies  # None for who has no deputy, as the rows have it
        self.people = {
            user.pk: user for user in self.world.people.values() if self.world.works(user, at)
        }
        return self
