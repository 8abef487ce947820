"""All that is known of one lead, as criteria read it."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from leads.models import Attestation, Lead, Touch
from sla.core.facts import FIELDS, Facts, Value
from sla.core.facts import Touch as TouchFact


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
    rows = Touch.objects.filter(lead=lead, undone_at=None, occurred_at__lte=at)
    for touch in rows.select_related("by").order_by("occurred_at", "pk"):
        by = str(touch.by) if touch.by else touch.source
        yield TouchFact(touch.kind, touch.department_id, touch.direction, touch.occurred_at, by)


def _attested(lead: Lead, at: datetime) -> Iterator[tuple[str, Value]]:
    rows = Attestation.objects.filter(lead=lead, withdrawn_at=None, at__lte=at)
    for row in rows.select_related("by"):
        yield row.fact, Value(value=True, set_by=str(row.by), set_at=row.at)
