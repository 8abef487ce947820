"""An entry of the ledger as other systems read it, with where its lead stands now.

The entry says what happened; beside it stand state, due time and link, as they are when it
is written out, in `crm` once more flat, for a CRM that keeps them on its own record.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from leads.actions.links import lead_link
from leads.core.events.outward import SCHEMA, type_of
from leads.core.words.stages import StageWords, words_of
from leads.models import Clock, Handoff, Lead, LeadSource
from portal.ledger.models import LedgerEntry
from portal.notifications.messages import address
from sla.models import Version


class Surroundings:
    """What stands around a batch of entries, read in a few queries for all of them."""

    def __init__(self, entries: Sequence[LedgerEntry], at: datetime) -> None:
        ids = {entry.lead_id for entry in entries if entry.lead_id is not None}
        found = Lead.objects.select_related("agreement", "company").filter(pk__in=ids)
        self.leads = {lead.pk: lead for lead in found}
        self.names: dict[int, list[dict[str, str]]] = {}
        for name in LeadSource.objects.filter(lead__in=ids).order_by("pk"):
            said = {"system": name.source, "id": name.external_id}
            self.names.setdefault(name.lead_id, []).append(said)
        handoffs = Handoff.objects.filter(lead__in=ids).order_by("offered_at", "pk")
        self.handoffs = {one.pk: one for one in handoffs}
        self.latest = {one.lead_id: one for one in handoffs}
        about = [entry.subject_id for entry in entries if entry.subject_type == "clock"]
        clocks = Clock.objects.filter(pk__in=about) | Clock.objects.filter(
            lead__in=ids, stopped_at=None
        )
        self.clocks = {one.pk: one for one in clocks.order_by("-due_at", "-pk")}
        self.next = {
            one.lead_id: one
            for one in self.clocks.values()
            if one.stopped_at is None and one.paused_at is None
        }
        versions = [one.subject_id for one in entries if one.subject_type == "version"]
        self.versions = Version.objects.select_related("agreement").in_bulk(versions)
        self.words = _words({lead.agreement_id for lead in self.leads.values()}, at)


def _words(agreements: Iterable[int | None], at: datetime) -> dict[int, StageWords]:
    found = {}
    for agreement_id in agreements:
        version = Version.objects.in_force(agreement_id, at) if agreement_id else None
        if version is not None and agreement_id is not None:
            found[agreement_id] = words_of([version.parsed])
    return found


def payload(
    entry: LedgerEntry, around: Surroundings, key: UUID, *, personal: bool
) -> dict[str, Any]:
    """One event, as docs/events.md describes `concord.event.v1`."""
    lead = around.leads.get(entry.lead_id or 0)
    handoff, clock = _handoff_of(entry, around), _clock_of(entry, around)
    version = around.versions.get(entry.subject_id) if entry.subject_type == "version" else None
    return {
        "schema": SCHEMA,
        "type": type_of(entry.kind),
        "id": str(key),
        "occurred_at": _instant(entry.at),
        "sequence": entry.seq,
        "hash": entry.hash,
        "subject": {"type": entry.subject_type, "id": entry.subject_id},
        "actor": entry.actor_id,
        "department": entry.department or None,
        "team": entry.team or None,
        "facts": entry.clear,
        "lead": _lead(lead, around, personal) if lead else None,
        "handoff": _handoff(handoff) if handoff else None,
        "clock": _clock(clock) if clock else None,
        "agreement": _agreement(version) if version else None,
        "crm": _flat(lead, around) if lead else None,
    }


def _handoff_of(entry: LedgerEntry, around: Surroundings) -> Handoff | None:
    """Whose entry it is, or that of its clock; else the lead's latest."""
    if entry.subject_type == "handoff":
        return around.handoffs.get(entry.subject_id)
    clock = _clock_of(entry, around)
    if clock is not None and clock.handoff_id is not None:
        return around.handoffs.get(clock.handoff_id)
    return around.latest.get(entry.lead_id or 0)


def _clock_of(entry: LedgerEntry, around: Surroundings) -> Clock | None:
    if entry.subject_type == "clock":
        return around.clocks.get(entry.subject_id)
    named = entry.clear.get("clock")
    return around.clocks.get(named) if isinstance(named, int) else None


def _lead(lead: Lead, around: Surroundings, personal: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": lead.pk,
        "external_ids": around.names.get(lead.pk, []),
        "stage": _stage(lead, around),
        "state": _state_of(lead),
        "received_at": _instant(lead.received_at),
        "segment": lead.segment,
        "source": lead.source,
        "merged_into": lead.merged_into_id,
        "link": address(lead_link(lead.pk)),
    }
    if personal:
        said |= {
            "name": lead.name, "email": lead.email, "phone": lead.phone,
            "job_title": lead.job_title, "company": lead.company.name if lead.company else "",
        }  # fmt: skip
    return said


def _stage(lead: Lead, around: Surroundings) -> Mapping[str, str]:
    words = around.words.get(lead.agreement_id or 0, StageWords())
    return {
        "key": lead.stage,
        "name": words.spoken(lead.stage),
        "legacy": words.spoken(lead.stage, legacy=True),
    }


def _state_of(lead: Lead) -> str:
    return lead.closed_as or ("closed" if lead.closed_at else "open")


def _handoff(handoff: Handoff) -> dict[str, Any]:
    return {
        "id": handoff.pk,
        "kind": handoff.kind,
        "state": handoff.state,
        "round": handoff.round,
        "outcome": handoff.outcome or None,
        "offered_at": _instant(handoff.offered_at),
        "accepted_at": _instant(handoff.accepted_at),
        "receiver": handoff.receiver_id,
        "link": address(lead_link(handoff.lead_id)),
    }


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "id": clock.pk,
        "obligation": clock.obligation,
        "state": clock.outcome or ("paused" if clock.paused_at else "running"),
        "started_at": _instant(clock.started_at),
        "due_at": _instant(clock.due_at),
        "warn_at": _instant(clock.warn_at),
        "stopped_at": _instant(clock.stopped_at),
        "link": address(reverse("leads:clock", args=[clock.pk])),
    }


def _agreement(version: Version) -> dict[str, Any]:
    link = reverse("sla:version", args=[version.agreement.key, version.number])
    return {
        "key": version.agreement.key,
        "version": version.number,
        "revision": version.revision,
        "state": version.state,
        "digest": version.digest,
        "effective_from": _instant(version.effective_from),
        "link": address(link),
    }


def _flat(lead: Lead, around: Surroundings) -> dict[str, Any]:
    """Fields that a CRM can keep as they are: what is due next, by when, and where."""
    clock, handoff = around.next.get(lead.pk), around.latest.get(lead.pk)
    stage = _stage(lead, around)
    return {
        "concord_lead": lead.pk,
        "concord_stage": stage["name"],
        "concord_stage_legacy": stage["legacy"],
        "concord_state": _state_of(lead),
        "concord_handoff": handoff.state if handoff else None,
        "concord_due": clock.obligation if clock else None,
        "concord_due_at": _instant(clock.due_at) if clock else None,
        "concord_link": address(lead_link(lead.pk)),
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
