"""How an action writes the ledger: it says what happened, and at its end, still inside
its transaction, everything it said is chained and inserted, last of all.

Last, because the chain has one end and only one transaction may hold it: a writer that
takes it after all its row locks holds it for a moment and can never deadlock with another.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from itertools import islice
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from django.db import transaction

from portal import telemetry
from portal.ledger import chain, known
from portal.ledger.kinds import Kind

P = ParamSpec("P")
R = TypeVar("R")
BATCH = 2_000  # entries chained and inserted at once

Subject = tuple[str, int]


class Row(Protocol):
    """A saved model instance, a user for example."""

    @property
    def pk(self) -> Any: ...


@dataclass(slots=True)
class Draft:
    """An entry that waits for the end of its action; till then `seq` is 0, `hash` empty."""

    kind: str
    at: datetime
    subject: Subject
    lead: int | None
    actor: int | None
    department: str
    team: str
    clear: Mapping[str, Any] | chain.Canonical
    committed: Mapping[str, Any]
    seq: int = 0
    hash: str = ""

    @property
    def salt_owner(self) -> Subject:
        return self.subject if self.lead is None else ("lead", self.lead)


@dataclass(slots=True)
class _Recording:
    at: datetime | None
    waiting: list[Draft] = field(default_factory=list)
    said: Mapping[str, Any] = field(default_factory=dict)
    hosts: bool = False

    def write(self) -> None:
        waiting, self.waiting = self.waiting, []
        _insert(waiting)


_current: ContextVar[_Recording | None] = ContextVar("ledger_recording", default=None)


@contextmanager
def recording(*, at: datetime | None = None) -> Iterator[None]:
    """One durable transaction whose `append`s are chained at its end.

    `at` is the instant of entries that name none. Raises RuntimeError inside another
    one: actions do not nest.
    """
    host = _current.get()
    if host is not None and host.hosts:
        with _joined(host, at):
            yield
        return
    if host is not None:
        raise RuntimeError("actions do not nest: an inner step takes no transaction of its own")
    mine = _Recording(at)
    token, read = _current.set(mine), known.begin()
    try:
        with telemetry.span("action"), transaction.atomic(durable=True):
            yield
            mine.write()
    finally:
        known.end(read)
        _current.reset(token)


@contextmanager
def hosting(*, said: Mapping[str, Any] | None = None) -> Iterator[None]:
    """One durable transaction of a door, which the one action that it calls joins: what the
    door keeps beside the action is kept or lost with it.

    `said` stands in the clear of every entry. An action that failed may be tried again; after
    one that succeeded the next raises RuntimeError.
    """
    with recording():
        mine = _open()
        mine.hosts, mine.said = True, said or {}
        yield


@contextmanager
def _joined(host: _Recording, at: datetime | None) -> Iterator[None]:
    host.hosts, host.at = False, at
    try:
        with savepoint():
            yield
    except BaseException:
        host.hosts = True
        raise


def recorded(action: Callable[P, R]) -> Callable[P, R]:
    """Make `action` one durable transaction that may `append` to the ledger."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with recording():
            return action(*args, **kwargs)

    return run


def step(action: Callable[P, R]) -> Callable[P, R]:
    """A `recorded` action as an inner step: for an action that does what another one does,
    and something more, in the one transaction that it holds."""
    return cast(Callable[P, R], inspect.unwrap(action))


@contextmanager
def savepoint() -> Iterator[None]:
    """A part of an action that can fail alone: its rows and its entries go together.

    Use this and not a bare `atomic()` where an error inside is caught, or the ledger
    would tell of what was rolled back.
    """
    mine = _open()
    said = len(mine.waiting)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del mine.waiting[said:]
        known.forget_all()
        raise


def append(
    kind: str,
    *,
    subject: Subject,
    at: datetime | None = None,
    by: Row | int | None = None,
    lead: int | None = None,
    clear: Mapping[str, Any] | None = None,
    committed: Mapping[str, Any] | None = None,
    department: str | None = None,
    team: str | None = None,
) -> Draft:
    """Say that something happened; it is written at the end of the action.

    `by`: a user, a user's pk, or None for the portal itself. `lead`: the lead it belongs
    to; the subject, if that is a lead. `clear`: ids, kinds, stages, instants, digests,
    never anything about a person. `committed`: personal or free-text values, of which only
    salted commitments are kept. Values are what `chain.canonical` takes.

    Returns the draft, which knows its `seq` and `hash` once the action has ended.
    Raises RuntimeError outside `recorded` and `recording`; ValueError or TypeError for a
    kind that is not in `kinds.py` and for values that have no canonical form.
    """
    mine = _open()
    entry = draft(
        kind, subject=subject, at=at or mine.at, by=by, lead=lead,
        clear={**(clear or {}), **mine.said}, committed=committed, department=department,
        team=team,
    )  # fmt: skip
    mine.waiting.append(entry)
    telemetry.say(entry.kind)
    return entry


def append_many(entries: Iterable[Draft]) -> int:
    """Chain and insert `draft`s at once, in batches, in this order; return how many.

    For bulk writers, which have the database to themselves: it takes the end of the chain
    now and holds it until the transaction ends. Entries said before come first.
    """
    _open().write()
    rest, count = iter(entries), 0
    while batch := list(islice(rest, BATCH)):
        _insert(batch)
        count += len(batch)
    return count


def draft(
    kind: str,
    *,
    subject: Subject,
    at: datetime | None,
    by: Row | int | None = None,
    lead: int | None = None,
    clear: Mapping[str, Any] | None = None,
    committed: Mapping[str, Any] | None = None,
    department: str | None = None,
    team: str | None = None,
) -> Draft:
    """An entry for `append_many`; takes and refuses what `append` does."""
    if at is None:
        raise TypeError("an entry needs an instant")
    about = (chain.word(subject[0]), int(subject[1]))
    return Draft(
        kind=Kind(kind).value,
        at=at,
        subject=about,
        lead=about[1] if lead is None and about[0] == "lead" else lead,
        actor=by if by is None or isinstance(by, int) else int(by.pk),
        department=chain.word(department or ""),
        team=chain.word(team or ""),
        clear=clear or {},
        committed=committed or {},
    )


def _open() -> _Recording:
    mine = _current.get()
    if mine is None:
        raise RuntimeError("only an action can write the ledger: use @recorded or recording()")
    return mine


def _insert(entries: list[Draft]) -> None:
    if not entries:
        return
    # The package exports this module, and is imported before Django has its models.
    from portal.ledger.models.writing import insert

    insert(entries)
