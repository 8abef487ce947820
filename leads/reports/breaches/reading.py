"""The breaches of a month that both departments look at, in groups that are alike.

Three or more late clocks of one promise, team and day are a group; of the others three or
more of one campaign; then those past the last step of their ladder. Nobody is in two.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from leads.core.causes.suggesting import Cause, Facts, most, suggested
from leads.models import BreachCause, Clock, Handoff, HandoffMove, Outage, Touch
from leads.models.clock import ClockQuerySet
from leads.reports import figures
from leads.reports.period import Filters
from portal.accounts.models import Absence

MOST, CLUSTER = 2_000, 3
"""Late clocks of a month that are read, the newest; how many alike make a group."""


@dataclass(frozen=True)
class Group:
    """Late clocks that are alike and stand alike. `key`: what makes them so. `said`: what
    one department says of them, if it does; `agreed`: the other too."""

    key: str
    kind: str
    what: str
    clocks: Sequence[Clock]
    said: BreachCause | None
    suggestion: tuple[Cause | None, int]

    @property
    def first(self) -> Clock:
        return self.clocks[0]

    @property
    def agreed(self) -> bool:
        return self.said is not None and self.said.agreed_at is not None


@dataclass(frozen=True)
class Breaches:
    """Of the period: `late` clocks in all, those reviewed in groups, most first."""

    late: int
    groups: Sequence[Group]
    cut: bool

    def of(self, key: str) -> Group | None:
        return next((group for group in self.groups if group.key == key), None)

    @property
    def open(self) -> list[Group]:
        return [group for group in self.groups if not group.agreed]


def breaches(filters: Filters, at: datetime) -> Breaches:
    """What is reviewed of a period, as of `at`; three questions."""
    late = figures.clocks(filters).filter(figures.conditions(at)["late"])
    found = list(_around(late).order_by("-due_at", "-pk")[: MOST + 1])
    grouped = _grouped(found[:MOST], filters, at)
    groups = [_group(key, some) for key, some in grouped.items()]
    groups.sort(key=lambda one: (one.agreed, -len(one.clocks), one.key))
    return Breaches(len(found[:MOST]), groups, len(found) > MOST)


def suggestion(clock: Clock) -> Cause | None:
    """What the facts around a clock of `breaches` speak for."""
    names = ("outage", "away", "unowned", "lacking", "disputed")
    facts = {name: bool(getattr(clock, name)) for name in names}
    limit = clock.owner.capacity if clock.owner else None
    had = getattr(clock, "had", 0)
    return suggested(Facts(**facts, full=limit is not None and had >= limit))


def standing(clock: Clock) -> BreachCause | None:
    return next(iter(getattr(clock, "standing", ())), None)


def past_the_last_step(clock: Clock, at: datetime) -> bool:
    """Whether it was late for so long that no step of its ladder was left."""
    if not clock.steps:
        return False
    return datetime.fromisoformat(clock.steps[-1]["at"]) <= (clock.stopped_at or at)


def _around(late: ClockQuerySet) -> QuerySet[Clock]:
    """The clocks with the facts that suggest a cause, and with what stands of it."""
    same, due = OuterRef("handoff"), OuterRef("due_at")
    absent = Absence.objects.filter(user=OuterRef("owner"), starts_at__lte=due, ends_at__gt=due)
    down = Outage.objects.filter(began_at__lt=due, ended_at__gt=OuterRef("started_at"))
    moves = HandoffMove.objects.filter(handoff=same, move="dispute", undone_at=None)
    knew = Touch.objects.filter(handoff=same, recorded_at__gt=due, undone_at=None).filter(
        Q(claimed_at__lte=due) | Q(occurred_at__lte=due)
    )
    gaps = Clock.objects.filter(handoff=same, kind="complete_package").filter(
        Q(stopped_at=None) | Q(stopped_at__gt=due)
    )
    held = Handoff.objects.filter(receiver=OuterRef("owner"), first_offered_at__lte=due)
    held = held.filter(Q(ended_at=None) | Q(ended_at__gt=due))
    had = held.order_by().values("receiver").annotate(n=Count("pk")).values("n")
    stands = BreachCause.objects.filter(replaced_at=None).select_related("by", "agreed_by")
    return (
        late.annotate(
            away=Exists(absent), outage=Exists(down), disputed=Exists(moves),
            unowned=Q(owner=None) | Q(owner_since__gt=F("started_at")),
            lacking=Exists(knew) | Exists(gaps),
            had=Coalesce(Subquery(had, output_field=IntegerField()), 0),
        )
        .select_related("lead", "owner", "team")
        .prefetch_related(Prefetch("causes", stands, to_attr="standing"))
    )  # fmt: skip


def _grouped(
    clocks: Sequence[Clock], filters: Filters, at: datetime
) -> Mapping[str, list[Clock]]:
    """By what makes them alike and how they stand; in the order of their due instants."""
    zone = filters.period.zone

    def day(clock: Clock) -> str:
        return clock.due_at.astimezone(zone).date().isoformat()

    rest: Sequence[Clock] = clocks
    found: dict[str, list[Clock]] = {}
    for kind, of in (("day", day), ("campaign", lambda clock: clock.lead.campaign)):
        alike, rest = _alike(kind, of, rest)
        found |= alike
    for clock in rest:
        if past_the_last_step(clock, at):
            found.setdefault(f"last|{clock.obligation}|{clock.team.key}|", []).append(clock)
    return _by_standing(found)


def _alike(
    kind: str, of: Callable[[Clock], str], clocks: Sequence[Clock]
) -> tuple[dict[str, list[Clock]], list[Clock]]:
    """Groups of CLUSTER or more, and the others."""
    there: dict[str, list[Clock]] = defaultdict(list)
    for clock in clocks:
        if what := of(clock):
            there[f"{kind}|{clock.obligation}|{clock.team.key}|{what}"].append(clock)
    found = {key: some for key, some in there.items() if len(some) >= CLUSTER}
    taken = {clock.pk for some in found.values() for clock in some}
    return found, [clock for clock in clocks if clock.pk not in taken]


def _by_standing(groups: Mapping[str, Sequence[Clock]]) -> dict[str, list[Clock]]:
    """Each group parted by what is said of its clocks, and by whom."""
    found: dict[str, list[Clock]] = defaultdict(list)
    for key, clocks in groups.items():
        for clock in clocks:
            said = standing(clock)
            how = f"{said.cause}:{said.department_id}" if said else ""
            found[f"{key}|{how}{':agreed' if said and said.agreed_at else ''}"].append(clock)
    return found


def _group(key: str, clocks: Sequence[Clock]) -> Group:
    kind, _owed, _team, what = key.split("|", 3)
    speaks = most(suggestion(clock) for clock in clocks)
    return Group(key, kind, what.rpartition("|")[0], clocks, standing(clocks[0]), speaks)
