"""What a weekly review reads: what was late and why, what is about to be, what is undecided.

Late and kept are of clocks that were due in the week; what is open is as it stands now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from leads.models import Clock
from leads.reports.figures import Tally
from leads.reports.period import Filters
from leads.reports.review.beside import Note, notes_and_absences
from leads.reports.review.late import Late, Promised, of_rows
from leads.reports.scorecard import beside
from leads.reports.scorecard.card import Paces, paces
from leads.reports.scorecard.returns import Returned, grouped, returns
from leads.reports.scorecard.sums import Sums as Counted
from portal.accounts.models import Absence
from sla.models import Version

SOON = timedelta(days=2)
MOST = 200
TALK = 3


@dataclass(frozen=True)
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
    notes: Mapping[str, Sequence[Note]]
    at: datetime


class Sums(Counted, Protocol):
    """What was summed up, and of each clock that was late what tells why."""

    def late(self, filters: Filters, at: datetime) -> Late: ...


def review(
    version: Version | None, filters: Filters, at: datetime, sums: Sums | None = None
) -> Review:
    """The week of `filters`, read in eight queries; in six where `sums` hold."""
    if sums is None:
        tallies, late = of_rows(filters, at)
    else:
        tallies, late = sums.clocks(filters, at)[0], sums.late(filters, at)
    back = grouped(sums.returns(filters), version) if sums else returns(filters, version)
    talk, running = _clocks(late, at)
    notes, absences = notes_and_absences(filters)
    return Review(
        filters=filters,
        version=version,
        broken=_broken(tallies, late.causes(absences)),
        kept=_kept(tallies),
        talk=talk,
        open=running,
        paces=_paces(version, filters, at, sums),
        returned=back["reason"],
        notes=notes,
        at=at,
    )


def _paces(version: Version | None, filters: Filters, at: datetime, sums: Sums | None) -> Paces:
    """With what is counted beside: waivers of the week, and proposals that wait for
    signatures."""
    more: dict[str, QuerySet[Any]] = {
        "proposed": Version.objects.filter(state=Version.State.PROPOSED)
    }
    if sums is None:
        return paces(version, filters, at, more | {"waived": beside.waived(filters)})
    found = paces(version, filters, at, more, sums)
    return replace(found, counts={**found.counts, "waived": sums.waived(filters)})


def _clocks(late: Late, at: datetime) -> tuple[list[Any], Open]:
    """One late clock of each of the leads that waited longest, with whether its owner was
    `away` then; and those that are open now, `absent` if their owner is. One question; a clock
    may be both."""
    wanted = Q(due_at__gte=at, due_at__lt=at + SOON) | Q(kind="decide") | Q(owner=None)
    nearest = (
        Clock.objects.running().filter(wanted).order_by("due_at", "pk").values("pk")[:MOST]
    )
    running, longest = Clock.objects.filter(pk__in=nearest).values("pk"), late.longest(TALK)
    absent = Absence.objects.filter(
        user=OuterRef("owner"),
        starts_at__lte=OuterRef("due_at"),
        ends_at__gt=OuterRef("due_at"),
    )
    found = (
        Clock.objects.filter(Q(pk__in=longest) | Q(pk__in=running))
        .annotate(
            away=Exists(absent),
            absent=Exists(Absence.objects.covering(at).filter(user=OuterRef("owner"))),
            is_open=_is_in(running),
        )
        .select_related("lead", "owner", "team", "handoff")
        .order_by("due_at", "pk")
    )
    clocks: list[Any] = list(found)
    there = {one.pk: one for one in clocks}
    return [there[pk] for pk in longest if pk in there], _open(clocks, at)


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


def _broken(
    tallies: Sequence[Tally], causes: Mapping[Promised, Mapping[str, int]]
) -> list[Broken]:
    """One for each obligation with anything late, most first."""
    found = [
        Broken(one, **causes.get((one.obligation, one.party), {}))
        for one in tallies
        if one.late
    ]
    return sorted(found, key=lambda one: (-one.tally.late, one.tally.obligation))


def _kept(tallies: Sequence[Tally]) -> dict[str, tuple[int, int]]:
    """Of each department, what was kept of what was due."""
    found: dict[str, tuple[int, int]] = {"marketing": (0, 0), "sales": (0, 0)}
    for one in tallies:
        met, due = found[one.party]
        found[one.party] = met + one.met, due + one.due
    return found
