"""What an alert is about: a clock, as its row or as the sweep took it."""

from datetime import datetime
from typing import Any, NamedTuple, Protocol


class Promised(Protocol):
    """All that raising and telling ask of a clock."""

    @property
    def pk(self) -> Any: ...
    @property
    def lead_id(self) -> int: ...
    @property
    def handoff_id(self) -> int | None: ...
    @property
    def obligation(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def version_id(self) -> int: ...
    @property
    def department_id(self) -> str: ...
    @property
    def team_id(self) -> int: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def calendar(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def steps(self) -> Any: ...
    @property
    def next_step(self) -> int: ...


class Due(NamedTuple):
    """A clock with a step due: its row without what nobody asks, as there may be thousands."""

    pk: int
    lead_id: int
    handoff_id: int | None
    obligation: str
    kind: str
    version_id: int
    department_id: str
    team_id: int
    owner_id: int | None
    calendar: str
    due_at: datetime
    steps: Any
    next_step: int
