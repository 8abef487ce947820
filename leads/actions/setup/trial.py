"""A test lead: it arrives, is offered and gets its clocks; then all of it is taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.actions.intake.arrival import Arrival
from leads.actions.intake.receiving import receive_step
from leads.actions.journeys.facts import facts_of
from leads.actions.rehearsal import rehearse
from leads.actions.setup import live
from leads.models import Assignment, Clock, Handoff, Lead
from portal.reader.language import say
from sla.core.criteria import evaluate, sentence
from sla.core.terms import Terms


@dataclass(frozen=True)
class Promised:
    """A clock that the test lead had: which promise, whose, and by when."""

    name: str
    whose: object
    due_at: datetime


@dataclass(frozen=True)
class Tried:
    """What became of a test lead: its seats, its clocks, or what it lacks for an offer.

    Nothing of it is there any more: no row, no entry, no turn, no figure.
    """

    lead: Lead
    stage: str
    offered: str
    seats: Sequence[Assignment]
    why: Sequence[str]
    clocks: Sequence[Promised]
    missing: Sequence[str]


def try_out(*, arrival: Arrival, at: datetime) -> Tried:
    """Let a made-up lead arrive now, look at what happens, and take it back.

    Raises what an arrival raises, such as NoTeam.
    """
    return rehearse(lambda: _tried(arrival, at), at=at)


def _tried(arrival: Arrival, at: datetime) -> Tried:
    lead = receive_step(arrival, at=at).lead
    lead.refresh_from_db()
    version = live.in_force(at)
    terms = version.parsed if version else None
    handoff = Handoff.objects.open().filter(lead=lead).first()
    seats = Assignment.objects.filter(lead=lead, until=None)
    clocks = Clock.objects.filter(lead=lead).select_related("owner", "team")
    return Tried(
        lead=lead,
        stage=terms.stage(lead.stage).name if terms and lead.stage else "",
        offered=terms.handoff(handoff.kind).name if terms and handoff else "",
        seats=list(seats.select_related("team", "member", "department")),
        why=list(handoff.why) if handoff else [],
        clocks=[
            Promised(_name(terms, clock), clock.owner or clock.team, clock.due_at)
            for clock in clocks.order_by("due_at")
        ],
        missing=list(_missing(lead, terms, at)) if terms and not handoff else [],
    )


def _name(terms: Terms | None, clock: Clock) -> str:
    return terms.obligation(clock.obligation).name if terms else clock.obligation


def _missing(lead: Lead, terms: Terms, at: datetime) -> Iterator[str]:
    """What the way to the first automatic offer asks for and this lead does not have."""
    facts = facts_of(lead, at)
    kind = next((one for one in terms.handoffs if one.offer == "automatic"), None)
    for key in (kind.from_stage, kind.to_stage) if kind else ():
        criteria = terms.stage(key).criteria
        if criteria is None:
            continue
        outcome = evaluate(criteria, facts, at)
        if not outcome.met:
            yield from (
                sentence(one.leaf, say) for one in outcome.evidence if one.met == one.negated
            )
