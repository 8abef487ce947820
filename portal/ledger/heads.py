"""Showing the head of the chain outside, where nobody who can write here can reach."""

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from portal.ledger import chain
from portal.ledger.kinds import Kind
from portal.ledger.models import Head, LedgerEntry
from portal.ledger.recording import append, recording


def publish_head(*, at: datetime) -> Head | None:
    """Write the chain's head to LEDGER_HEADS_FILE, if that is set, and note that it was.

    Nothing new since the last publication (its own entry aside): nothing is written, and
    that head is returned. None for an empty ledger. The file comes first: a crash between
    the two publishes the same head again, which changes nothing.
    """
    newest = LedgerEntry.objects.order_by("-seq").first()
    if newest is None:
        return None
    if newest.kind == Kind.HEAD_PUBLISHED:
        return Head.objects.get(pk=newest.subject_id)
    path = settings.LEDGER_HEADS_FILE
    if path:
        _write(path, newest, at)
    return _note(newest, ["file"] if path else [], at)


def read_heads(path: Path) -> dict[int, set[str]]:
    """The hashes published for each seq, from a heads file.

    Raises OSError if it cannot be read, ValueError naming a line that is no head.
    """
    lines = enumerate(path.read_text().splitlines(), start=1)
    return _by_seq(_head(line, f"{path}:{number}") for number, line in lines if line.strip())


def _head(line: str, where: str) -> tuple[int, str]:
    try:
        head = json.loads(line)
        return int(head["seq"]), str(head["hash"])
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{where} is not a head") from None


def known_heads() -> dict[int, set[str]]:
    """The heads that this database remembers having published: weaker than a file kept
    elsewhere, as whoever rewrites the entries can rewrite these too."""
    return _by_seq(Head.objects.values_list("seq", "hash"))


def merged(*several: Mapping[int, set[str]]) -> dict[int, set[str]]:
    """Heads from several places; where they differ for a seq, all hashes are kept."""
    return _by_seq(
        (seq, one) for heads in several for seq, all_ in heads.items() for one in all_
    )


def _by_seq(heads: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for seq, published in heads:
        found.setdefault(seq, set()).add(published)
    return found


def _note(entry: LedgerEntry, places: list[str], at: datetime) -> Head:
    with recording(at=at):
        facts = {"count": entry.seq, "at": at, "published_to": places}
        head, is_new = Head.objects.get_or_create(
            seq=entry.seq, hash=entry.hash, defaults=facts
        )
        if is_new:
            clear = {"hash": entry.hash, "published_to": places, "seq": entry.seq}
            append(Kind.HEAD_PUBLISHED, subject=("head", head.pk), clear=clear)
    return head


def _write(path: Path, entry: LedgerEntry, at: datetime) -> None:
    """Add one line, once for each (seq, hash), and wait until it is on the disk."""
    facts = {"at": at, "count": entry.seq, "hash": entry.hash, "seq": entry.seq}
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        there = file.read()
        if f'"hash":"{entry.hash}","seq":{entry.seq}}}' in there:
            return
        torn = there and not there.endswith("\n")  # a crash in the middle of a line
        file.write(("\n" if torn else "") + chain.canonical(facts) + "\n")
        file.flush()
        os.fsync(file.fileno())
