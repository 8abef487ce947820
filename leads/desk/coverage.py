"""Which old labels of stages are still used, where and by which team; and which by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from leads.core.words.stages import StageWords, plain
from leads.models import StageEntry, WordHeard
from portal.accounts.models import User

MOST = 200


@dataclass(frozen=True)
class Use:
    """One place where an old word is used. `place`: import, search, csv or api."""

    word: str
    place: str
    who: str
    times: int
    last_at: datetime | None


@dataclass(frozen=True)
class Label:
    """An old label with the stage that it means by now, and its uses, the most first.

    `name` empty: it means no stage of an agreement in force.
    """

    word: str
    name: str
    uses: Sequence[Use]

    @property
    def times(self) -> int:
        return sum(use.times for use in self.uses)


@dataclass(frozen=True)
class Preferring:
    """How many people of a team want to see old labels, of how many."""

    team: str
    number: int
    of: int


@dataclass(frozen=True)
class Coverage:
    """`used` and `idle` are labels of agreements in force; `unknown` are words of imports
    that mean no stage."""

    used: Sequence[Label]
    idle: Sequence[Label]
    unknown: Sequence[Label]
    preferring: Sequence[Preferring]


def coverage(words: StageWords) -> Coverage:
    """Three queries, whatever the size."""
    uses: dict[str, list[Use]] = {}
    for use in [*_imported(words), *_heard()]:
        uses.setdefault(plain(use.word), []).append(use)
    known = {plain(word): word for word in _labels(words)}
    labels = [
        Label(word, words.spoken(word), _sorted(uses.pop(key, [])))
        for key, word in known.items()
    ]
    rest = [Label(found[0].word, "", _sorted(found)) for found in uses.values()]
    return Coverage(
        used=sorted((one for one in labels if one.uses), key=lambda one: -one.times),
        idle=[one for one in labels if not one.uses],
        unknown=sorted(rest, key=lambda one: -one.times),
        preferring=_preferring(),
    )


def _labels(words: StageWords) -> list[str]:
    """The old words as they are written in the agreements, the joined ones apart."""
    found = [part.strip() for label in words.labels.values() for part in label.split("/")]
    return [word for word in dict.fromkeys(found) if words.is_legacy(word)]


def _imported(words: StageWords) -> list[Use]:
    """Entries that came with a word in place of a stage's key, by the system they came from."""
    rows: list[Any] = list(
        StageEntry.objects.filter(imported=True)
        .exclude(stage__in=words.names)
        .order_by()
        .values("stage", "lead__source")
        .annotate(number=Count("pk"), last=Max("entered_at"))
        .order_by("-number")[:MOST]
    )
    return [
        Use(row["stage"], "import", row["lead__source"], row["number"], row["last"])
        for row in rows
        if row["stage"] and not _is_own(row["stage"], words)
    ]


def _is_own(word: str, words: StageWords) -> bool:
    """Whether a word is the journey's own: a name, or a key that was replaced."""
    return plain(word) in words.meant and not words.is_legacy(word)


def _heard() -> list[Use]:
    rows = WordHeard.objects.order_by("-last_at")[:MOST]
    return [Use(row.word, row.place, row.who, row.times, row.last_at) for row in rows]


def _sorted(uses: Sequence[Use]) -> list[Use]:
    return sorted(uses, key=lambda use: -use.times)


def _preferring() -> list[Preferring]:
    """By team; who has none stands under their role."""
    people = User.objects.active().exclude(role="admin")
    rows = people.values_list("team__name", "role", "prefers_legacy")
    teams: dict[str, list[bool]] = {}
    for team, role, prefers in rows:
        teams.setdefault(team or role.capitalize(), []).append(prefers)
    found = [Preferring(team, sum(said), len(said)) for team, said in sorted(teams.items())]
    return [one for one in found if one.number]
