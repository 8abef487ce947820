"""What a weekly review reads: what was late and why, what is about to be, what is undecided.

Late and kept are of clocks that were due in the week; what is open is as it stands now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from leads.models import Clock, ReviewNote
from leads.reports import figures
from leads.reports.figures import Tally
from leads.reports.period import Filters
from leads.reports.scorecard import beside
from leads.reports.scorecard.card import Paces, paces
from leads.reports.scorecard.returns import Returned, grouped, returns
from leads.reports.scorecard.sums import Sums
from portal.accounts.models import Absence
from sla.models import Version

SOON = timedelta(days=2)
MOST = 200
TALK = 3


@dataclass
class Broken:
    """What was late of one obligation of one department, and why. The causes add up to
    `late`; `away` before `unowned` before `never` before the rest, done too late."""

    tally: Tally
    away: int = 0
    unowned: int = 0
    never: int = 0
    behind: int = 0


@dataclass(frozen=True)
class Open:
    """Clocks that run now: about to be late, disputes to decide, and what nobody owns."""

    soon: Sequence[Any]
    disputes: Sequence[Any]
    unowned: Sequence[Any]


@dataclass(frozen=True)
class Review:
    filters: Filters
    version: Version | None
    broken: Sequence[Broken]
    kept: Mapping[str, tuple[int, int]]
    talk: Sequence[Any]
    open: Open
    paces: Paces
    returned: Sequence[Returned]
    notes: Mapping[str, Sequence[ReviewNote]]
    at: datetime


def review(
    version: Version | None, filters: Filters, at: datetime, sums: Sums | None = None
) -> Review:
    """The week of `filters`, read in eight queries; fewer where `sums` hold."""
    tallies = sums.clocks(filters, at)[0] if sums else figures.tallies(filters, at)
    late = _late(filters, at)
    talk, running = _clocks(_talk(late, at), at)
    back = grouped(sums.returns(filters), version) if sums else returns(filters, version)
    return Review(
        filters=filters,
        version=version,
        broken=_broken(tallies, late),
        kept=_kept(tallies),
        talk=talk,
        open=running,
        paces=paces(version, filters, at, undecided(filters), sums),
        returned=back["reason"],
        notes=_notes(filters),
        at=at,
    )


def undecided(filters: Filters) -> dict[str, QuerySet[Any]]:
    """What is counted beside: waivers of the week, and proposals that wait for signatures."""
    proposed = Version.objects.filter(state=Version.State.PROPOSED)
    return {"waived": beside.waived(filters), "proposed": proposed}


class Late(NamedTuple):
    """A clock of the week that was late; whether its owner was `away` when it was due."""

    clock: int
    lead: int
    obligation: str
    party: str
    owner: int | None
    due: datetime
    stopped: datetime | None
    away: bool


def _late(filters: Filters, at: datetime) -> list[Late]:
    """Those that were due first come first."""
    late = figures.clocks(filters).filter(figures.conditions(at)["late"])
    found = late.annotate(away=Exists(_absent())).order_by("due_at", "pk")
    rows = found.values_list(
        "pk", "lead", "obligation", "department", "owner", "due_at", "stopped_at", "away"
    )
    return [Late(*row) for row in rows]


def _absent() -> QuerySet[Absence]:
    """Of the outer clock's owner, when it was due."""
    return Absence.objects.filter(
        user=OuterRef("owner"),
        starts_at__lte=OuterRef("due_at"),
        ends_at__gt=OuterRef("due_at"),
    )


def _clocks(talk: Sequence[int], at: datetime) -> tuple[list[Any], Open]:
    """Those to talk about, in this order, with whether their owner was `away` then; and those
    that are open now, `absent` if their owner is. One question; a clock may be both."""
    wanted = Q(due_at__gte=at, due_at__lt=at + SOON) | Q(kind="decide") | Q(owner=None)
    nearest = (
        Clock.objects.running().filter(wanted).order_by("due_at", "pk").values("pk")[:MOST]
    )
    running = Clock.objects.filter(pk__in=nearest).values("pk")
    found = (
        Clock.objects.filter(Q(pk__in=running) | Q(pk__in=talk))
        .annotate(
            away=Exists(_absent()),
            absent=Exists(Absence.objects.covering(at).filter(user=OuterRef("owner"))),
            is_open=_is_in(running),
        )
        .select_related("lead", "owner", "team", "handoff")
        .order_by("due_at", "pk")
    )
    clocks: list[Any] = list(found)
    by_pk = {one.pk: one for one in clocks}
    return [by_pk[pk] for pk in talk if pk in by_pk], _open(clocks, at)


def _is_in(rows: QuerySet[Any]) -> Any:
    return ExpressionWrapper(Q(pk__in=rows), output_field=BooleanField())


def _open(clocks: Sequence[Any], at: datetime) -> Open:
    """Each clock is in every list that it belongs to."""
    now = [one for one in clocks if one.is_open]
    return Open(
        soon=[one for one in now if at <= one.due_at < at + SOON],
        disputes=[one for one in now if one.kind == "decide"],
        unowned=[one for one in now if one.owner_id is None],
    )


def _broken(tallies: Sequence[Tally], late: Sequence[Late]) -> list[Broken]:
    """One for each obligation with anything late, most first."""
    found = {(one.obligation, one.party): Broken(one) for one in tallies if one.late}
    for clock in late:
        group = found.get((clock.obligation, clock.party))
        if group is not None:  # none, where it came to be late while this was read
            cause = _cause(clock)
            setattr(group, cause, getattr(group, cause) + 1)
    return sorted(found.values(), key=lambda one: (-one.tally.late, one.tally.obligation))


def _cause(clock: Late) -> str:
    if clock.away:
        return "away"
    if clock.owner is None:
        return "unowned"
    return "never" if clock.stopped is None else "behind"


def _kept(tallies: Sequence[Tally]) -> dict[str, tuple[int, int]]:
    """Of each department, what was kept of what was due."""
    found: dict[str, tuple[int, int]] = {"marketing": (0, 0), "sales": (0, 0)}
    for one in tallies:
        met, due = found[one.party]
        found[one.party] = met + one.met, due + one.due
    return found


def _talk(late: Sequence[Late], at: datetime) -> list[int]:
    """Of the three leads that were kept waiting longest the clock that says so."""
    longest: dict[int, int] = {}
    for clock in sorted(late, key=lambda one: one.due - (one.stopped or at)):
        longest.setdefault(clock.lead, clock.clock)
    return list(longest.values())[:TALK]


def _notes(filters: Filters) -> dict[str, list[ReviewNote]]:
    found: dict[str, list[ReviewNote]] = defaultdict(list)
    for one in ReviewNote.objects.filter(week=filters.period.first).select_related("by"):
        found[one.about].append(one)
    return dict(found)
