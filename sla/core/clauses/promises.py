"""The clauses about promises: obligations with their clocks, volumes, and benchmarks."""

from collections.abc import Iterator

from sla.core.clauses import words
from sla.core.clauses.layout import Draft
from sla.core.facts import TOUCH_KINDS
from sla.core.terms.document import Terms
from sla.core.terms.parts import (
    Benchmark,
    ClockCalendar,
    Commitment,
    Obligation,
    Pause,
    Target,
)

_DOES = {
    "accept": "accepts or returns the lead",
    "first_attempt": "makes a first attempt to reach the person",
    "cadence": "makes {attempts} attempts to reach the person",
    "disposition": "says what came of it",
    "answer": "answers a return: fixed, disputed, or back to nurture",
    "complete_package": "completes what is missing in the package",
    "decide": "decide a dispute together",
    "contribution": "delivers {materials} when it is asked for",
}
_BEGINS = {
    "offer": "the offer",
    "acceptance": "the acceptance",
    "return": "the return",
    "dispute": "the dispute",
    "request": "the request",
}


def obligation_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield a clause for each obligation."""
    for owed in terms.obligations:
        lines = (
            ("promise", _promise(terms, owed)),
            ("targets", _targets(owed)),
            ("calendar", _calendar(terms, owed.calendar)),
            ("pauses", " ".join(map(_pause, owed.pauses))),
            ("default", _default(owed)),
            ("attainment", _attainment(owed)),
            (
                "ladder",
                f"Whom to tell when time runs out is said under “{words.name(owed.ladder)}”.",
            ),
        )
        yield Draft(f"obligations/{owed.key}", owed.name, lines)


def volume_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield a clause for each commitment, then for each benchmark."""
    for commitment in terms.commitments:
        yield _commitment(terms, commitment)
    for benchmark in terms.benchmarks:
        yield _benchmark(terms, benchmark)


def _promise(terms: Terms, owed: Obligation) -> str:
    materials = [f"a {TOUCH_KINDS[kind].label}" for kind in owed.materials]
    does = _DOES[owed.kind].format(
        attempts=owed.attempts or "the agreed", materials=words.listed(materials)
    )
    who = words.party(owed.accountable)
    if owed.kind == "contribution":
        since = "in any stage"
        if owed.from_stage is not None:
            since = f"from {words.to_stage(words.stage(terms, owed.from_stage))} on"
        return f"{who} {does}, {since}."
    return f"{_where(terms, owed)}, {who} {does}."


def _where(terms: Terms, owed: Obligation) -> str:
    if owed.handoff is None:
        return "On every handoff"
    names = [handoff.name for handoff in terms.handoffs if handoff.key == owed.handoff]
    return f"On the handoff “{names[0] if names else owed.handoff}”"


def _targets(owed: Obligation) -> str:
    rows = words.listed([_target(row, len(owed.targets) > 1) for row in owed.targets], "and")
    return f"Time allowed, from {_BEGINS[owed.starts]} on: {rows}."


def _target(row: Target, several: bool) -> str:
    said = words.in_words(row.within)
    if row.segment is not None:
        said += f" for {words.kind_of_lead(row.segment)}"
    elif several:
        said += " for any other kind of lead"
    if row.beyond is not None:
        over = f"{row.beyond.weekly:,} in a week"
        said += f" ({words.in_words(row.beyond.within)} for those beyond {over})"
    return said


def _calendar(terms: Terms, calendar: ClockCalendar) -> str:
    if calendar.fixed is None:
        return f"Working time is counted on the calendar of the {calendar.team}’s team."
    known = terms.calendars.get(calendar.fixed)
    return f"Working time is counted on the calendar {known.name if known else calendar.fixed}."


def _pause(pause: Pause) -> str:
    times = "once" if pause.times == 1 else f"{pause.times} times"
    cap, reason = words.in_words(pause.cap), words.key(pause.reason)
    return f"It may pause {times}, for {cap} at most, when {pause.name} ({reason})."


def _default(owed: Obligation) -> str:
    if owed.default is None:
        return ""
    taken = "counts" if owed.default == "counts" else "does not count"
    return f"If nothing is decided in time, the lead {taken}."


def _attainment(owed: Obligation) -> str:
    if owed.attainment is None:
        return ""
    return f"Of those due in a period, {words.percent(owed.attainment)} must be on time."


def _commitment(terms: Terms, owed: Commitment) -> Draft:
    once = behind = ""
    if owed.once_per is not None:
        once = f"A person counts once in {words.elapsed(owed.once_per)}. "
    if owed.measure == "stage_entries":
        once += "Customers and open deals never count."
    if owed.behind is not None:
        below = words.percent(owed.behind.below)
        told = words.told(owed.behind.telling)
        behind = f"When it falls below {below} of its pace, {told}, once a {owed.period}."
        if owed.percent is None:
            often = "day" if owed.period == "week" else "week"
            behind += f" Pace is even over the days, and looked at every {often}."
    lines = (("volume", _volume(terms, owed)), ("once_per", once), ("behind", behind))
    return Draft(f"commitments/{owed.key}", owed.name, lines)


def _volume(terms: Terms, owed: Commitment) -> str:
    who, count = words.party(owed.department), f"{owed.count or 0:,}"
    if owed.measure == "obligation_kept":
        names = {one.key: one.name for one in terms.obligations}
        what = f"{who} keeps “{names.get(owed.obligation or '', owed.obligation)}”"
        if owed.percent is None:
            return f"{what} {count} times a {owed.period}."
        return f"{what} in {words.percent(owed.percent)} of what is due in a {owed.period}."
    stage = words.to_stage(words.stage(terms, owed.stage or "…"))
    if owed.measure == "content":
        return f"{who} makes {count} pieces of content a {owed.period} for {stage}."
    return f"{who} brings {count} leads a {owed.period} that reach {stage}."


def _benchmark(terms: Terms, expected: Benchmark) -> Draft:
    here, there = (words.stage(terms, s) for s in (expected.from_stage, expected.to_stage))
    of_kind = f" of the kind {words.kind_of_lead(expected.segment)}" if expected.segment else ""
    source = f" from the source {words.quoted(expected.source)}" if expected.source else ""
    rate = (
        f"Of the leads{of_kind}{source} that are {words.at_stage(here)}, "
        f"{words.percent(expected.percent)} are expected to reach {words.to_stage(there)} "
        f"within {words.elapsed(expected.within)}."
    )
    confirmed = "Both sides have confirmed it."
    if not expected.confirmed:
        confirmed = "Nobody has confirmed it, so it gives no verdict."
    lines = (("rate", rate), ("confirmed", confirmed))
    return Draft(f"benchmarks/{expected.key}", f"From {here} to {there}", lines)
