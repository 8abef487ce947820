"""What a weekly review reads: what was late and why, what is about to be, what is undecided.

Late and kept are of clocks that were due in the week; what is open is as it stands now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    """The week of `filters`, read in eight queries; in six where `sums` hold."""
    tallies = sums.clocks(filters, at)[0] if sums else figures.tallies(filters, at)
    back = grouped(sums.returns(filters), version) if sums else returns(filters, version)
    late, running = _clocks(filters, at)
    return Review(
        filters=filters,
        version=version,
        broken=_broken(tallies, late),
        kept=_kept(tallies),
        talk=_talk(late, at),
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


def _clocks(filters: Filters, at: datetime) -> tuple[list[Any], Open]:
    """The clocks of the week that were late, with whether their owner was `away` then; and
    those that are open now, `absent` if their owner is. One question; a clock may be both."""
    late = figures.clocks(filters).filter(figures.conditions(at)["late"]).values("pk")
    wanted = Q(due_at__gte=at, due_at__lt=at + SOON) | Q(kind="decide") | Q(owner=None)
    nearest = (
        Clock.objects.running().filter(wanted).order_by("due_at", "pk").values("pk")[:MOST]
    )
    running = Clock.objects.filter(pk__in=nearest).values("pk")
    absent = Absence.objects.filter(
        user=OuterRef("owner"),
        starts_at__lte=OuterRef("due_at"),
        ends_at__gt=OuterRef("due_at"),
    )
    found = (
        Clock.objects.filter(pk__in=late.union(running))
        .annotate(
            away=Exists(absent),
            absent=Exists(Absence.objects.covering(at).filter(user=OuterRef("owner"))),
            was_late=_is_in(late),
            is_open=_is_in(running),
        )
        .select_related("lead", "owner", "team", "handoff")
        .order_by("due_at", "pk")
    )
    clocks: list[Any] = list(found)
    return [one for one in clocks if one.was_late], _open(clocks, at)


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


def _broken(tallies: Sequence[Tally], late: Sequence[Clock]) -> list[Broken]:
    """One for each obligation with anything late, most first."""
    found = {(one.obligation, one.party): Broken(one) for one in tallies if one.late}
    for clock in late:
        group = found.get((clock.obligation, str(clock.department_id)))
        if group is not None:  # none, where it came to be late while this was read
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


def _notes(filters: Filters) -> dict[str, list[ReviewNote]]:
    found: dict[str, list[ReviewNote]] = defaultdict(list)
    for one in ReviewNote.objects.filter(week=filters.period.first).select_related("by"):
        found[one.about].append(one)
    return dict(found)
