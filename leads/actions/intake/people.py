"""A person's row: what an arrival says, with who said it and when."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from leads.actions.intake import companies
from leads.actions.intake.arrival import Arrival
from leads.actions.intake.companies import origin
from leads.actions.privacy import consents
from leads.actions.saving import save
from leads.core import identity
from leads.models import Company, Consent, Lead, LeadSource
from portal import ledger
from portal.accounts.models import User
from portal.bulk import made

# Fields that an arrival and a lead have alike.
FIELDS = (
    "name", "email", "phone", "job_title", "country", "source", "campaign", "segment",
    "score", "consent",
)  # fmt: skip
_fields = attrgetter(*FIELDS)
_NAMED = {field: f"lead.{field}" for field in FIELDS}
Shape = tuple[str, ...]
# Where somebody came from first is never told anew.
_ONCE = ("source", "campaign", "segment")


def build(
    arrival: Arrival,
    company: Company | None,
    at: datetime,
    *,
    shared: dict[Shape, dict[str, Any]] | None = None,
) -> Lead:
    """A lead as a clean arrival tells of it, not saved and without an agreement yet.

    `shared` keeps what stands alike with many leads of one instant, who set which fields:
    for bulk writers, who change nothing of it.
    """
    told = dict(zip(FIELDS, _fields(arrival), strict=True))
    if arrival.consent is not None:
        told["consent"] = _said(arrival, "consent")
    known = [_NAMED[field] for field, value in told.items() if value not in (None, "")]
    shape = (arrival.set_by, *known, *arrival.attributes)
    provenance = None if shared is None else shared.get(shape)
    if provenance is None:
        known += [f"attributes.{key}" for key in arrival.attributes]
        provenance = dict.fromkeys(known, origin(arrival, at))
        if shared is not None:
            shared[shape] = provenance
    row = told | {
        "name": arrival.name or arrival.email or arrival.phone or arrival.external_id,
        "email_key": arrival.email_key,
        "phone_key": arrival.phone_key,
        "attributes": dict(arrival.attributes),
        "provenance": provenance,
        "received_at": at,
        "arrived_at": arrival.occurred_at,
        "imported": arrival.imported,
        "held": arrival.imported,
    }
    return made(Lead, company=company, **row)


def learn(
    lead: Lead, arrival: Arrival, *, at: datetime, by: User | None, overwrite: bool
) -> list[str]:
    """Take over what is new to a locked lead; return the names of the changed facts.

    Without `overwrite` only blanks are filled, but attributes and the score always follow
    the latest word. An address that is somebody else's open lead is left alone.
    """
    changed = [
        *_take_fields(lead, arrival, at, overwrite),
        *_take_attributes(lead, arrival, at),
        *_take_company(lead, arrival, at),
    ]
    if not changed:
        consents.of_arrival(lead, arrival, at=at, by=by)
        return []
    save(lead, at=at, by=by)
    consents.of_arrival(lead, arrival, at=at, by=by)
    ledger.append("lead_updated", **updated(lead, arrival, changed), at=at, by=by)
    return changed


def take_plain(lead: Lead, arrival: Arrival, at: datetime) -> list[str]:
    """Take over what the lead's own record newly says of fields and attributes; the caller
    has seen to it that it tells of no company and no consent, and saves the lead."""
    return [*_take_fields(lead, arrival, at, True), *_take_attributes(lead, arrival, at)]


def updated(lead: Lead, arrival: Arrival, changed: list[str]) -> dict[str, Any]:
    """What the ledger says when something newly becomes known of a lead."""
    names = sorted(changed)
    return {
        "subject": ("lead", lead.pk),
        "clear": {"fields": names, "source": arrival.system},
        "committed": {"values": {name: _fact(lead, name) for name in names}},
    }


def says_more(lead: Lead, arrival: Arrival) -> bool:
    """Whether a clean arrival of the lead's own record tells anything that is not known."""
    if news(lead, arrival, overwrite=True) or attributes_told(lead, arrival):
        return True
    if lead.company is None:
        return bool(arrival.company_domain or arrival.company_name)
    return bool(companies.news(lead.company, arrival))


def news(lead: Lead, arrival: Arrival, *, overwrite: bool) -> dict[str, Any]:
    """The fields of the lead that the arrival would set, with their values."""
    told = {}
    for field in FIELDS:
        follows = field == "score"
        said, known = _said(arrival, field), getattr(lead, field)
        fixed = known not in (None, "") and (field in _ONCE or not overwrite)
        if said in (None, "") or said == known:
            continue
        if field == "email" and known and arrival.email_key == lead.email_key:
            continue  # the same address, written in another way
        if consents.stands(lead, arrival) if field == "consent" else follows or not fixed:
            told[field] = said
    return told


def _said(arrival: Arrival, field: str) -> Any:
    """What the arrival says of a field; consent only if it is to be contacted."""
    if field == "consent" and arrival.consent_purpose not in ("", Consent.CONTACT):
        return None
    return getattr(arrival, field)


def attributes_told(lead: Lead, arrival: Arrival) -> dict[str, Any]:
    """The attributes that the arrival would set; True is not 1."""
    return {
        key: said
        for key, said in arrival.attributes.items()
        if key not in lead.attributes
        or said != lead.attributes[key]
        or type(said) is not type(lead.attributes[key])
    }


def remember_source(lead: Lead, arrival: Arrival, at: datetime) -> None:
    """Keep the system's own name for the lead, if it gave one: an inner step."""
    if arrival.external_id:
        LeadSource.objects.create(
            lead=lead,
            source=arrival.system,
            external_id=arrival.external_id,
            seen_at=at,
        )


def arrived(lead: Lead) -> dict[str, Any]:
    """What the ledger says when a lead arrives; who it is only as a commitment."""
    return {
        "subject": ("lead", lead.pk),
        "clear": {
            "source": lead.source,
            "segment": lead.segment,
            "campaign": lead.campaign,
            "closed_as": lead.closed_as,
            "previous": lead.previous_id,
            "imported": lead.imported,
        },
        "committed": {
            "person": {
                "name": lead.name,
                "email": lead.email,
                "phone": lead.phone,
                "company": lead.company.name if lead.company else "",
                "attributes": lead.attributes,
            }
        },
    }


def _take_fields(lead: Lead, arrival: Arrival, at: datetime, overwrite: bool) -> list[str]:
    changed = []
    for field, said in news(lead, arrival, overwrite=overwrite).items():
        if field == "email" and not _set_mail(lead, arrival):
            continue
        setattr(lead, field, said)
        lead.provenance[f"lead.{field}"] = origin(arrival, at)
        changed.append(f"lead.{field}")
    if {"lead.phone", "lead.country"} & set(changed):
        lead.phone_key = identity.phone(lead.phone, lead.country)
    return changed


def _set_mail(lead: Lead, arrival: Arrival) -> bool:
    """Set the key of the new address, unless it is another open lead's."""
    key = arrival.email_key
    others = Lead.objects.open().filter(email_key=key, agreement=lead.agreement)
    if key != lead.email_key and others.exclude(pk=lead.pk).exists():
        return False
    lead.email_key = key
    return True


def _take_attributes(lead: Lead, arrival: Arrival, at: datetime) -> list[str]:
    told = attributes_told(lead, arrival)
    for key, said in told.items():
        lead.attributes[key] = said
        lead.provenance[f"attributes.{key}"] = origin(arrival, at)
    return [f"attributes.{key}" for key in told]


def _take_company(lead: Lead, arrival: Arrival, at: datetime) -> list[str]:
    """What is newly said of the lead's company; a lead without one may get it."""
    before = lead.company
    if before is None:
        lead.company = companies.company_of(arrival, at)
        return ["company.name"] if lead.company is not None else []
    told = companies.find(arrival)
    if told is not None and told.pk != before.pk:
        return []
    changed = companies.take(before, arrival, at)
    if changed:
        save(before, *changed, "provenance", at=at, by=None)
    return [f"company.{field}" for field in changed]


def _fact(lead: Lead, name: str) -> Any:
    owner, _, field = name.partition(".")
    if owner == "attributes":
        return lead.attributes[field]
    return getattr(lead if owner == "lead" else lead.company, field)
