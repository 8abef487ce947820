"""What the running action has read already: asked of the database once, however many of its
steps need it. All of it is forgotten when the action ends, or a part of it is rolled back.

Only for rows that nobody else changes meanwhile (the action holds their lock), or that
count as they stood when the action first looked: versions, teams, people. Whoever changes
such a row inside the action says so here. Outside an action nothing is kept.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, TypeVar

T = TypeVar("T")
Key = tuple[Hashable, ...]
Known = dict[Key, Any]

_known: ContextVar[Known | None] = ContextVar("known_to_the_action", default=None)


def once(key: Key, read: Callable[[], T]) -> T:
    """What `read` gives, read at the first asking."""
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    value: T = known[key]
    return value


def take(key: Key, read: Callable[[], T]) -> T:
    """What was noted ahead, for this one asking; without a note, what `read` gives."""
    known = _known.get()
    if known is not None and key in known:
        value: T = known.pop(key)
        return value
    return read()


def note(key: Key, value: object) -> None:
    """Keep what was read, for many rows at once perhaps, before anybody asks."""
    known = _known.get()
    if known is not None:
        known[key] = value


def kept(kind: Hashable) -> list[Any]:
    """All values whose key begins with `kind`, for who changes what they say."""
    return [value for key, value in (_known.get() or {}).items() if key[0] == kind]


def forget(key: Key) -> None:
    """Let this be read again."""
    (_known.get() or {}).pop(key, None)


def forget_kind(kind: Hashable) -> None:
    """Let everything whose key begins with `kind` be read again."""
    known = _known.get() or {}
    for key in [key for key in known if key[0] == kind]:
        del known[key]


def forget_all() -> None:
    known = _known.get()
    if known is not None:
        known.clear()


@contextmanager
def reading() -> Iterator[None]:
    """Keep what is read for one page that changes nothing: it shows one moment. Inside an
    action, or another page, nothing begins anew."""
    if _known.get() is not None:
        yield
        return
    token = begin()
    try:
        yield
    finally:
        end(token)


def begin() -> Token[Known | None]:
    return _known.set({})


def end(token: Token[Known | None]) -> None:
    _known.reset(token)
