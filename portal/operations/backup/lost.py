"""What happened after a backup was made, as far as anything outside it still tells."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.ledger.heads import merged, read_heads
from portal.ledger.verify import Heads
from portal.operations.backup.manifest import BackupRefused


@dataclass(frozen=True)
class Lost:
    """Ledger entries `first` to `last` are known to have been there and are not in the
    backup; `kinds` counts them where an export of the ledger says what they were; `heads`
    are those that were published for them. With `last` 0 nothing is known to be lost."""

    first: int = 0
    last: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    heads: list[tuple[int, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.last > 0

    def __str__(self) -> str:
        if not self:
            return "nothing is known to be lost"
        known = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        return f"ledger entries {self.first} to {self.last} are lost{known and f': {known}'}"


def lost_tail(seq: int, heads: Iterable[Path], export: Path | None = None) -> Lost:
    """What is missing behind entry `seq`, by files of published heads and an export.

    Raises BackupRefused for a file that cannot be read.
    """
    try:
        published = merged(*(read_heads(path) for path in heads))
        exported = list(_after(seq, export)) if export else []
    except (OSError, ValueError) as error:
        raise BackupRefused(f"what was kept outside cannot be read: {error}") from error
    beyond = _beyond(published, seq)
    last = max([number for number, _ in beyond] + [number for number, _ in exported], default=0)
    kinds = Counter(kind for _, kind in exported)
    return Lost(seq + 1, last, dict(kinds), beyond) if last else Lost()


def _beyond(published: Heads, seq: int) -> list[tuple[int, str]]:
    return sorted((number, one) for number in published if number > seq
                  for one in published[number])  # fmt: skip


def _after(seq: int, export: Path) -> Iterator[tuple[int, str]]:
    """Number and kind of each entry of an export that comes after `seq`."""
    with export.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry: dict[str, Any] = json.loads(line)["entry"]
                found, kind = int(entry["seq"]), str(entry["kind"])
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{export}:{number} is no entry of a ledger") from error
            if found > seq:
                yield found, kind


def put_aside(path: Path, seq: int, stamp: str) -> Path | None:
    """Take the heads behind `seq` out of our own file of heads, into one beside it: other
    entries will get their numbers. Return that file, if there was any such head."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    gone = [line for line in lines if line.strip() and json.loads(line)["seq"] > seq]
    if not gone:
        return None
    aside = path.with_name(f"{path.name}.lost-{stamp}")
    aside.write_text("".join(gone))
    fresh = path.with_name(f"{path.name}.part")
    fresh.write_text("".join(line for line in lines if line not in gone))
    fresh.replace(path)
    return aside
