"""Open work goes on with another team of its department; no clock stops or restarts.

What ended stays where it was, and so does a promise that was late already: it was broken in
the team that it counts for. Everything else counts for the team in which it ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from leads.actions.clocks.owning import hand_over
from leads.actions.clocks.stopping import locked
from leads.actions.handing.transitions import lock_leads, move
from leads.actions.owning import routing
from leads.core.handoff import Move
from leads.core.words import reasons
from leads.models import Assignment, Clock, Contribution, Handoff, Lead
from portal.accounts.models import Team, User
from portal.ledger import known


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is open in the team `old` and goes on in `new`, of the same department.

    `whose`: only what this person has in hand. `stays`: who has something keeps it, as they
    move along; else what `people` had goes to whom the rules of `new` choose.
    """

    old: Team
    new: Team
    whose: User | None = None
    stays: bool
    people: frozenset[int] = frozenset()
    by: User | None
    at: datetime

    def of(self, rows: QuerySet, field: str) -> QuerySet:  # type: ignore[type-arg]  # several
        return rows.filter(**{field: self.whose}) if self.whose is not None else rows


def pass_on(work: Work) -> int:
    """Let it all go on; return of how many leads. An inner step."""
    leads = lock_leads(_concerned(work))
    known.forget_kind(routing.SEATS)
    for lead in leads.values():
        _Passing(work, lead).go()
    return len(leads)


def _concerned(work: Work) -> list[int]:
    old = work.old
    seats = Assignment.objects.filter(
        team=old, until=None, lead__closed_at=None, lead__merged_into=None
    )
    giving = work.of(Handoff.objects.open().filter(giver_team=old), "giver")
    receiving = work.of(Handoff.objects.open().filter(receiver_team=old), "receiver")
    asked = Contribution.objects.filter(
        owner__in=() if work.stays else work.people, delivered_at=None, cancelled_at=None
    )
    clocks = work.of(Clock.objects.unstopped().filter(team=old), "owner")
    rows = (work.of(seats, "member"), giving, receiving, asked, clocks)
    return sorted({pk for found in rows for pk in found.values_list("lead_id", flat=True)})


class _Passing:
    """One locked lead; the rules of the new team choose once for it."""

    def __init__(self, work: Work, lead: Lead) -> None:
        self.work, self.lead, self.chosen = work, lead, False
        self.next: User | None = None

    def go(self) -> None:
        work = self.work
        for handoff in self._handoffs():
            self._handoff(handoff)
        seat = routing.seats_of(self.lead).get(work.old.department_id)
        if seat is not None and seat.team_id == work.old.pk and self._is_meant(seat.member_id):
            routing.seat(
                self.lead, seat.department_id, team=work.new, member=self._after(seat.member),
                at=work.at, by=work.by, why=[reasons.GOES_ON % {"team": work.new}],
            )  # fmt: skip
        for asked in self._requests():
            asked.owner = self._after(asked.owner)
            asked.save(update_fields=["owner"])
        for clock in locked(work.of(self.lead.clocks.filter(team=work.old), "owner")):
            self._clock(clock)

    def _handoff(self, handoff: Handoff) -> None:
        handoff.lead, old = self.lead, self.work.old
        for side in ("giver", "receiver"):
            person = getattr(handoff, side)
            if getattr(handoff, f"{side}_team_id") == old.pk and self._is_meant(
                person.pk if person else None
            ):
                setattr(handoff, f"{side}_team", self.work.new)
                setattr(handoff, side, self._after(person))
        move(handoff, Move.REASSIGN, by=self.work.by, at=self.work.at)

    def _clock(self, clock: Clock) -> None:
        owner = self._after(clock.owner)
        if not clock.is_breached(self.work.at):
            clock.team = self.work.new
            clock.save(update_fields=["team"])
        hand_over(clock, owner, self.work.at)

    def _is_meant(self, person_id: int | None) -> bool:
        return self.work.whose is None or person_id == self.work.whose.pk

    def _after(self, person: User | None) -> User | None:
        """Who has it from now on: the same, unless they went elsewhere."""
        if person is None or self.work.stays or person.pk not in self.work.people:
            return person
        if not self.chosen:
            choice = routing.pick(self.work.new, self.lead, self.work.at)
            self.next = User.objects.active().filter(pk=choice.member_id or 0).first()
            self.chosen = True
        return self.next

    def _handoffs(self) -> Iterable[Handoff]:
        old, whose = self.work.old, self.work.whose
        giving, receiving = Q(giver_team=old), Q(receiver_team=old)
        if whose is not None:
            giving, receiving = giving & Q(giver=whose), receiving & Q(receiver=whose)
        rows = self.lead.handoffs.open().filter(giving | receiving).order_by("pk")
        rows = rows.select_related("version", "giver_team", "receiver_team", "giver")
        return list(rows.select_for_update(no_key=True, of=("self",)))

    def _requests(self) -> Iterable[Contribution]:
        if self.work.stays:
            return []
        rows = self.lead.contributions.filter(owner__in=self.work.people)
        return list(rows.filter(delivered_at=None, cancelled_at=None).select_related("owner"))
