"""What a backtest says, as plain values: it is shown, and kept with what is signed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
class Clause:
    """One changed clause by its path: what it alone makes late, and what it alone spares.

    The path `together` is all of them, `only_together` what none of them changes alone.
    """

    path: str
    newly: int
    spared: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage whose criteria changed, on the leads of the time: how many `met` them.

    `before` met those compared with, None where there were none; `gained` meet only the new
    ones, `lost` only the old ones.
    """

    stage: str
    name: str
    leads: int
    met: int
    before: int | None
    gained: int
    lost: int

    @property
    def few(self) -> bool:
        return self.leads < FEW


@dataclass(frozen=True, slots=True)
class Backtest:
    """Terms tried on the handoffs first offered in [since, until).

    `base` is the number of the version compared with. `rows` are the obligations that end
    otherwise, or are promised otherwise; `same` is how many are not. `cut`: only the newest
    handoffs were read. `clauses`: each change by itself; `stages`: those of changed criteria.
    """

    since: datetime
    until: datetime
    base: int | None
    handoffs: int
    rows: tuple[Tried, ...]
    same: int = 0
    cut: bool = False
    clauses: tuple[Clause, ...] = ()
    stages: tuple[Stage, ...] = ()

    def clause(self, path: str) -> Clause | None:
        return next((one for one in self.clauses if one.path == path), None)

    @property
    def only_together(self) -> Clause | None:
        """What no changed clause explains alone, if there is any such."""
        found = self.clause("only_together")
        return found if found and (found.newly or found.spared) else None

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
            "rows": [asdict(row) for row in self.rows],
            "clauses": [asdict(one) for one in self.clauses],
            "stages": [asdict(one) for one in self.stages],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Backtest":
        """What was kept; one that was kept before changes had costs of their own has none."""
        return cls(
            since=datetime.fromisoformat(data["since"]),
            until=datetime.fromisoformat(data["until"]),
            base=data["base"],
            handoffs=data["handoffs"],
            rows=tuple(Tried(**row) for row in data["rows"]),
            same=data["same"],
            cut=data["cut"],
            clauses=tuple(Clause(**one) for one in data.get("clauses", ())),
            stages=tuple(Stage(**one) for one in data.get("stages", ())),
        )
