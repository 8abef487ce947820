"""What agreements ask of the leads, without knowing them: bound once, at the roof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sla.core.backtest import Backtest
from sla.core.criteria import Node
from sla.core.facts import Facts
from sla.core.observed import Question, Shadow
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
    def __call__(self, version: Version, question: Question) -> Shadow:
        """What a version would have made of what really happened."""


@dataclass(frozen=True)
class Subject:
    """A lead as a question about agreements sees it. `agreement`: the pk of the one that
    governs it now; `bound`: it has an open handoff, so nothing is chosen anew."""

    label: str
    link: str
    facts: Facts
    agreement: int | None
    bound: bool


class Subjects(Protocol):
    def __call__(self, lead_id: int, at: datetime) -> Subject | None:
        """A lead by its number; None if there is none that people see."""


class Running(Protocol):
    def __call__(self) -> Mapping[int, Note]:
        """By the pk of a version: how many open handoffs it governs, with their rows."""


class Concluded(Protocol):
    def __call__(self, version: Version, at: datetime) -> None:
        """A version has both signatures: an inner step of the transaction that wrote them."""


class LegacyWords(Protocol):
    def __call__(self) -> Iterable[str]:
        """Names of stages that other systems sent, as they wrote them."""


@dataclass(frozen=True)
class Audience:
    """Open leads that meet criteria: `meeting` of `total`.

    `gained` and `lost`: those that would be new and no longer, against the criteria before.
    `parts` counts the leads that meet each of the conditions asked for alone.
    """

    total: int
    meeting: int
    gained: int
    lost: int
    parts: tuple[int, ...] = ()


class Audiences(Protocol):
    def __call__(
        self,
        criteria: Node | None,
        at: datetime,
        before: Node | None = None,
        parts: Sequence[Node] = (),
    ) -> Audience | None:
        """How many open leads meet `criteria` as of `at`; None if that cannot be counted."""


def _nothing_yet(version: Version, at: datetime) -> Mapping[str, Note]:
    return {}


def _no_past(
    version: Version, base: Version | None, since: datetime, until: datetime, at: datetime
) -> Backtest:
    return Backtest(since, until, base.number if base else None, 0, ())


def _no_shadow(version: Version, question: Question) -> Shadow:
    return Shadow(0, 0, 0, 0, (), 1, 1)


def _no_words() -> Iterable[str]:
    return ()


def _nobody(
    criteria: Node | None, at: datetime, before: Node | None = None, parts: Sequence[Node] = ()
) -> Audience | None:
    return None


_audience: Audiences = _nobody


def _no_subject(lead_id: int, at: datetime) -> Subject | None:
    return None


def _none_running() -> Mapping[int, Note]:
    return {}


def _nobody_waits(version: Version, at: datetime) -> None:
    return None


_practice: Practice = _nothing_yet
_backtests: Backtests = _no_past
_shadows: Shadows = _no_shadow
_legacy_words: LegacyWords = _no_words
_subjects: Subjects = _no_subject
_running: Running = _none_running
_concluded: Concluded = _nobody_waits


def bind(
    *,
    practice: Practice,
    backtest: Backtests = _no_past,
    shadow: Shadows = _no_shadow,
    legacy_words: LegacyWords = _no_words,
    subject: Subjects = _no_subject,
    running: Running = _none_running,
    audience: Audiences = _nobody,
    concluded: Concluded = _nobody_waits,
) -> None:
    global _practice, _backtests, _shadows, _legacy_words, _audience, _subjects, _running
    global _concluded
    _practice, _backtests, _shadows = practice, backtest, shadow
    _legacy_words, _audience = legacy_words, audience
    _subjects, _running, _concluded = subject, running, concluded


def practice(version: Version, at: datetime) -> Mapping[str, Note]:
    """What the clauses of a version did in practice up to `at`."""
    return _practice(version, at)


def backtest(
    version: Version, base: Version | None, since: datetime, until: datetime, at: datetime
) -> Backtest:
    """A version tried on the past, beside the version in force (`base`)."""
    return _backtests(version, base, since, until, at)


def shadow(version: Version, question: Question) -> Shadow:
    """A version observed, beside what really happened."""
    return _shadows(version, question)


def legacy_words() -> Iterable[str]:
    """Names of stages that other systems sent."""
    return _legacy_words()


def audience(
    criteria: Node | None, at: datetime, before: Node | None = None, parts: Sequence[Node] = ()
) -> Audience | None:
    """How many of today's leads meet `criteria`, and what changed against `before`."""
    return _audience(criteria, at, before, parts)


def subject(lead_id: int, at: datetime) -> Subject | None:
    """A lead with all that is known of it as of `at`."""
    return _subjects(lead_id, at)


def running() -> Mapping[int, Note]:
    """How many open handoffs each version governs, by its pk."""
    return _running()


def concluded(version: Version, at: datetime) -> None:
    """Tell who watches what a version promises that both departments have signed it."""
    _concluded(version, at)
