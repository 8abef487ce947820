"""The only writer of the entry table."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from portal.ledger import chain
from portal.ledger.models.entry import COLUMNS, LedgerEntry
from portal.ledger.models.salt import Salt
from portal.ledger.recording import Draft

Salts = Mapping[tuple[str, int], bytes]
Row = tuple[Any, ...]  # in the order of COLUMNS

_NAMES = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO ledger_entry ({_NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
_BODY = chain.form("clear", "committed")
_COPY = f"COPY ledger_entry ({_NAMES}) FROM STDIN"
FEW = 20  # rows up to which PostgreSQL's INSERT is no slower than COPY


def insert(drafts: list[Draft]) -> None:
    """Chain `drafts` to the end of the ledger in their order, and tell each its place."""
    seq, before = LedgerEntry.objects.locked_tip()
    salts = Salt.objects.secrets_for(d.salt_owner for d in drafts if d.committed)
    rows = []
    for draft in drafts:
        seq += 1
        rows.append(_row(draft, seq, before, salts))
        before = draft.hash
    _write(rows)


def _row(draft: Draft, seq: int, before: str, salts: Salts) -> Row:
    committed = _commitments(draft, seq, salts) if draft.committed else "{}"
    body = _BODY({"clear": chain.canonical(draft.clear), "committed": committed})
    told = (
        draft.kind, *draft.subject, draft.lead, draft.actor, draft.department, draft.team, body
    )  # fmt: skip
    line = chain.line(seq, chain.instant(draft.at), *told)
    draft.seq, draft.hash = seq, chain.digest(before, line)
    return (seq, before, draft.hash, draft.at, *told)


def _commitments(draft: Draft, seq: int, salts: Salts) -> str:
    secret = salts[draft.salt_owner]
    return chain.canonical(
        {
            name: chain.commitment(chain.field_key(secret, seq, name), value)
            for name, value in draft.committed.items()
        }
    )


def _write(rows: list[Row]) -> None:
    """Past the ORM, which takes five times as long: a demo company has 400,000 entries."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_INSERT, [_for_sqlite(row) for row in rows])
        elif len(rows) <= FEW:
            for row in rows:
                cursor.execute(_INSERT, row)
        else:
            with cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(row)


def _for_sqlite(row: Row) -> Row:
    """Instants as Django writes and compares them there: as text, without the zone."""
    seq, before, own, at, *rest = row
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return (seq, before, own, _spelt(utc), *rest)


@lru_cache(maxsize=1024)  # most entries of an action are of one instant
def _spelt(utc: datetime) -> str:
    return str(utc)[:-6]
