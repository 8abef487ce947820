"""What agreements ask of the leads, without knowing them: bound once, at the roof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sla.models import Version


@dataclass(frozen=True)
class Note:
    """What a clause does in practice, for the margin beside it: a sentence and its rows."""

    text: str
    link: str = ""
    link_text: str = ""


class Practice(Protocol):
    def __call__(self, version: Version, at: datetime) -> Mapping[str, Note]:
        """Notes by the path of their clause, such as `obligations/first_attempt`."""


def _nothing_yet(version: Version, at: datetime) -> Mapping[str, Note]:
    return {}


_practice: Practice = _nothing_yet


def bind(*, practice: Practice) -> None:
    global _practice
    _practice = practice


def practice(version: Version, at: datetime) -> Mapping[str, Note]:
    """What the clauses of a version did in practice up to `at`."""
    return _practice(version, at)
