"""Grave: a target its calendar makes impossible. Listed: a short one that nobody hears of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sla.core import durations
from sla.core.clauses.words import in_words
from sla.core.durations import Duration
from sla.core.saying import Say
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.terms.parts import Handoff, Obligation, Side
from sla.core.warnings.company import Caution, Directory, Team
from sla.core.workingtime import WorkingCalendar, add, between, openings

SHORT = timedelta(hours=1)
"""A target below this is short: nobody reads mail so often."""

PUSH = frozenset({"slack", "teams"})
"""Kinds of channel that reach a person who is looking elsewhere."""

_A_YEAR = timedelta(days=366)
_UNCOUNTED = _("{team} has no calendar of this agreement to count its time on.")
_NEVER = _("{calendar} does not open for so long before the year 2200.")
_WHILE_CLOSED = _(
    "{within} can pass on {calendar} while {team} is closed, such as {since} to {until} in "
    "{zone}."
)
_NO_PUSH = _(
    "{within} are allowed, but until it is due its owner hears of it in the portal or by mail "
    "only."
)
_MAIL_ONLY = _("{within} are allowed, but {n} of {of} people in {team} get mail only.")


def impossible_targets(terms: Terms, directory: Directory, say: Say) -> Iterator[Caution]:
    """One for each obligation, handoff and side that ordinary hours cannot keep."""
    for owed in terms.obligations:
        for handoff, side in terms.owing_sides(owed):
            if reason := _why_impossible(terms, directory, owed, handoff, side, say):
                where = f"{handoff.key}:" if handoff else ""
                yield Caution(
                    code=f"impossible_target:{owed.key}:{where}{side.team or side.department}",
                    grave=True,
                    fact=say(_("A target that its calendar makes impossible: {name}.")).format(
                        name=owed.name
                    ),
                    why=reason,
                    path=f"obligations/{owed.key}",
                )


def unheard_targets(terms: Terms, directory: Directory, say: Say) -> Iterator[Caution]:
    """One for each obligation with a short target and no push channel until it is due."""
    for owed in terms.obligations:
        short = [one for one in _lengths(owed) if not (one.weeks or one.days)]
        shortest = min(short, key=lambda one: one.time, default=None)
        if shortest is None or shortest.time >= SHORT:
            continue
        if reason := _why_unheard(terms, directory, owed, in_words(shortest, say=say), say):
            yield Caution(
                code=f"short_without_push:{owed.key}",
                grave=False,
                fact=say(_("A short target without a push channel: {name}.")).format(
                    name=owed.name
                ),
                why=reason,
                path=f"obligations/{owed.key}",
            )


def _lengths(owed: Obligation) -> Iterator[Duration]:
    for target in owed.targets:
        yield target.within
        if target.beyond is not None:
            yield target.beyond.within


def _why_impossible(
    terms: Terms,
    directory: Directory,
    owed: Obligation,
    handoff: Handoff | None,
    side: Side,
    say: Say,
) -> str:
    """Why a clock cannot be kept; "" if it can. Holidays are no reason: they pass."""
    if owed.calendar.fixed is not None:
        clocks = [terms.calendar(owed.calendar.fixed)]
    else:
        teams = directory.teams_of(_clock_side(owed, handoff, side))
        for team in teams:
            if team.calendar not in terms.calendars:
                return say(_UNCOUNTED).format(team=team.title)
        clocks = [terms.calendar(team.calendar) for team in teams if team.calendar]
    workers = [team for team in directory.teams_of(side) if team.calendar in terms.calendars]
    since = datetime(terms.governance.review_on.year, 1, 1, tzinfo=UTC)
    for clock in dict.fromkeys(clocks):
        if reason := _never_runs_out(clock, owed, since, say):
            return reason
        for worker in workers:
            if reason := _runs_out_while_closed(terms, clock, worker, owed, since, say):
                return reason
    return ""


def _clock_side(owed: Obligation, handoff: Handoff | None, side: Side) -> Side:
    """The side whose team's calendar counts; a contribution has a calendar of its own."""
    named = {"giver": handoff.giver, "receiver": handoff.receiver} if handoff else {}
    return named.get(owed.calendar.team or "", side)


def _never_runs_out(clock: WorkingCalendar, owed: Obligation, since: datetime, say: Say) -> str:
    longest = max(durations.working(one, clock) for one in _lengths(owed))
    try:
        add(clock, since, longest)
    except ValueError:
        return say(_NEVER).format(calendar=clock.name)
    return ""


def _runs_out_while_closed(
    terms: Terms,
    clock: WorkingCalendar,
    worker: Team,
    owed: Obligation,
    since: datetime,
    say: Say,
) -> str:
    """Whether, in ordinary weeks, the shortest target passes while its team is closed."""
    clock, hours = _ordinary(clock), _ordinary(terms.calendar(worker.calendar or ""))
    if clock == hours:
        return ""  # nothing passes on the calendar of those who keep it
    shortest = min(_lengths(owed), key=lambda one: durations.working(one, clock))
    allowed = durations.working(shortest, clock)
    for (_since, closes), (opens, _until) in pairwise(openings(hours, since, since + _A_YEAR)):
        if between(clock, closes, opens) >= allowed:
            zone = ZoneInfo(hours.zone)
            return say(_WHILE_CLOSED).format(
                within=in_words(shortest, say=say), calendar=clock.name, team=worker.title,
                since=_moment(closes.astimezone(zone), say),
                until=_moment(opens.astimezone(zone), say), zone=hours.zone,
            )  # fmt: skip
    return ""


def _ordinary(calendar: WorkingCalendar) -> WorkingCalendar:
    return replace(calendar, closed=(), special=(), breaks=())


def _moment(at: datetime, say: Say) -> str:
    """A weekday as catalogues have it, and the time."""
    return f"{say(f'{at:%a}')} {at:%H:%M}"


def _why_unheard(
    terms: Terms, directory: Directory, owed: Obligation, within: str, say: Say
) -> str:
    """Why whoever owes would not hear in time; "" if each of them would."""
    before_due = [s for s in terms.ladders[owed.ladder] if s.percent is not None]
    heard = [step for step in before_due if "acting_owner" in step.telling.whom]
    if not any(PUSH & set(step.telling.channels) for step in heard):
        return say(_NO_PUSH).format(within=within)
    for _kind, side in terms.owing_sides(owed):
        for team in directory.teams_of(side):
            if deaf := directory.without_push & set(team.members):
                return say(_MAIL_ONLY).format(
                    within=within, n=len(deaf), of=len(team.members), team=team.title
                )
    return ""
