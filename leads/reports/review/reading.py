"""What a weekly review reads: what was late and why, what is about to be, what is undecided.

Late and kept are of clocks that were due in the week; what is open is as it stands now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from leads.models import Clock, ReviewNote
from leads.models.clock import ClockQuerySet
from leads.reports import figures
from leads.reports.figures import Tally
from leads.reports.period import Filters
from leads.reports.scorecard import beside
from leads.reports.scorecard.card import Paces, paces
from leads.reports.scorecard.returns import Returned, returns
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
    clocks: list[Clock] = field(default_factory=list)


@dataclass(frozen=True)
class Open:
    """Clocks that run now: about to be late, disputes to decide, and what nobody owns."""

    soon: Sequence[Clock]
    disputes: Sequence[Clock]
    unowned: Sequence[Clock]


@dataclass(frozen=True)
class Review:
    filters: Filters
    version: Version | None
    broken: Sequence[Broken]
    kept: Mapping[str, tuple[int, int]]
    talk: Sequence[Clock]
    open: Open
    paces: Paces
    returned: Sequence[Returned]
    notes: Mapping[str, Sequence[ReviewNote]]
    at: datetime


def review(version: Version | None, filters: Filters, at: datetime) -> Review:
    """The week of `filters`, read in eight queries."""
    tallies = figures.tallies(filters, at)
    late = list(_late(filters, at))
    return Review(
        filters=filters,
        version=version,
        broken=_broken(tallies, late),
        kept=_kept(tallies),
        talk=_talk(late, at),
        open=_open(at),
        paces=paces(version, filters, at, undecided(filters)),
        returned=returns(filters, version)["reason"],
        notes=_notes(filters),
        at=at,
    )


def undecided(filters: Filters) -> dict[str, QuerySet[Any]]:
    """What is counted beside: waivers of the week, and proposals that wait for signatures."""
    proposed = Version.objects.filter(state=Version.State.PROPOSED)
    return {"waived": beside.waived(filters), "proposed": proposed}


def _late(filters: Filters, at: datetime) -> ClockQuerySet:
    """The clocks of the week that were late, with whether their owner was away then."""
    absent = Absence.objects.filter(
        user=OuterRef("owner"),
        starts_at__lte=OuterRef("due_at"),
        ends_at__gt=OuterRef("due_at"),
    )
    found = figures.clocks(filters).filter(figures.conditions(at)["late"])
    return found.annotate(away=Exists(absent)).select_related("lead", "owner", "team")


def _broken(tallies: Sequence[Tally], late: Sequence[Clock]) -> list[Broken]:
    """One for each obligation with anything late, most first."""
    found = {(one.obligation, one.party): Broken(one) for one in tallies if one.late}
    for clock in late:
        group = found[clock.obligation, str(clock.department_id)]
        group.clocks.append(clock)
        cause = _cause(clock)
        setattr(group, cause, getattr(group, cause) + 1)
    return sorted(found.values(), key=lambda one: (-one.tally.late, one.tally.obligation))


def _cause(clock: Clock) -> str:
    if getattr(clock, "away", False):
        return "away"
    if clock.owner_id is None:
        return "unowned"
    return "never" if clock.stopped_at is None else "behind"


def _kept(tallies: Sequence[Tally]) -> dict[str, tuple[int, int]]:
    """Of each department, what was kept of what was due."""
    found: dict[str, tuple[int, int]] = {"marketing": (0, 0), "sales": (0, 0)}
    for one in tallies:
        met, due = found[one.party]
        found[one.party] = met + one.met, due + one.due
    return found


def _talk(late: Sequence[Clock], at: datetime) -> list[Clock]:
    """Three leads that were kept waiting longest, one clock of each."""
    longest: dict[int, Clock] = {}
    for clock in sorted(late, key=lambda one: one.due_at - (one.stopped_at or at)):
        longest.setdefault(clock.lead_id, clock)
    return list(longest.values())[:TALK]


def _open(at: datetime) -> Open:
    """One question; each clock is in every list that it belongs to."""
    absent = Absence.objects.covering(at).filter(user=OuterRef("owner"))
    wanted = Q(due_at__gte=at, due_at__lt=at + SOON) | Q(kind="decide") | Q(owner=None)
    found = (
        Clock.objects.running()
        .filter(wanted)
        .annotate(away=Exists(absent))
        .select_related("lead", "owner", "team", "handoff")
        .order_by("due_at", "pk")[:MOST]
    )
    clocks = list(found)
    return Open(
        soon=[one for one in clocks if at <= one.due_at < at + SOON],
        disputes=[one for one in clocks if one.kind == "decide"],
        unowned=[one for one in clocks if one.owner_id is None],
    )


def _notes(filters: Filters) -> dict[str, list[ReviewNote]]:
    found: dict[str, list[ReviewNote]] = defaultdict(list)
    for one in ReviewNote.objects.filter(week=filters.period.first).select_related("by"):
        found[one.about].append(one)
    return dict(found)
