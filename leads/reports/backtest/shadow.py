"""A version observed: what its clocks would have said of real handoffs. Nothing is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.actions.alerting.recipients import Roster
from leads.actions.links import lead_link
from leads.core import rungs
from leads.core.backtest import NEVER, Fate
from leads.core.rounds import History, judge, target_of
from leads.core.rungs import Rung
from leads.core.trials.seen import Measured
from leads.models import Clock
from leads.reports.backtest.columns import history, remembered
from leads.reports.backtest.reading import MOST
from portal.accounts.models.team import all_teams
from sla.core import ladder
from sla.core.observed import Ending, Observed, Question, Shadow, chosen, listed
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.core.workingtime import instant
from sla.models import Version

MICROSECOND = timedelta(microseconds=1)
ENDINGS: dict[Fate, Ending] = {
    Fate.OPEN: "open", Fate.MET: "met", Fate.LATE: "late", Fate.LEFT_OUT: "left_out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    owed: Obligation
    place: int
    start: int
    due: int
    would: Ending
    really: Ending
    seen: Measured


def shadow(version: Version, question: Question) -> Shadow:
    """What `version` would have made of the handoffs first offered meanwhile, the newest MOST
    of them. The counts are of all, or of all that were offered to the team asked for.
    """
    columns, at = remembered(version.agreement_id), question.at
    past, found = history(columns, question.since, question.until, at, MOST)
    terms = version.parsed
    lines = sorted(_lines(terms, past, question.team), key=lambda one: one.start, reverse=True)
    differ = sum(line.would != line.really for line in lines)
    asked = chosen(question.which, differ)
    shown = [line for line in lines if listed(asked, line.would, line.really)]
    rows, page, pages = question.turned(shown)
    return Shadow(
        n=sum(line.would in ("met", "late") for line in lines),
        late=sum(line.would == "late" for line in lines),
        really_late=sum(line.really == "late" for line in lines),
        differ=differ,
        rows=tuple(_observed(terms, past, rows, at)),
        page=page,
        pages=pages,
        cut=found > MOST,
    )


def _lines(terms: Terms, past: History, team: str) -> Iterator[_Line]:
    receivers = {one.pk for one in all_teams().values() if team in ("", one.key)}
    for owed in terms.obligations:
        if owed.kind == "contribution":
            continue
        judged = judge(terms, owed, past)
        for place, due, fate in zip(judged.rows, judged.due, judged.fate, strict=True):
            if past.columns.receiver[place] not in receivers:
                continue
            one = past.rounds[int(place)]
            seen = one.of(owed)
            if seen is not None:
                yield _Line(
                    owed, int(place), one.events[owed.starts], int(due), ENDINGS[Fate(fate)],
                    _really(seen), seen,
                )  # fmt: skip


def _really(seen: Measured) -> Ending:
    if seen.late:
        return "late"
    if seen.parted:
        return "left_out"
    return "open" if seen.stop == NEVER else "met"


def _observed(
    terms: Terms, past: History, lines: Sequence[_Line], at: datetime
) -> Iterator[Observed]:
    if not lines:
        return
    rows = Clock.objects.select_related("lead").in_bulk([line.seen.clock for line in lines])
    steps = [_reached(terms, past, line, at) for line in lines]
    roster = Roster(list(rows.values()), [step for some in steps for step in some], at)
    for line, reached in zip(lines, steps, strict=True):
        clock = rows[line.seen.clock]
        told = {person: "" for step in reached for person in roster.told(clock, step)}
        yield Observed(
            subject=str(clock.lead),
            link=lead_link(clock.lead_id),
            promise=line.owed.name,
            started_at=instant(line.start),
            really_due=clock.due_at,
            really=line.really,
            would_due=instant(line.due),
            would=line.would,
            told=tuple(map(str, told)),
        )


def _reached(terms: Terms, past: History, line: _Line, at: datetime) -> list[Rung]:
    """The steps of the version's ladder that would have been reached before it was done."""
    promised = target_of(terms, line.owed, past.rounds[line.place], past)
    if promised is None:
        return []
    calendar, start = terms.calendar(promised[0]), instant(line.start)
    stood = line.seen.allowed(line.owed, calendar)
    pauses = [(instant(begins), instant(ends)) for begins, ends in stood.pauses]
    listed = terms.ladder(line.owed.ladder)
    steps = ladder.instants(listed, calendar, start, promised[1] * MICROSECOND, pauses)
    done = line.seen.asked(line.owed.attempts, line.start).stop
    until = at + MICROSECOND if done == NEVER else instant(done)
    made = map(Rung.from_json, rungs.rungs(listed, steps))
    return [rung for rung in made if rung.at < until]
