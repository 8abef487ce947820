"""Which records of a file may be about the same person as another one of it.

Found by ids and addresses alone, as numbers, in memory for hundreds of thousands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from leads.actions.imports.incoming import first_address
from leads.actions.imports.source import Source
from leads.core import identity
from leads.core.files.records import Refusal

Keys = tuple[int, int]
Place = tuple[int, frozenset[str]] | None  # where a column stands, and what is blank there


@dataclass
class Repeats:
    """The keys that stand in several records, and which of them hang together."""

    repeated: set[int] = field(default_factory=set)
    parents: dict[int, int] = field(default_factory=dict)
    records: int = 0

    def group(self, keys: Keys) -> int:
        """The number of the group that a record belongs to; 0 for one that stands alone."""
        known = [key for key in keys if key in self.repeated]
        return self._root(known[0]) if known else 0

    def join(self, keys: Keys) -> None:
        first, second = (self._root(key) for key in keys)
        if first != second:
            self.parents[second] = first

    def _root(self, key: int) -> int:
        while (parent := self.parents.get(key, key)) != key:
            key = parent
        return key


def keys_of(system: str, external_id: str, address: str) -> Keys:
    """What identifies a record, as numbers; 0 is nothing."""
    name = identity.external_id(system, external_id) if external_id else ""
    mail = identity.mail(first_address(address)).key if address else ""
    return _number("id", name), _number("mail", mail)


def _number(kind: str, text: str) -> int:
    """The same in every process, so that one can go on where another stopped."""
    if not text:
        return 0
    digest = blake2b(f"{kind} {text}".encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest) or 1


def repeats_of(source: Source) -> Repeats:
    """Walk through the file twice: which keys repeat, and which records join two of them."""
    found, seen = Repeats(), set[int]()
    for keys in _all_keys(source):
        for key in filter(None, keys):
            (found.repeated if key in seen else seen).add(key)
    seen.clear()
    for keys in _all_keys(source) if found.repeated else ():
        if any(key in found.repeated for key in keys):
            found.records += 1
            if all(keys):
                found.repeated.update(keys)
                found.join(keys)
    return found


def _all_keys(source: Source) -> Iterator[Keys]:
    """The keys of every record that can be read, in the order of the file."""
    places = [_place(source, "external_id"), _place(source, "email")]
    found = source.records()
    next(found, None)
    for record in found:
        if not isinstance(record, Refusal):
            told = [_written(record.fields, place) for place in places]
            yield keys_of(source.mapping.source, *told)


def _place(source: Source, to: str) -> Place:
    for target in source.mapping.targets:
        if target.to == to:
            return source.places[target.column], target.missing
    return None


def _written(fields: list[str], place: Place) -> str:
    if place is None:
        return ""
    written = fields[place[0]].strip()
    return "" if written in place[1] else written
