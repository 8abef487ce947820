"""Walking along the chain: is it whole, and is it the one whose heads were published?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from portal.ledger.chain import NO_HASH, Link, digest

Heads = Mapping[int, set[str]]  # seq -> the hashes that were published for it


class Fault(NamedTuple):
    """The first entry that is wrong or missing, and in what way."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """How far the walk got, the hash there, the first fault, and with how many published
    heads the chain agreed. A head of 0 says nothing about rewriting: see `verify`."""

    count: int
    last_hash: str
    fault: Fault | None
    heads: int

    @property
    def is_sound(self) -> bool:
        return self.fault is None


def verify(entries: Iterable[Link], heads: Heads | None = None) -> Report:
    """Walk along the chain once, in constant memory, and stop at the first fault.

    A chain without heads proves only that nobody edited it carelessly: whoever rewrites
    an entry can also recompute every hash after it, or cut the end off. A rewriting is
    then named by the first published head that it contradicts, with the stretch since
    the last head that agreed. What is newer than the newest head nobody can judge.
    """
    walk = _Walk(dict(heads or {}))
    for link in entries:
        fault = walk.step(link)
        if fault:
            return walk.report(fault)
    return walk.report(walk.cut_off())


class _Walk:
    def __init__(self, heads: dict[int, set[str]]) -> None:
        self.heads, self.count, self.last = heads, 0, NO_HASH
        self.agreed, self.agreed_seq = 0, 0

    def step(self, link: Link) -> Fault | None:
        expected = self.count + 1
        if link.seq != expected:
            return Fault(expected, f"missing: in its place stands entry {link.seq}")
        if link.before != self.last:
            return Fault(expected, "broken: it does not follow the entry before it")
        if digest(link.before, link.line) != link.hash:
            return Fault(expected, "edited: its content does not give its hash")
        self.count, self.last = expected, link.hash
        return self._against_heads(expected) if expected in self.heads else None

    def _against_heads(self, seq: int) -> Fault | None:
        if self.heads.pop(seq) != {self.last}:
            since = self.agreed_seq + 1
            return Fault(seq, f"rewritten: entries {since} to {seq} had another head")
        self.agreed, self.agreed_seq = self.agreed + 1, seq
        return None

    def cut_off(self) -> Fault | None:
        if not self.heads:
            return None
        why = f"missing: cut off, for a head was published at entry {max(self.heads)}"
        return Fault(self.count + 1, why)

    def report(self, fault: Fault | None) -> Report:
        return Report(self.count, self.last, fault, self.agreed)
