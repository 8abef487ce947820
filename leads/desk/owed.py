"""Everything that waits for one person: their clocks, those they stand in for, the pool's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q

from leads.models import Assignment, Clock, HandoffMove, Touch
from leads.models.clock import ClockQuerySet
from portal.accounts.models import Absence, User
from sla.core import workingtime

GROUPS = {
    "accept": ("accept",),
    "attempts": ("first_attempt", "cadence"),
    "outcome": ("disposition",),
    "answers": ("answer", "complete_package", "decide", "contribution"),
}
MOST = 60


@dataclass(frozen=True)
class Owed:
    """One subject with its open clocks, the soonest first, as of one instant.

    `left` is working time to the soonest due instant, negative when late; `used` the share
    of its target that has gone. A paused clock's time stands still.
    """

    clocks: Sequence[Clock]
    left: timedelta
    used: float
    at: datetime

    @property
    def first(self) -> Clock:
        return self.clocks[0]

    @property
    def state(self) -> str:
        """`late`, `risk`, `pause` or `ok`."""
        clock = self.first
        if clock.paused_at is not None:
            return "pause"
        if clock.due_at < self.at:
            return "late"
        at_risk = clock.warn_at is not None and clock.warn_at <= self.at
        return "risk" if at_risk else "ok"


def mine(user: User, at: datetime) -> ClockQuerySet:
    """Open clocks that `user` answers for at `at`.

    Their own; those of colleagues away who named them deputy; for a steward, those of the
    team that nobody owns; for the giving side's manager, disputes without their word.
    """
    stands_in = Absence.objects.covering(at).filter(user=OuterRef("owner"), deputy=user)
    pool = Q(owner=None, team__steward=user)
    dispute = Q(kind="decide", handoff__giver_team__manager=user) & ~Q(_spoken(user))
    return Clock.objects.unstopped().filter(Q(owner=user) | pool | dispute | Exists(stands_in))


def _spoken(user: User) -> Exists:
    """Whether `user` has said a word on the dispute of a clock, in its round."""
    words = HandoffMove.objects.filter(
        handoff=OuterRef("handoff"), round=OuterRef("round"), move="decide", undone_at=None
    )
    return Exists(words.filter(by=user))


def owed_by_the_other_side(user: User, at: datetime) -> ClockQuerySet:
    """Open clocks of the other department on leads where `user` has the seat."""
    seat = Assignment.objects.filter(lead=OuterRef("lead"), member=user, until=None)
    return (
        Clock.objects.unstopped()
        .exclude(department_id=user.department_id)
        .filter(Exists(seat))
        .select_related("lead", "owner", "team", "handoff", "contribution")
        .order_by("due_at", "pk")
    )


def numbers(user: User, at: datetime) -> dict[str, int]:
    """How many open clocks of each group a person has, for the filters."""
    kinds = list(mine(user, at).values_list("kind", flat=True))
    found = {group: sum(kind in members for kind in kinds) for group, members in GROUPS.items()}
    return {"all": len(kinds), **found}


def owed(user: User, at: datetime, group: str = "") -> list[Owed]:
    """What `user` owes, soonest first; clocks of one handoff stand together.

    At most MOST clocks are read: the soonest, which are the ones to act on.
    """
    found = mine(user, at)
    if group in GROUPS:
        found = found.filter(kind__in=GROUPS[group])
    clocks = with_context(found).order_by("due_at", "pk")[:MOST]
    return [measured(members, at) for members in together(clocks)]


def together(clocks: Iterable[Clock]) -> list[list[Clock]]:
    """Clocks by their subject, in the order in which each subject comes first."""
    subjects: dict[tuple[str, int], list[Clock]] = {}
    for clock in clocks:
        key = (
            ("handoff", clock.handoff_id)
            if clock.handoff_id
            else ("contribution", clock.contribution_id or 0)
        )
        subjects.setdefault(key, []).append(clock)
    return list(subjects.values())


def measured(clocks: Sequence[Clock], at: datetime) -> Owed:
    """The clocks of one subject with the working time that is left on the soonest."""
    clock = clocks[0]
    left = time_left(clock, at)
    used = 1 - left / clock.target_time if clock.target else 1.0
    return Owed(clocks, left, used, at)


def time_left(clock: Clock, at: datetime) -> timedelta:
    """Working time from `at` (or from the pause under way) to the due instant."""
    calendar = clock.version.parsed.calendar(clock.calendar)
    return workingtime.between(calendar, clock.paused_at or at, clock.due_at)


def with_context(clocks: ClockQuerySet) -> ClockQuerySet:
    """The clocks with all that a row of a desk shows."""
    seats = Assignment.objects.filter(until=None).select_related("member", "team")
    gaps = Clock.objects.unstopped().filter(
        kind="complete_package", handoff=OuterRef("handoff")
    )
    touches = Touch.objects.filter(undone_at=None).order_by("-occurred_at")
    joined = clocks.annotate(lacks=Exists(gaps)).select_related(
        "lead__company", "handoff", "contribution", "version", "owner", "team"
    )
    return joined.prefetch_related(
        Prefetch("lead__assignments", seats, to_attr="seats"),
        Prefetch("lead__touches", touches[:1], to_attr="last_touch"),
    )
