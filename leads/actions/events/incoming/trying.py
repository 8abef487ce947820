"""What a message would become: done as it would be done, and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.actions.events.incoming import effects
from leads.actions.events.incoming.taking import body_of
from leads.actions.rehearsal import rehearse
from leads.core import events
from leads.core.events import Event, Ignored, Unclear
from leads.models import EventSource, Lead
from portal import ledger
from portal.timed import POISON

MOST = 20  # events of one message that are tried


@dataclass(frozen=True, slots=True)
class Tried:
    """What one event would become. `missing` names the field that stands in the way."""

    number: int
    rule: str = ""
    event: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    what: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    lead: Lead | None = None
    missing: str = ""
    reason: str = ""

    @property
    def would_be_done(self) -> bool:
        return bool(self.what)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What was read, field by field."""
        return [
            (name, value.isoformat() if isinstance(value, datetime) else str(value))
            for name, value in self.values.items()
        ]


def try_out(source: EventSource, mapping: Any, text: str, *, at: datetime) -> list[Tried]:
    """The first MOST events of a message under a mapping that need not be saved.

    Raises MappingInvalid with every fault, NotReadable for a text that is no JSON.
    """
    meant, body = events.parse(mapping), body_of(text.encode("utf-8", "ignore"))
    try:
        parts = events.split(meant, body)
    except Unclear as fault:
        return [Tried(0, missing=fault.path, reason=fault.reason)]

    def act() -> list[Tried]:
        return [_tried(source, meant, n, part, at) for n, part in enumerate(parts[:MOST])]

    return rehearse(act, at=at)


def _tried(
    source: EventSource, meant: events.Mapping, number: int, part: Any, at: datetime
) -> Tried:
    try:
        event = events.read(meant, part)
    except Unclear as fault:
        return Tried(number, fault.rule, fault.kind, missing=fault.path, reason=fault.reason)
    if isinstance(event, Ignored):
        return Tried(number, event.rule, what="ignored")
    return _done(source, event, number, at)


def _done(source: EventSource, event: Event, number: int, at: datetime) -> Tried:
    missing = ""
    try:
        with ledger.savepoint():
            done = effects.apply(event, source, at)
        return Tried(
            number, event.rule, event.kind, event.values, done.what, done.facts, done.lead
        )
    except Unclear as fault:
        missing, reason = fault.path, fault.reason
    except POISON as refusal:
        reason = str(refusal)
    return Tried(number, event.rule, event.kind, event.values, missing=missing, reason=reason)
