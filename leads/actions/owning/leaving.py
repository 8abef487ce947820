"""Somebody leaves, the company or their team: what they owed goes on with somebody else, and
no clock notices."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from leads.actions.alerting import notices
from leads.actions.clocks.owning import hand_over
from leads.actions.clocks.stopping import locked
from leads.actions.handing.transitions import lock_leads, move
from leads.actions.owning import routing
from leads.core.handoff import Move, State
from leads.core.words import reasons
from leads.models import Assignment, Clock, Contribution, Handoff, Lead
from portal.accounts.models import Team, User
from portal.notifications import outbox
from portal.reader.language import Phrase


@dataclass(frozen=True, slots=True)
class Left:
    """Who left which team; `moved`: they are in another one now."""

    who: User
    team: Team | None
    by: User | None
    at: datetime
    moved: bool = False

    @property
    def reason(self) -> str:
        return (reasons.HAS_MOVED if self.moved else reasons.HAS_LEFT) % {"who": self.who}

    @property
    def title(self) -> Phrase:
        if self.moved:
            return Phrase("%(who)s changed teams: %(number)d leads were handed on")
        return Phrase("%(who)s has left: %(number)d leads were handed on")


def leave(*, who: User, by: User, at: datetime) -> int:
    """Hand on every open lead, handoff, request and clock of `who`, who is inactive already.

    Each goes to whom the team's rules choose, else to its steward, manager or head. Clocks
    neither stop nor restart. Returns the leads. An inner step of the transaction in which
    the account was closed.
    """
    return hand_on(Left(who, who.team, by, at))


def hand_on(left: Left) -> int:
    """As `leave`, of somebody who is in their team no more: an inner step."""
    leads = lock_leads(_concerned(left.who))
    for lead in leads.values():
        _Leaving(lead, left).hand_on()
    if leads and left.team is not None:
        outbox.tell(
            about=f"user:{left.who.pk}:left:{left.at:%Y%m%d%H%M}",
            to=_stand_ins(left.team, left.who),
            channels=["in_app", "mail"],
            title=left.title % {"who": left.who, "number": len(leads)},
            at=left.at,
        )
    return len(leads)


@dataclass
class _Leaving:
    """One locked lead of somebody who leaves; each team chooses once for it."""

    lead: Lead
    left: Left
    chosen: dict[int, User | None] = field(default_factory=dict)

    @property
    def who(self) -> User:
        return self.left.who

    @property
    def by(self) -> User | None:
        return self.left.by

    @property
    def at(self) -> datetime:
        return self.left.at

    def hand_on(self) -> None:
        for handoff in self._handoffs():
            self._hand_on_handoff(handoff)
        why = [self.left.reason]
        for department, seat in list(routing.seats_of(self.lead).items()):
            if seat.member_id == self.who.pk:
                routing.seat(
                    self.lead, department, team=seat.team, member=self._next(seat.team),
                    at=self.at, by=self.by, why=why,
                )  # fmt: skip
        for asked in self._requests():
            asked.owner = self._next(routing.seat_of(self.lead, "marketing").team)
            asked.save(update_fields=["owner"])
        for clock in locked(self.lead.clocks.filter(owner=self.who)):
            hand_over(clock, self._next(clock.team), self.at)

    def _hand_on_handoff(self, handoff: Handoff) -> None:
        handoff.lead = self.lead
        returned = handoff.state == State.RETURNED
        side = "giver" if returned else "receiver"
        to = self._next(handoff.giver_team if returned else handoff.receiver_team)
        if getattr(handoff, f"{side}_id") == self.who.pk and to is not None:
            setattr(handoff, side, to)
            move(handoff, Move.REASSIGN, by=self.by, at=self.at)
            notices.reassigned(handoff, to, self.at)
        if handoff.giver_id == self.who.pk:
            handoff.giver = self._next(handoff.giver_team)
            handoff.save(update_fields=["giver"])

    def _next(self, team: Team) -> User | None:
        """Whom the team's rules choose now; somebody at work who answers for it, else."""
        if team.pk not in self.chosen:
            choice = routing.pick(team, self.lead, self.at)
            chosen = User.objects.active().filter(pk=choice.member_id or 0).first()
            self.chosen[team.pk] = chosen or next(iter(_stand_ins(team, self.who)), None)
        return self.chosen[team.pk]

    def _handoffs(self) -> Iterable[Handoff]:
        mine = Q(giver=self.who) | Q(receiver=self.who)
        rows = self.lead.handoffs.open().filter(mine).order_by("pk")
        rows = rows.select_related("version", "giver_team", "receiver_team")
        return list(rows.select_for_update(no_key=True, of=("self",)))

    def _requests(self) -> Iterable[Contribution]:
        rows = self.lead.contributions.filter(owner=self.who)
        return list(rows.filter(delivered_at=None, cancelled_at=None))


def _concerned(who: User) -> list[int]:
    """The leads of which `who` still has something in hand."""
    seats = Assignment.objects.filter(member=who, until=None, lead__merged_into=None)
    handoffs = Handoff.objects.open().filter(Q(giver=who) | Q(receiver=who))
    rows = (
        seats.filter(lead__closed_at=None),
        handoffs,
        Clock.objects.owed_by(who),
        Contribution.objects.filter(owner=who, delivered_at=None, cancelled_at=None),
    )
    return sorted({pk for found in rows for pk in found.values_list("lead_id", flat=True)})


def _stand_ins(team: Team, who: User) -> list[User]:
    people = (team.steward, team.manager, team.department.head)
    return [one for one in people if one is not None and one.is_active and one != who]
