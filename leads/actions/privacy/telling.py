"""A person is told what the portal holds of them: every place, and the ledger opened."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from leads.actions.privacy.erasing import require_operations
from leads.actions.privacy.person import Person, person_of
from leads.actions.privacy.places import PLACES
from leads.models import Lead, PrivacyRequest
from portal import ledger
from portal.accounts.models import User
from portal.ledger.models import LedgerEntry
from portal.ledger.reading import Erased, opening

Told = dict[str, Any]


def export(*, lead_id: int, by: User, at: datetime) -> Told:
    """All that is held of the person of a lead, as JSON takes it, and that it was told.

    Answers an open request, or makes one that is done. Raises NotYours for who is not of
    operations.
    """
    require_operations(by)
    lead = Lead.objects.get(pk=lead_id)
    person = person_of(lead)
    told = told_of(person, at)
    _tell(person, lead.pk, told, by=by, at=at)
    return told


def told_of(person: Person, at: datetime) -> Told:
    """Rows by place, in plain values, and the entries of the ledger about the person."""
    return {
        "made_at": at.isoformat(),
        "leads": list(person.leads),
        "places": {place.model: list(place.told(person)) for place in PLACES if place.tells},
        "ledger": list(_entries(person)),
    }


def flat(told: Told) -> Iterator[tuple[str, str, str, Any]]:
    """The same as a table: place, row, field, value."""
    for model, rows in told["places"].items():
        for row in rows:
            for name, value in row.items():
                yield model, str(row["pk"]), name, _plain(value)
    for entry in told["ledger"]:
        for name, value in entry.items():
            yield "ledger", str(entry["seq"]), name, _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | datetime | None) else str(value)


def _entries(person: Person) -> Iterator[dict[str, Any]]:
    """Each entry with the keys that open its commitments, so that they can be checked by
    `verify_chain.py` without asking anybody."""
    entries = LedgerEntry.objects.filter(lead_id__in=person.leads).order_by("seq")
    for entry in entries.iterator(chunk_size=500):
        yield {
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "clear": entry.clear,
            "committed": {name: _opened(entry, name) for name in entry.committed},
            "hash": entry.hash,
        }


def _opened(entry: LedgerEntry, name: str) -> dict[str, str]:
    try:
        key = opening(entry, name)
    except Erased:
        key = ""
    return {"commitment": entry.committed[name], "key": key}


@ledger.recorded
def _tell(person: Person, lead_id: int, told: Told, *, by: User, at: datetime) -> None:
    kind = PrivacyRequest.Kind.EXPORT
    waiting = PrivacyRequest.objects.open().filter(lead__in=person.leads, kind=kind)
    done = waiting.order_by("pk").first() or PrivacyRequest(
        kind=kind, lead_id=lead_id, asked_at=at, noted_by=by
    )
    done.leads, done.done_at, done.done_by = list(person.leads), at, by
    done.counts = {model: len(rows) for model, rows in told["places"].items() if rows}
    done.save()
    for pk in person.leads:
        ledger.append(
            "person_exported", at=at, by=by, subject=("lead", pk), clear={"request": done.pk}
        )
