"""The company as the warnings see it, and what a warning is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sla.core.terms.parts import Side


@dataclass(frozen=True)
class Team:
    """A team of today: people by mail address, its calendar by its key in the terms."""

    key: str
    department: str
    steward: str | None
    manager: str | None
    calendar: str | None
    members: tuple[str, ...] = ()
    name: str = ""

    @property
    def title(self) -> str:
        return self.name or self.key.replace("-", " ")


@dataclass(frozen=True)
class Directory:
    """Who there is. `without_push`: whom neither Slack nor Teams reaches, by mail address;
    `legacy_words`: stage names that other systems send, such as MQL."""

    teams: tuple[Team, ...] = ()
    heads: Mapping[str, str] = field(default_factory=dict)
    without_push: frozenset[str] = frozenset()
    legacy_words: tuple[str, ...] = ()

    def teams_of(self, side: Side) -> tuple[Team, ...]:
        """The team that a side names, if it is of the side's department, else all of it."""
        return tuple(
            team
            for team in self.teams
            if team.department == side.department and side.team in (None, team.key)
        )

    def people(self) -> frozenset[str]:
        """Every mail address that somebody has here."""
        return frozenset([*self.heads.values(), *(p for team in self.teams for p in _of(team))])


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before signing: the fact, why it matters, and where it stands.

    `code` is this warning's own and stays the same while the fact does: its kind and its
    subject. Both signatories acknowledge the grave ones, by code.
    """

    code: str
    grave: bool
    fact: str
    why: str
    path: str

    @property
    def kind(self) -> str:
        return self.code.partition(":")[0]


def _of(team: Team) -> Iterator[str]:
    yield from team.members
    yield from (person for person in (team.manager, team.steward) if person)
