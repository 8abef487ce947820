"""Records about somebody who is known, one by one: updated, or nothing new, or refused."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import IntegrityError

from leads.actions.imports import history
from leads.actions.imports.files.memory import snapshot
from leads.actions.imports.files.owners import Owners
from leads.actions.imports.incoming import Incoming
from leads.actions.imports.source import Source
from leads.actions.intake import known, receive_step
from leads.actions.owning import routing
from leads.core.files.dates import Moment
from leads.core.files.records import Refusal
from leads.models import ImportRun, Lead
from portal import ledger
from portal.accounts.models import User

Outcome = Literal["new", "updated", "duplicate"]


class Again(NamedTuple):
    """What became of a record, of which lead, as the run keeps it."""

    outcome: Outcome
    lead: int
    column: str = ""
    why: str = ""
    before: dict[str, Any] | None = None


def take_again(
    one: Incoming,
    run: ImportRun,
    source: Source,
    *,
    at: datetime,
    by: User | None,
    keeps: bool = False,
) -> Again | Refusal:
    """Take a record in as intake does, with its history: an inner step. `keeps`: with what
    the lead was before, so that it can be taken back."""
    lead = known.by_source(one.arrival) or known.open_or_closed(one.arrival)
    if lead is None and not source.mapping.create:
        return Refusal(one.line, _column(source), "nobody here is known by it")
    if lead is not None and (refusal := too_early(one, lead, source)):
        return refusal
    before = snapshot(lead) if lead is not None and keeps else None
    try:
        with ledger.savepoint():
            again = _take(one, run, closes=source.mapping.closes, at=at, by=by)
    except IntegrityError:
        return Refusal(one.line, "", "it contradicts another lead that is open")
    same = lead is not None and lead.pk == again.lead and again.outcome == "updated"
    return again._replace(before=before) if same else again


def _take(
    one: Incoming, run: ImportRun, *, closes: bool, at: datetime, by: User | None
) -> Again:
    received = receive_step(one.arrival, at=at, by=by)
    lead = received.lead
    is_new = received.outcome in ("new", "closed_at_intake")
    told = history.add(lead, one, run=run, at=at, by=by, closes=closes)
    if is_new:
        history.begin(lead, at, by)
        _seat_owner(lead, one.owner, at=at, by=by)
        return Again("new", lead.pk, "", known.stays_back(lead))
    return Again("updated" if told or received.outcome == "updated" else "duplicate", lead.pk)


def _seat_owner(lead: Lead, owner: str, *, at: datetime, by: User | None) -> None:
    """Give the seat to who had the lead in the other system, if they are known here."""
    if not owner or lead.closed_at is not None:
        return
    owners = Owners()
    for department in ("marketing", "sales"):
        owned = owners.seat(department, owner)
        if owned is not None:
            team, member, why = owned
            routing.seat(lead, department, team=team, member=member, at=at, by=by, why=why)


def too_early(one: Incoming, lead: Lead, source: Source) -> Refusal | None:
    """A claim that lies before the lead arrived, by the day."""
    if lead.arrived_at is None or one.arrival.occurred_at is not None:
        return None
    arrived = Moment(lead.arrived_at, date_only=True)
    for kind, moment in one.claims.items():
        refusal = source.reader().too_early(one.line, kind, moment, "arrived", arrived)
        if refusal is not None:
            return refusal
    return None


def _column(source: Source) -> str:
    """The column by which people are known in the file."""
    named = {target.to: target.column for target in source.mapping.targets}
    return named.get("external_id") or named.get("email") or ""
