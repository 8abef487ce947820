"""A person is erased: from every place, at once; what was counted is counted on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.handing.endings import end_step
from leads.actions.handing.transitions import lock, lock_leads
from leads.actions.imports.files.uploads import remove_step
from leads.actions.privacy import elsewhere
from leads.actions.privacy.person import Person, leads_of, person_of
from leads.actions.privacy.place import Place
from leads.actions.privacy.places import PLACES
from leads.actions.saving import save
from leads.actions.sweeping import timers
from leads.core import text
from leads.errors import NotYours, PrivacyRefused
from leads.models import (
    Clock,
    Contribution,
    Handoff,
    Lead,
    PrivacyRequest,
    RetentionRule,
)
from portal import ledger
from portal.accounts.models import Role, User

Naming = dict[str, list[Any]]


@dataclass(frozen=True)
class Preview:
    """What an erasure would do: rows by place, places that are searched, what ends with it."""

    leads: int
    places: Sequence[tuple[Place, int]]
    searched: Sequence[Place]
    handoffs: int
    running: int


def preview(lead: Lead) -> Preview:
    """What goes if the person of the lead is erased now, in few questions; changes nothing."""
    ids = leads_of(lead)
    mine = {place: place.rows_of._default_manager.filter(**{f"{place.lead}__in": ids})
            for place in PLACES if place.lead}  # fmt: skip
    counts = {f"n{n}": _number(rows) for n, rows in enumerate(mine.values())}
    counts["handoffs"] = _number(Handoff.objects.open().filter(lead__in=ids))
    counts["running"] = _number(Clock.objects.filter(lead__in=ids, stopped_at=None))
    *told, handoffs, running = Lead.objects.filter(pk=lead.pk).values_list(*counts.values())[0]
    return Preview(
        leads=len(ids),
        places=[(place, n) for place, n in zip(mine, told, strict=True) if n],
        searched=[place for place in PLACES if not place.lead and place.what],
        handoffs=handoffs,
        running=running,
    )


def _number(rows: Any) -> Coalesce:
    """How many rows there are, to be asked beside others."""
    grouped = rows.order_by().annotate(_all=Value(1)).values("_all")
    counted = grouped.annotate(_n=Count("pk")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def erase(*, lead_id: int, by: User, at: datetime, reason: str) -> PrivacyRequest:
    """Erase the person of a lead, all their leads with it; answers what they asked for.

    Rows that figures count stay, without anything that says who it was: leads, stages,
    handoffs, clocks. What is open ends: handoffs, clocks as cancelled unless they were late,
    material asked for. The salts of the ledger's commitments are destroyed: it verifies as
    before, and says nothing of them. Files that name the person are removed whole.

    Raises NotYours for who is not of operations, PrivacyRefused without a reason, for a
    person who was erased before, and while a file that names them is being read.
    """
    require_operations(by)
    reason = text.line(reason, 300)
    if not reason:
        raise PrivacyRefused(_("Say why: the reason stays with the request."))
    return _erase(lead_id, by=by, at=at, reason=reason, basis=PrivacyRequest.Basis.ASKED)


def erase_by_rule(
    *, lead_id: int, rule: RetentionRule, by: User | None, at: datetime
) -> PrivacyRequest:
    """Erase a person whose leads a rule of retention names; else as `erase`."""
    basis = PrivacyRequest.Basis.RETENTION
    return _erase(lead_id, by=by, at=at, reason="", basis=basis, rule=rule)


def erase_again(*, lead_ids: Iterable[int], at: datetime) -> int:
    """Erase the people of leads who were erased before, and came back with a backup; return
    how many leads that was. Those who are not here, or erased already, are left alone."""
    count = 0
    for pk in lead_ids:
        lead = Lead.objects.filter(pk=pk).first()
        if lead is not None and not lead.is_erased:
            basis = PrivacyRequest.Basis.OTHER
            done = _erase(pk, by=None, at=at, reason=_("came back with a backup"), basis=basis)
            count += len(done.leads)
    return count


def require_operations(by: User) -> None:
    """Raises NotYours for who does not answer for what people ask of their data."""
    if not (by.is_active and by.role == Role.OPERATIONS):
        raise NotYours(_("Operations answer what people ask of their data."))


def _erase(
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    reason: str,
    basis: str,
    rule: RetentionRule | None = None,
) -> PrivacyRequest:
    """Searches outside the transaction, which holds others up, and erases inside it."""
    person = person_of(Lead.objects.get(pk=lead_id))
    naming = _naming(person)

    @ledger.recorded
    def act() -> PrivacyRequest:
        locked = lock_leads(person.leads)
        if all(lead.is_erased for lead in locked.values()):
            raise PrivacyRefused(_("This person was erased before."))
        for lead in locked.values():
            _end(lead, by=by, at=at)
        counts = {"files": _remove_files(person, at)}
        counts |= {place.model: place.erase(person, naming[place.model]) for place in PLACES}
        done = _answered(person, lead_id, by=by, at=at, basis=basis, rule=rule)
        done.reason = person.taken_out(reason)
        done.counts = {name: number for name, number in counts.items() if number}
        done.save()
        _say(person, done, by=by, at=at)
        return done

    return act()


def _naming(person: Person) -> Naming:
    return {place.model: place.naming(person) for place in PLACES}


def _end(lead: Lead, *, by: User | None, at: datetime) -> None:
    """What is under way on the lead ends with it; a lead that is closed stays as it was."""
    for handoff in lead.handoffs.open().order_by("pk"):
        end_step(lock(handoff.pk), at=at)
    for asked in Contribution.objects.filter(lead=lead, delivered_at=None, cancelled_at=None):
        Contribution.objects.filter(pk=asked.pk).update(cancelled_at=at)
        ledger.append(
            "contribution_cancelled", at=at, by=by, subject=("contribution", asked.pk),
            lead=lead.pk, clear={"kind": asked.kind},
        )  # fmt: skip
    running = Clock.objects.filter(lead=lead, stopped_at=None)
    clocks.stop(running, at=at, outcome=Clock.Outcome.CANCELLED)
    timers.cancel_timers(at=at, lead=lead)
    if lead.closed_at is None and lead.merged_into_id is None:
        lead.closed_at, lead.closed_as = at, Lead.Closed.ERASED
        save(lead, "closed_at", "closed_as", at=at, by=by)
        ledger.append(
            "lead_closed", at=at, by=by, subject=("lead", lead.pk),
            clear={"as": Lead.Closed.ERASED},
        )  # fmt: skip


def _remove_files(person: Person, at: datetime) -> int:
    found = elsewhere.uploads(person)
    for upload in found:
        remove_step(upload.pk, at=at)
    return len(found)


def _answered(
    person: Person,
    lead_id: int,
    *,
    by: User | None,
    at: datetime,
    basis: str,
    rule: RetentionRule | None,
) -> PrivacyRequest:
    """The request that this answers: one that waits for any of the leads, or a new one."""
    waiting = PrivacyRequest.objects.open().filter(
        lead__in=person.leads, kind=PrivacyRequest.Kind.ERASURE
    )
    done = waiting.order_by("pk").first() or PrivacyRequest(
        kind=PrivacyRequest.Kind.ERASURE, lead_id=lead_id, asked_at=at, noted_by=by,
        basis=basis,
    )  # fmt: skip
    done.leads, done.done_at, done.done_by, done.rule = list(person.leads), at, by, rule
    PrivacyRequest.objects.open().filter(lead__in=person.leads).exclude(pk=done.pk).update(
        done_at=at, done_by=by, leads=list(person.leads)
    )
    return done


def _say(person: Person, done: PrivacyRequest, *, by: User | None, at: datetime) -> None:
    """The salts go, and the ledger says whose; nothing is committed under them again."""
    for pk in person.leads:
        ledger.forget(("lead", pk))
        ledger.append(
            "erased", at=at, by=by, subject=("lead", pk),
            clear={"request": done.pk, "basis": done.basis, "rule": done.rule_id},
        )  # fmt: skip
