"""What agreements ask of the leads, without knowing them: bound once, at the roof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sla.core.backtest import Backtest
from sla.core.observed import Shadow, Which
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


class Backtests(Protocol):
    def __call__(
        self,
        version: Version,
        base: Version | None,
        since: datetime,
        until: datetime,
        at: datetime,
    ) -> Backtest:
        """A version tried on the handoffs first offered in [since, until), as of `at`."""


class Shadows(Protocol):
    def __call__(
        self,
        version: Version,
        since: datetime,
        until: datetime,
        at: datetime,
        which: Which,
        page: int,
    ) -> Shadow:
        """What a version would have made of the handoffs first offered in [since, until)."""


def _nothing_yet(version: Version, at: datetime) -> Mapping[str, Note]:
    return {}


def _no_past(
    version: Version, base: Version | None, since: datetime, until: datetime, at: datetime
) -> Backtest:
    return Backtest(since, until, base.number if base else None, 0, ())


def _no_shadow(
    version: Version, since: datetime, until: datetime, at: datetime, which: Which, page: int
) -> Shadow:
    return Shadow(0, 0, 0, 0, (), 1, 1)


_practice: Practice = _nothing_yet
_backtests: Backtests = _no_past
_shadows: Shadows = _no_shadow


def bind(
    *, practice: Practice, backtest: Backtests = _no_past, shadow: Shadows = _no_shadow
) -> None:
    global _practice, _backtests, _shadows
    _practice, _backtests, _shadows = practice, backtest, shadow


def practice(version: Version, at: datetime) -> Mapping[str, Note]:
    """What the clauses of a version did in practice up to `at`."""
    return _practice(version, at)


def backtest(
    version: Version, base: Version | None, since: datetime, until: datetime, at: datetime
) -> Backtest:
    """A version tried on the past, beside the version in force (`base`)."""
    return _backtests(version, base, since, until, at)


def shadow(
    version: Version, since: datetime, until: datetime, at: datetime, which: Which, page: int
) -> Shadow:
    """A version observed, beside what really happened."""
    return _shadows(version, since, until, at, which, page)
