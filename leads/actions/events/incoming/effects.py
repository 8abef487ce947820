"""What each kind of event does: the same actions that people press, as their inner steps.

Each returns what came of it, and raises Unclear or a refusal of the action, in which case
nothing of it stays and the item goes into quarantine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.actions import contributions
from leads.actions.events.incoming.who import lead_of, member, open_handoff, speaker
from leads.actions.handing import endings, handoffs
from leads.actions.handing.transitions import lock, lock_lead
from leads.actions.intake import Arrival, receive_step
from leads.actions.journeys import journey, meetings, stages, touches
from leads.actions.owning import seats
from leads.core.events import Event, Unclear
from leads.core.handoff import State
from leads.core.words import abroad
from leads.core.words.stages import StageWords, plain, words_of
from leads.errors import NeedsHandoff
from leads.models import Contribution, EventSource, Handoff, Lead, Meeting, Touch
from portal import ledger
from sla.core.facts import TOUCH_KINDS
from sla.core.terms import Terms

PERSON = (
    "name", "email", "phone", "job_title", "country", "company_name", "company_domain",
    "company_country", "company_industry", "campaign", "segment", "touch",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an event: the lead, in a word what happened, and what to show of it."""

    lead: Lead
    what: str
    facts: dict[str, Any] = field(default_factory=dict)


def apply(event: Event, source: EventSource, at: datetime) -> Done:
    """Do what the event says, at `at`: an inner step of a recording."""
    return EFFECTS[event.kind](event, source, at)


def _lead(event: Event, source: EventSource, at: datetime) -> Done:
    told: dict[str, Any] = {name: event.said(name) for name in PERSON}
    if not told["name"]:
        told["name"] = f"{event.said('first_name')} {event.said('last_name')}".strip()
    if told["touch"] and told["touch"] not in TOUCH_KINDS:
        raise Unclear(event.place("touch"), f"“{told['touch']}” is no kind of touch")
    arrival = Arrival(
        **told,
        company_employees=event.values.get("company_employees"),
        score=event.values.get("score"),
        consent=event.values.get("consent"),
        source=event.said("source") or source.key,
        system=source.system,
        external_id=event.said("lead.id"),
        set_by=source.key,
        occurred_at=event.occurred_at,
        attributes={
            name.removeprefix("attributes."): value
            for name, value in event.values.items()
            if name.startswith("attributes.")
        },
    )
    received = receive_step(arrival, at=at)
    return Done(received.lead, received.outcome)


def _touch(event: Event, source: EventSource, at: datetime) -> Done:
    """A trusted source's own time counts within its lag, which the touch itself decides."""
    kind, direction = event.said("kind"), event.said("direction").lower() or None
    if kind not in TOUCH_KINDS:
        raise Unclear(event.place("kind"), f"“{kind}” is no kind of touch")
    if direction not in (None, "inbound", "outbound", "two_way"):
        raise Unclear(event.place("direction"), "write inbound, outbound or two_way")
    lead = lead_of(event, source)
    touch = ledger.step(touches.log)(
        lead_id=lead.pk, kind=kind, by=speaker(event, source, lead), at=at,
        direction=direction, subject=event.said("subject"),
        seconds=event.values.get("seconds"), source=source.key, external_id=event.id,
        occurred_at=event.occurred_at,
    )  # fmt: skip
    if touch.lead_id != lead.pk:
        raise Unclear(event.place("id"), "this id was told of another lead before")
    facts = {
        "touch": touch.pk,
        "kind": touch.kind,
        "counts_at": touch.occurred_at.isoformat(),
        "claimed_at": touch.claimed_at.isoformat() if touch.claimed_at else None,
        "trusted": touch.trusted,
    }
    return Done(lead, "logged", facts)


def _stage(event: Event, source: EventSource, at: datetime) -> Done:
    """To a stage that a handoff leads to, the lead is offered or accepted, not moved."""
    lead = lock_lead(lead_of(event, source).pk)
    version = handoffs.version_of(lead, at)
    target = _meant(event, version.parsed)
    here = stages.standing(lead, version.parsed)
    if here == target:
        return Done(lead, "already_there", {"stage": target})
    acts = version.parsed.stage(here or target).acts
    offered = open_handoff(lead)
    if offered is not None and offered.version.parsed.handoff(offered.kind).to_stage == target:
        department = offered.receiver_team.department_id
        by = speaker(event, source, lead, department=department)
        if offered.state == State.OFFERED:
            handoffs.accept_step(lock(offered.pk), by=by, at=at)
            lead.refresh_from_db()
            journey.advance(lead, at)
        return Done(lead, "accepted", {"stage": target, "handoff": offered.pk})
    by = speaker(event, source, lead, department=acts)
    try:
        with ledger.savepoint():
            ledger.step(journey.move)(lead_id=lead.pk, to_stage=target, by=by, at=at)
        return Done(lead, "moved", {"stage": target})
    except NeedsHandoff:
        kind = _kind_to(version.parsed, here, target)
        made = handoffs.offer_step(lock_lead(lead.pk), kind, by=by, at=at)
        return Done(lead, "offered", {"stage": target, "handoff": made.pk})


def _meant(event: Event, terms: Terms) -> str:
    """The stage that a word stands for: its key, its name, an old label, a replaced key."""
    word = event.said("stage")
    words = words_of([terms])
    keys = words.keys_of(word)
    found = [stage.key for stage in terms.journey if stage.key in keys]
    if not found:
        found = _nearest(word, words, terms)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(found)
        raise Unclear(event.place("stage"), f"“{word}” means several stages: {several}")
    raise Unclear(event.place("stage"), f"“{word}” is no stage of the agreement in force")


def _nearest(word: str, words: StageWords, terms: Terms) -> list[str]:
    """The stage that comes nearest to a word of another system's own journey."""
    own = {stage.key for stage in terms.journey}
    known = {said: min(keys & own) for said, keys in words.meant.items() if keys & own}
    near = abroad.meant(known, terms.journey[0].key).get(plain(word))
    return [near] if near else []


def _kind_to(terms: Terms, here: str, target: str) -> str:
    return next(
        one.key for one in terms.handoffs if one.from_stage == here and one.to_stage == target
    )


def _meeting(event: Event, source: EventSource, at: datetime) -> Done:
    lead = lead_of(event, source)
    meeting = ledger.step(meetings.book)(
        lead_id=lead.pk, host=member(event, "host"), starts_at=event.values["starts_at"],
        at=at, source=source.key, external_id=event.said("meeting"),
    )  # fmt: skip
    starts_at = meeting.starts_at.isoformat()
    return Done(lead, "meeting", {"touch": meeting.touch_id, "starts_at": starts_at})


def _no_show(event: Event, source: EventSource, at: datetime) -> Done:
    named = event.said("meeting")
    booked = Meeting.objects.filter(touch__in=Touch.objects.named(source.key, named))
    meeting = booked.select_related("host", "touch__lead").first()
    if meeting is None:
        raise Unclear(event.place("meeting"), f"no meeting is known as {named}")
    if meeting.missed_at is None:
        by = member(event, "by") if event.said("by") else meeting.host
        ledger.step(meetings.missed)(meeting_id=meeting.pk, by=by, at=at)
    return Done(meeting.touch.lead, "no_show", {"touch": meeting.touch_id})


def _owner(event: Event, source: EventSource, at: datetime) -> Done:
    """Given by who keeps the source, as operations may; the handoff goes with its seat."""
    lead, to = lead_of(event, source), member(event, "owner")
    if to.department_id is None:
        raise Unclear(event.place("owner"), f"{to} belongs to no department")
    seat = lead.assignments.filter(until=None, department=to.department_id).first()
    handoff = open_handoff(lead, to.department_id)
    if handoff is not None and handoff.receiver_id == to.pk:
        return Done(lead, "already_owner", {"person": to.pk})
    if handoff is None and seat is not None and seat.member_id == to.pk:
        return Done(lead, "already_owner", {"person": to.pk})
    if handoff is not None:
        ledger.step(handoffs.reassign)(handoff_id=handoff.pk, to=to, by=source.keeper, at=at)
    else:
        ledger.step(seats.reassign_seat)(
            lead_id=lead.pk, department=to.department_id, to=to, by=source.keeper, at=at
        )
    return Done(lead, "owner", {"person": to.pk})


def _won(event: Event, source: EventSource, at: datetime) -> Done:
    lead = lead_of(event, source)
    handoff = _accepted(event, lead)
    ledger.step(endings.complete)(
        handoff_id=handoff.pk, by=speaker(event, source, lead), at=at,
        outcome=Handoff.Outcome.WON, note=event.said("note")[:200],
    )  # fmt: skip
    return Done(lead, "won", {"handoff": handoff.pk})


def _lost(event: Event, source: EventSource, at: datetime) -> Done:
    lead = lead_of(event, source)
    handoff = _accepted(event, lead)
    ledger.step(endings.close)(
        handoff_id=handoff.pk, by=speaker(event, source, lead), at=at,
        reason=event.said("reason")[:200] or source.name, lost=True,
    )  # fmt: skip
    return Done(lead, "lost", {"handoff": handoff.pk})


def _accepted(event: Event, lead: Lead) -> Handoff:
    taken = lead.handoffs.filter(state=State.ACCEPTED, receiver_team__department="sales")
    handoff = taken.order_by("-accepted_at", "-pk").first()
    if handoff is None:
        raise Unclear(event.place("lead.id"), "Sales has no accepted handoff of this lead")
    return handoff


def _used(event: Event, source: EventSource, at: datetime) -> Done:
    lead, kind = lead_of(event, source), event.said("kind")
    asked = Contribution.objects.filter(lead=lead, used=None, cancelled_at=None)
    asked = asked.exclude(delivered_at=None)
    if kind:
        asked = asked.filter(kind=kind)
    found = asked.order_by("-delivered_at", "-pk").first()
    if found is None:
        place = event.place("kind" if kind else "lead.id")
        raise Unclear(place, "no delivered material of this lead waits for an answer")
    used = bool(event.values.get("used", True))
    by = speaker(event, source, lead)
    ledger.step(contributions.mark_used)(contribution_id=found.pk, by=by, at=at, used=used)
    return Done(lead, "used" if used else "not_used", {"contribution": found.pk})


EFFECTS: dict[str, Callable[[Event, EventSource, datetime], Done]] = {
    "lead": _lead,
    "touch": _touch,
    "stage": _stage,
    "meeting": _meeting,
    "no_show": _no_show,
    "owner": _owner,
    "won": _won,
    "lost": _lost,
    "used": _used,
}
