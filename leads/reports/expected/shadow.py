"""Clocks that would have run under a text that nobody has signed yet. Nothing is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from leads.actions.alerting.recipients import Roster
from leads.actions.links import lead_link
from leads.actions.owning import routing
from leads.core import rungs
from leads.core.rungs import Rung
from leads.models import Clock
from leads.reports.expected.offers import MOST, Expected, arrived, offers
from portal.accounts.models import Team
from portal.accounts.models.team import all_teams
from sla.core import durations, ladder
from sla.core.observed import Ending, Observed, Question, Shadow, Which, listed
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.core.workingtime import WorkingCalendar
from sla.models import Version

JUDGED = frozenset({"accept", "first_attempt"})
"""What can be told from an attempt alone; the rest begins with an answer that nobody gave."""


@dataclass(frozen=True)
class _Line:
    """One clock that would have run."""

    offer: Expected
    owed: Obligation
    calendar: WorkingCalendar
    target: timedelta
    due: datetime
    would: Ending
    team: Team

    def clock(self) -> Clock:
        """As a row that nobody keeps: for who asks whom it would have told."""
        return Clock(
            lead=self.offer.lead, owner_id=self.offer.owner_id, team=self.team,
            department_id=self.team.department_id, obligation=self.owed.key,
            kind=self.owed.kind, due_at=self.due,
        )  # fmt: skip


def shadow(version: Version, question: Question) -> Shadow:
    """What `version` would have made of the leads that arrived meanwhile, the newest MOST of
    them, while no version is in force: there is no real clock beside it."""
    there, at = arrived(version, question.since, question.until), question.at
    leads = list(there.select_related("company")[: MOST + 1])
    cut = len(leads) > MOST
    routing.know(all_teams().values())
    lines = sorted(
        (
            line
            for offer in offers(version, leads[:MOST], at)
            for line in _lines(version, offer, at)
            if question.team in ("", line.team.key)
        ),
        key=lambda line: line.offer.at,
        reverse=True,
    )
    asked: Which = "late" if question.which == "late" else "all"
    shown = [line for line in lines if listed(asked, line.would, "open")]
    rows, page, pages = question.turned(shown)
    return Shadow(
        n=sum(line.would in ("met", "late") for line in lines),
        late=sum(line.would == "late" for line in lines),
        really_late=0,
        differ=len(lines),
        rows=tuple(_observed(version.parsed, rows, at)),
        page=page,
        pages=pages,
        cut=cut,
        alone=True,
        leads=there.count() if cut else len(leads),
    )


def _lines(version: Version, offer: Expected, at: datetime) -> Iterator[_Line]:
    terms = version.parsed
    offer = _received(offer)
    if offer.team is None:
        return
    for owed in terms.obligations_on(offer.kind.key, "offer"):
        within = terms.target_for(owed, offer.lead.segment)
        if owed.kind in JUDGED and within is not None:
            calendar = _calendar(terms, owed, offer.team)
            target = durations.working(within, calendar)
            due = ladder.due(calendar, offer.at, target)
            would = _ending(offer.done, due, at)
            yield _Line(offer, owed, calendar, target, due, would, offer.team)


def _received(offer: Expected) -> Expected:
    """With the team that would have got it: the one that the text names, if it is there."""
    side = offer.kind.receiver
    if offer.team is not None and side.team in (None, offer.team.key):
        return offer
    team = routing.team_of_side(side.department, side.team)
    return replace(offer, team=team, owner_id=None)


def _calendar(terms: Terms, owed: Obligation, team: Team) -> WorkingCalendar:
    key = owed.calendar.fixed or team.calendar
    return terms.calendar(key if key in terms.calendars else next(iter(terms.calendars)))


def _ending(done: datetime | None, due: datetime, at: datetime) -> Ending:
    if done is not None:
        return "met" if done <= due else "late"
    return "late" if at > due else "open"


def _observed(terms: Terms, lines: Sequence[_Line], at: datetime) -> Iterator[Observed]:
    if not lines:
        return
    steps = [_reached(terms, line, at) for line in lines]
    clocks = [line.clock() for line in lines]
    roster = Roster(clocks, [step for some in steps for step in some], at)
    for line, clock, reached in zip(lines, clocks, steps, strict=True):
        told = {person: "" for step in reached for person in roster.told(clock, step)}
        yield Observed(
            subject=str(line.offer.lead),
            link=lead_link(line.offer.lead.pk),
            promise=line.owed.name,
            started_at=line.offer.at,
            really_due=line.due,
            really="open",
            would_due=line.due,
            would=line.would,
            told=tuple(map(str, told)),
        )


def _reached(terms: Terms, line: _Line, at: datetime) -> list[Rung]:
    """The steps of the ladder that would have been reached before somebody tried."""
    listed_steps = terms.ladder(line.owed.ladder)
    steps = ladder.instants(listed_steps, line.calendar, line.offer.at, line.target)
    until = line.offer.done or at
    made = map(Rung.from_json, rungs.rungs(listed_steps, steps))
    return [rung for rung in made if rung.at <= until]
