"""Plays stories like `leads.demo.play`, and leaves the same rows, written all at once."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from leads.actions import commitments, composing, contributions
from leads.actions.alerting import notices
from leads.actions.intake import cleaned
from leads.actions.journeys import touches
from leads.core import text
from leads.core.handoff import Move, State
from leads.demo.bulk.arriving import Arriving
from leads.demo.bulk.handing import Handing
from leads.demo.bulk.pool import Pool
from leads.demo.bulk.room import roomy
from leads.demo.bulk.ticking import Ticking
from leads.demo.bulk.world import Life, World
from leads.demo.events import Event, Story
from leads.demo.library import shelf
from leads.demo.play import script
from leads.models import Contribution, Handoff, Timer
from portal import ledger
from portal.accounts.models import User

FLUSH = 20_000  # events after which the ledger's entries are chained


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing here is garbage before the end, and looking for it takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class BulkPlayer:
    """Plays the events of many stories in the order of their instants, in memory."""

    def __init__(self, *, now: datetime) -> None:
        self.world = World(now=now)
        self.pool = Pool(self.world)
        self.ticking = Ticking(self.world)
        self.arriving = Arriving(self.world, self.pool)
        self.handing = Handing(self.world, self.pool, self.ticking, self.arriving)
        self.lives: dict[int, Life] = {}
        self.shelf = shelf.by_title()

    def play(self, stories: Iterable[Story], *, until: datetime) -> None:
        """Play what happens before `until`, in one transaction; then look back at the pace
        of what was promised, period by period."""
        with roomy(), ledger.recording(at=until), _without_collector():
            for n, event in enumerate(script(stories, until=until), 1):
                self.tick(event.at)
                self.act(event)
                if n % FLUSH == 0:
                    ledger.append_many(())
            self.tick(until)
            ledger.append_many(())
            self.world.rows.write()
        for _look in commitments.look_through(until):
            pass

    def tick(self, until: datetime) -> None:
        """Raise and fire what falls due before `until`."""
        while (found := self.ticking.next(until)) is not None:
            life, due = found
            if isinstance(due, Timer):
                self._fire(life, due)
            else:
                self.ticking.raise_step(due)

    def _fire(self, life: Life, timer: Timer) -> None:
        at, handoff = timer.at, timer.handoff
        timer.done_at = at
        assert handoff is not None  # noqa: S101  # for the type checker
        if timer.kind == Timer.Kind.HANDOFF_EXPIRES:
            if handoff.round == timer.round and handoff.state == State.OFFERED:
                self.handing.expire(life, handoff, at)
        elif timer.kind == Timer.Kind.DECIDE:
            if handoff.state == State.RETURNED:
                self.handing.conclude(life, handoff, timer.note, at=at)
        elif life.lead.closed_at is None and self.handing.tells(at):
            seat = life.seats["marketing"]
            person = self.world.people.get(seat.member_id or 0)
            notices.back_from_nurture(handoff, person, seat.team, at)

    def act(self, event: Event) -> None:
        if event.verb in {"arrive", "again"}:
            life, further = self.arriving.receive(event.said["arrival"], event.at)
            self.lives[event.lead] = life
            self.ticking.wording.leads[life.lead.pk] = life.lead.name
            if further:
                self.handing.advance(life, event.at)
            return
        life = self.lives[event.lead]
        handoff = life.handoffs[-1] if life.handoffs else None
        by = self._actor(life, handoff, event.side)
        if by is not None:
            getattr(self, f"_{event.verb}")(event, life, handoff, by)

    def _actor(self, life: Life, handoff: Handoff | None, side: str) -> User | None:
        if side in {"receiver", "giver"}:
            return getattr(handoff, side, None)
        seat = life.seats["sales" if side == "sales" else "marketing"]
        return self.world.people.get(seat.member_id or 0)

    # --- what people do

    def _touch(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        mine = self._handoff_of(life, by)
        said = dict(event.said) | {"subject": text.line(event.said.get("subject", ""))}
        touch = self.arriving.touch(
            life, at=event.at, handoff=mine, department_id=by.department_id, by=by,
            source=touches.PORTAL, **said,
        )  # fmt: skip
        if touch.is_attempt and mine is not None and self._receives(mine, by):
            if mine.state == State.OFFERED:
                self.handing.accept(life, mine, by=by, at=event.at)
            self.ticking.attempted(life, mine, event.at)
        self.handing.advance(life, event.at)

    def _handoff_of(self, life: Life, by: User) -> Handoff | None:
        """As `touches._handoff_of`."""
        ours = sorted(life.open(), key=lambda one: (one.offered_at, one.pk), reverse=True)
        ours = [
            one
            for one in ours
            if by.department_id
            in (one.receiver_team.department_id, one.giver_team.department_id)
        ]
        return next((o for o in ours if self._receives(o, by)), ours[0] if ours else None)

    def _receives(self, handoff: Handoff, by: User) -> bool:
        waits = handoff.state in (State.OFFERED, State.ACCEPTED)
        return waits and (
            by.team_id == handoff.receiver_team_id or by.pk == handoff.receiver_id
        )

    def _attest(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.arriving.attest(life, event.said["fact"], by, event.at)
        self.handing.advance(life, event.at)

    def _fill(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        told = cleaned(composing.arrival_of(event.said["values"], set_by=str(by)))
        self.arriving.learn(life, told, event.at, by)
        self.handing.advance(life, event.at)

    def _offer(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.offer(life, event.said["kind"], by=by, at=event.at)

    def _accept(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.accept(life, handoff, by=by, at=event.at)

    def _give_back(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.give_back(life, handoff, by=by, at=event.at, **event.said)

    def _fixed(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.fixed(life, handoff, by=by, at=event.at)

    def _dispute(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.dispute(life, handoff, by=by, at=event.at, **event.said)

    def _decide(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        team = handoff.giver_team if event.side == "giver" else handoff.receiver_team
        word = "counts" if event.said["counts"] else "does_not_count"
        self.handing.move(handoff, Move.DECIDE, by=team.manager or by, at=event.at, reason=word)
        if event.side == "receiver":  # the giver's manager has spoken before
            self.handing.conclude(life, handoff, word, at=event.at)

    def _still_talking(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.still_talking(life, handoff, by=by, at=event.at, **event.said)

    def _close(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.close(life, handoff, by=by, at=event.at, **event.said)

    def _recycle(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.recycle(life, handoff, by=by, at=event.at, **event.said)

    _answer_recycle = _recycle

    def _complete(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        self.handing.complete(life, handoff, by=by, at=event.at, **event.said)

    def _ask(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        version, seat = self.world.version(event.at), life.seats["marketing"]
        owner = self.world.people.get(seat.member_id or 0)
        asked: Contribution = self.world.add(
            Contribution(
                lead=life.lead, version=version, asked_by=by, asked_at=event.at, owner=owner,
                **event.said,
            )
        )  # fmt: skip
        life.contributions.append(asked)
        clear: dict[str, object] = {"kind": asked.kind}
        contributions._record(ledger.Kind.CONTRIBUTION_ASKED, asked, by, event.at, clear)
        for owed in contributions._promised(asked):
            self.ticking.start(life, owed, asked, at=event.at, owner=owner, team=seat.team)

    def _deliver(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        asked = life.contributions[-1]
        asked.delivered_at, asked.delivered_by = event.at, by
        content = asked.content = self.shelf.get(asked.subject)
        asked.link = content.link if content is not None else ""
        clocks = [one for one in life.clocks if one.contribution_id == asked.pk]
        self.ticking.stop([one for one in clocks if one.stopped_at is None], at=event.at)
        said: dict[str, object] = {"content": content.pk} if content is not None else {}
        contributions._record(ledger.Kind.CONTRIBUTION_DELIVERED, asked, by, event.at, said)

    def _used(self, event: Event, life: Life, handoff: Handoff, by: User) -> None:
        asked, used = life.contributions[-1], event.said["used"]
        asked.used, asked.answered_at = used, event.at
        contributions._record(
            ledger.Kind.CONTRIBUTION_USED, asked, by, event.at, {"used": used}
        )
        if used:
            kind = contributions.TOUCH_KINDS.get(asked.kind, "content")
            last = life.open()[-1] if life.open() else None
            self.arriving.touch(
                life, at=event.at, handoff=last, department_id="marketing", kind=kind,
                direction="outbound", by=by, subject=text.line(asked.subject),
            )  # fmt: skip
            self.handing.advance(life, event.at)
