"""All that is known of one lead, as criteria read it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet

from leads.models import Attestation, Lead, Touch
from portal.bulk.prepared import Prepared
from portal.ledger import known
from sla.core.facts import FIELDS, Facts, Value
from sla.core.facts import Touch as TouchFact

TOUCHES, ATTESTED = "touches of a lead", "attestations of a lead"


def facts_of(lead: Lead, at: datetime) -> Facts:
    """What was known of `lead` as of `at`; touches and attestations after it are left out.

    Fields are as they stand now: their values before are history, not facts. A lead that
    is not saved yet has no more than its fields.
    """
    if lead._state.adding:
        return Facts(fields=dict(_fields(lead)))
    return Facts(
        fields=dict(_fields(lead)),
        touches=tuple(_touches(lead, at)),
        attested=dict(_attested(lead, at)),
    )


def with_fields_of(lead: Lead, facts: Facts) -> Facts:
    """The facts with the fields as they are on `lead` in memory."""
    return replace(facts, fields=dict(_fields(lead)))


def _fields(lead: Lead) -> Iterator[tuple[str, Value]]:
    for name in FIELDS:
        owner, _, field = name.partition(".")
        holder = lead if owner == "lead" else lead.company
        if holder is not None:
            yield name, _value(getattr(holder, field), holder.provenance.get(name))
    for key, value in lead.attributes.items():
        name = f"attributes.{key}"
        yield name, _value(value, lead.provenance.get(name))


def _value(value: object, origin: dict[str, str] | None) -> Value:
    known = value if isinstance(value, str | int | bool) else None
    if not origin:
        return Value(known)
    at = origin.get("at")
    return Value(known, origin.get("by", ""), _instant(at) if at else None)


@lru_cache(maxsize=1024)
def _instant(written: str) -> datetime:
    """Values that came together were set at one instant: it is read once."""
    return datetime.fromisoformat(written)


def _touches(lead: Lead, at: datetime) -> Iterator[TouchFact]:
    rows = known.take((TOUCHES, lead.pk, at), lambda: _TOUCHES_OF_ONE(lead.pk, at))
    for touch in rows:
        by = str(touch.by) if touch.by else touch.source
        yield TouchFact(touch.kind, touch.department_id, touch.direction, touch.occurred_at, by)


def _attested(lead: Lead, at: datetime) -> Iterator[tuple[str, Value]]:
    rows = known.take((ATTESTED, lead.pk, at), lambda: _ATTESTED_OF_ONE(lead.pk, at))
    for row in rows:
        yield row.fact, Value(value=True, set_by=str(row.by), set_at=row.at)


def read_ahead(lead_ids: Sequence[int], at: datetime) -> None:
    """Read what the next `facts_of` of each of these leads will ask for, all at once.

    For actions on many leads, which have locked them all.
    """
    touches: dict[int, list[Touch]] = {lead_id: [] for lead_id in lead_ids}
    for touch in _touch_rows(lead_ids, at):
        touches[touch.lead_id].append(touch)
    attested: dict[int, list[Attestation]] = {lead_id: [] for lead_id in lead_ids}
    for row in _attested_rows(lead_ids, at):
        attested[row.lead_id].append(row)
    for lead_id in lead_ids:
        known.note((TOUCHES, lead_id, at), touches[lead_id])
        known.note((ATTESTED, lead_id, at), attested[lead_id])


def _touch_rows(lead_ids: Sequence[int], at: datetime) -> "QuerySet[Touch, Touch]":
    return _all_touches(at).filter(lead__in=lead_ids)


def _all_touches(at: datetime) -> "QuerySet[Touch, Touch]":
    rows = Touch.objects.filter(undone_at=None, occurred_at__lte=at)
    return rows.select_related("by").order_by("occurred_at", "pk")


def _attested_rows(
    lead_ids: Sequence[int], at: datetime
) -> "QuerySet[Attestation, Attestation]":
    return _all_attested(at).filter(lead__in=lead_ids)


def _all_attested(at: datetime) -> "QuerySet[Attestation, Attestation]":
    return Attestation.objects.filter(withdrawn_at=None, at__lte=at).select_related("by")


_TOUCHES_OF_ONE = Prepared(lambda lead, at: _all_touches(at).filter(lead=lead), int, datetime)
_ATTESTED_OF_ONE = Prepared(lambda lead, at: _all_attested(at).filter(lead=lead), int, datetime)
