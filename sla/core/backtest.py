"""What a backtest says, as plain values: it is shown, and kept with what is signed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FEW = 30
"""Below so many past cases a share says little, and the page says so."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One obligation on past handoffs: `n` that were met or late under the new terms.

    `before` is how many were late under the terms compared with, None where they do not
    promise it; `newly` are late only under the new terms, `spared` only under the old ones.
    `unseen` cases nobody measured, so nothing can be said of them.
    """

    obligation: str
    name: str
    n: int
    late: int
    before: int | None = None
    newly: int = 0
    spared: int = 0
    unseen: int = 0
    attainment: int | None = None

    @property
    def few(self) -> bool:
        return self.n < FEW

    @property
    def kept(self) -> float | None:
        """The share, from 0 to 1, that would have been kept."""
        return (self.n - self.late) / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Backtest:
    """Terms tried on the handoffs first offered in [since, until).

    `base` is the number of the version compared with. `rows` are the obligations that end
    otherwise, or are promised otherwise; `same` is how many are not. `cut`: only the newest
    handoffs were read.
    """

    since: datetime
    until: datetime
    base: int | None
    handoffs: int
    rows: tuple[Tried, ...]
    same: int = 0
    cut: bool = False

    def of(self, obligation: str) -> Tried | None:
        return next((row for row in self.rows if row.obligation == obligation), None)

    def as_json(self) -> dict[str, Any]:
        """Integers, texts and instants only, so that it has one canonical form."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "base": self.base,
            "handoffs": self.handoffs,
            "same": self.same,
            "cut": self.cut,
            "rows": [{name: getattr(row, name) for name in _names()} for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Backtest":
        return cls(
            since=datetime.fromisoformat(data["since"]),
            until=datetime.fromisoformat(data["until"]),
            base=data["base"],
            handoffs=data["handoffs"],
            rows=tuple(Tried(**row) for row in data["rows"]),
            same=data["same"],
            cut=data["cut"],
        )


def _names() -> Iterator[str]:
    yield from Tried.__dataclass_fields__
