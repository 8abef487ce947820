"""The only writer of the entry table."""

from collections.abc import Mapping
from typing import Any

from portal.ledger import chain
from portal.ledger.models import LedgerEntry, Salt
from portal.ledger.recording import Draft


def insert(drafts: list[Draft]) -> None:
    """Chain `drafts` to the end of the ledger in their order, and tell each its place."""
    seq, before = LedgerEntry.objects.locked_tip()
    salts = Salt.objects.secrets_for(d.salt_owner for d in drafts if d.committed)
    entries = []
    for draft in drafts:
        seq += 1
        entry = _entry(draft, seq, before, salts)
        draft.seq, draft.hash = seq, entry.hash
        before = entry.hash
        entries.append(entry)
    LedgerEntry.objects.bulk_create(entries)


def _entry(
    draft: Draft, seq: int, before: str, salts: Mapping[tuple[str, int], bytes]
) -> LedgerEntry:
    body = chain.canonical({"clear": draft.clear, "committed": _commitments(draft, seq, salts)})
    entry = LedgerEntry(
        seq=seq, at=draft.at, kind=draft.kind, subject_type=draft.subject[0],
        subject_id=draft.subject[1], lead_id=draft.lead, actor_id=draft.actor,
        department=draft.department, team=draft.team, body=body, prev_hash=before,
    )  # fmt: skip
    entry.hash = chain.digest(before, entry.line)
    return entry


def _commitments(
    draft: Draft, seq: int, salts: Mapping[tuple[str, int], bytes]
) -> dict[str, Any]:
    if not draft.committed:
        return {}
    secret = salts[draft.salt_owner]
    return {
        name: chain.commitment(chain.field_key(secret, seq, name), value)
        for name, value in draft.committed.items()
    }
