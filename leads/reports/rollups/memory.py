"""The cells that one process has read, and what it was asked of them.

Neither is ever told from what may have changed since: who asks knows the newest state of the
sums, and cells of a family are used again only where none of them has another stamp.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from leads.reports.rollups.cells import Alike
from leads.reports.rollups.spans import Span

Answer = TypeVar("Answer")
Asked = tuple[frozenset[str], Hashable]
"""The families that an answer was read from, and the question."""
SECONDS = 600.0
"""After which cells that nobody asked for are forgotten, whoever asks for whatever next."""
BYTES = 64 * 1024 * 1024
"""Of cells that a process remembers at most, but for those it read last."""
ANSWERS = 400


Part = tuple[date, int, bytes]
"""A day, how many facts of it are alike (where it is negative, they are taken out again), and
their records. Nothing but a tuple, as there are tens of thousands."""


Parts = Mapping[Alike, Sequence[Part]]
Stamps = tuple[int, int]
"""How many cells there are, and the sum of their stamps."""


@dataclass(frozen=True)
class Cells:
    """The cells of some spans by family, as they were in a `state` of the sums, and the
    answers to what was asked of them. Families that are not `changed` are those of `before`,
    and so are the answers from them alone."""

    state: int
    families: Mapping[str, Parts]
    stamps: Mapping[str, Stamps]
    answers: dict[Asked, Any] = field(default_factory=dict)
    before: "Cells | None" = None
    changed: frozenset[str] = frozenset()

    def of(self, family: str) -> Parts:
        return self.families.get(family, {})

    def once(self, place: Asked, read: Callable[[], Answer]) -> Answer:
        """What `read` says, which must follow from the cells of the families and from what
        was asked alone; read once. Nobody may change it."""
        if self.before is not None and not place[0] & self.changed:
            return self.before.once(place, read)
        found: Answer | None = self.answers.get(place)
        if found is None:
            if len(self.answers) >= ANSWERS:
                self.answers.clear()
            found = self.answers[place] = read()
        return found

    def with_more(self, more: Iterable[tuple[str, Alike, Part]]) -> "Cells":
        """These and some parts more; answers from other families stand."""
        added: dict[str, dict[Alike, list[Part]]] = defaultdict(lambda: defaultdict(list))
        for family, alike, part in more:
            added[family][alike].append(part)
        if not added:
            return self
        both: dict[str, Parts] = dict(self.families)
        for family, groups in added.items():
            before = self.of(family)
            both[family] = dict(before) | {
                alike: [*before.get(alike, ()), *some] for alike, some in groups.items()
            }
        return Cells(
            self.state, both, self.stamps, before=self, changed=frozenset(added.keys())
        )

    def answers_but(self, families: Iterable[str]) -> dict[Asked, Any]:
        """The answers that none of these families had a part in."""
        changed = frozenset(families)
        return {
            place: answer
            for place, answer in list(self.answers.items())
            if not place[0] & changed
        }

    @property
    def size(self) -> int:
        """How many bytes of records there are."""
        return sum(
            len(blob)
            for groups in self.families.values()
            for parts in groups.values()
            for _day, _n, blob in parts
        )


class Memory:
    """Cells by the spans that they were read for; those asked for last are the last ones."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[tuple[Span, ...], tuple[float, int, Cells]] = {}

    def of(self, wanted: tuple[Span, ...]) -> Cells | None:
        with self.lock:
            self._forget()
            return self.known[wanted][2] if wanted in self.known else None

    def keep(self, wanted: tuple[Span, ...], cells: Cells) -> None:
        with self.lock:
            before = self.known.pop(wanted, None)
            size = before[1] if before and before[2] is cells else cells.size
            self.known[wanted] = monotonic(), size, cells
            while len(self.known) > 1 and sum(one[1] for one in self.known.values()) > BYTES:
                del self.known[next(iter(self.known))]

    def clear(self) -> None:
        with self.lock:
            self.known.clear()

    def _forget(self) -> None:
        """Who was erased is in no cell any more, and so in none that is used; what nobody
        uses goes."""
        oldest = monotonic() - SECONDS
        for wanted in [one for one, (used, *_rest) in self.known.items() if used < oldest]:
            del self.known[wanted]


MEMORY = Memory()
