"""The chain itself: what an entry's text is, and what its hash is. No Django here.

An entry is one line of canonical JSON (RFC 8785) with nine keys: actor, at, department,
kind, lead, seq, subject, team, values. Its hash is

    SHA-256(TAG + hash of the entry before + the line)

as lower-case hex; "the entry before" of the first one is 64 zeros. `verify_chain.py`
states the same again for strangers, without using this file.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, lru_cache
from json.encoder import (  # type: ignore[attr-defined]  # the stubs leave out the C encoder
    JSONEncoder,
    c_make_encoder,
    encode_basestring,
)
from typing import Any, NamedTuple

TAG = b"concord ledger 1\n"
NO_HASH = "0" * 64
GREATEST = 2**53 - 1  # beyond it JSON readers disagree about integers

_WORD = re.compile(r"[a-z0-9_.-]{0,60}")
_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")  # no database takes them all


class Canonical(str):
    """Text that `canonical` makes of a value, made already: it is taken as it is."""

    __slots__ = ()


class Link(NamedTuple):
    """One entry as the chain sees it: its place, the hash before, its own, its line."""

    seq: int
    before: str
    hash: str
    line: str


def canonical(value: Any) -> str:
    """`value` as RFC 8785 JSON.

    Takes None, booleans, integers of at most 53 bits, text, dates, aware datetimes, and
    lists and string-keyed mappings of them. Keys are ASCII, where the order of RFC 8785
    and of Python agree. Floats are refused: the same number would have several spellings.

    >>> canonical({"b": [1, None], "a": "\u00e9"})
    '{"a":"\u00e9","b":[1,null]}'

    Raises TypeError or ValueError for anything else.
    """
    return value if type(value) is Canonical else "".join(_encode(_plain(value), 0))


@lru_cache(maxsize=4096, typed=True)  # typed, since 1 is not true
def alike(value: str | int | None) -> str:
    """`canonical` of a value that many entries share."""
    return canonical(value)


def text(value: str) -> str:
    """`canonical` of a text."""
    return str(encode_basestring(_text(value)))


@cache
def form(*keys: str) -> Callable[[Mapping[str, str]], Canonical]:
    """What writes a mapping of these keys from the canonical text of each value: for
    thousands of entries that are built alike.

    >>> form("a", "b")({"b": text("x"), "a": canonical([1])})
    '{"a":[1],"b":"x"}'
    """
    shape = ",".join(f'"{word(key)}":%({key})s' for key in sorted(keys))
    return lambda texts: Canonical(f"{{{shape}}}" % texts)


def _encoder() -> Callable[[Any, int], Sequence[str]]:
    """What `json.dumps` makes anew for each value, made once: it is most of a small one."""
    form = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if c_make_encoder is None:
        return lambda value, _level: [form.encode(value)]
    made: Callable[[Any, int], Sequence[str]] = c_make_encoder(
        None, form.default, encode_basestring, None, ":", ",", True, False, False
    )
    return made


_encode = _encoder()


def _plain(value: Any) -> Any:
    return _FORMS.get(type(value), _relative)(value)


def _relative(value: Any) -> Any:
    return _form_of_relative(value)(value)


def _form_of_relative(value: Any) -> Callable[[Any], Any]:
    """For what only derives from, or behaves like, a type that the ledger takes."""
    if isinstance(value, Enum):
        return lambda member: _plain(member.value)
    for kind in (str, int, datetime, date, Mapping):
        if isinstance(value, kind):
            return _FORMS[kind]
    raise TypeError(f"the ledger cannot hold a {type(value).__name__}")


def _text(value: str) -> str:
    if value.isascii() and "\x00" not in value and type(value) is str:
        return value
    if _UNSPEAKABLE.search(value):
        raise ValueError("the ledger cannot hold NUL or half of a surrogate pair")
    return str(value)


def _integer(value: int) -> int:
    if abs(value) > GREATEST:
        raise ValueError("the ledger cannot hold an integer of more than 53 bits")
    return int(value)


def _mapping(value: Mapping[str, Any]) -> dict[str, Any]:
    return {_key(key): _form(item) for key, item in value.items()}


def _form(value: Any) -> Any:
    """`_plain`, the commonest first: a thousand entries are most of an import's time."""
    kind = type(value)
    if kind is str and value.isascii() and "\x00" not in value:
        return value
    return _FORMS.get(kind, _relative)(value)


@lru_cache(maxsize=1024)
def _key(key: Any) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise TypeError("a key in the ledger is ASCII text")
    return _text(key)


def _sequence(value: Iterable[Any]) -> list[Any]:
    return [_form(item) for item in value]


def instant(at: datetime) -> str:
    """An aware instant as `2026-03-02T09:00:00.000000Z`, always this long."""
    if at.tzinfo is None:
        raise ValueError("an instant in the ledger must be aware")
    return _spelt(at if at.tzinfo is UTC else at.astimezone(UTC))


@lru_cache(maxsize=1024)  # most entries of an action are of one instant
def _spelt(utc: datetime) -> str:
    """Of UTC only: elsewhere two instants of the hour that comes twice are equal."""
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


_FORMS: dict[type, Callable[[Any], Any]] = {
    type(None): lambda none: none,
    bool: bool,
    str: _text,
    int: _integer,
    datetime: instant,
    date: date.isoformat,
    dict: _mapping,
    Mapping: _mapping,
    list: _sequence,
    tuple: _sequence,
}


def word(text: str) -> str:
    """`text` if it may stand in an entry as a key of a department, a team, a kind of row."""
    if not _WORD.fullmatch(text):
        raise ValueError(f"{text!r} is not a key of the ledger (a-z, 0-9, _ . -, 60 at most)")
    return text


def line(
    seq: int,
    at: str,
    kind: str,
    subject_type: str,
    subject_id: int,
    lead: int | None,
    actor: int | None,
    department: str,
    team: str,
    values: str,
) -> str:
    """The canonical JSON of an entry; `at` from `instant`, `values` from `canonical`.

    Written out because it is the same keys each time; words need no escaping. `values`
    comes last, so that no other text of it can lend its end to another column.
    """
    return (
        f'{{"actor":{_number(actor)},"at":"{at}","department":"{department}",'
        f'"kind":"{kind}","lead":{_number(lead)},"seq":{seq},'
        f'"subject":["{subject_type}",{subject_id}],"team":"{team}","values":{values}}}'
    )


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def digest(before: str, line: str) -> str:
    """The hash of an entry that follows the entry with the hash `before`."""
    return hashlib.sha256(TAG + before.encode() + line.encode()).hexdigest()


def field_key(secret: bytes, seq: int, field: str) -> bytes:
    """The key that opens one value of one entry, and no other: it may be shown to others."""
    return hmac.digest(secret, f"{seq}:{field}".encode(), "sha256")


def commitment(key: bytes, value: Any) -> str:
    """What stands in the entry instead of `value`; without `key` it says nothing."""
    return hmac.digest(key, _told(value), "sha256").hex()


def _told(value: Any) -> bytes:
    """The canonical JSON of a value; that of some lines of text, which turns repeat from
    lead to lead, is made once."""
    if type(value) is Canonical:
        return value.encode()
    if type(value) is list and len(value) > 1 and all(type(one) is str for one in value):
        return _lines(tuple(value))
    return canonical(value).encode()


@lru_cache(maxsize=1024)
def _lines(texts: tuple[str, ...]) -> bytes:
    return canonical(texts).encode()


def links(rows: Iterable[tuple[Any, ...]]) -> Iterator[Link]:
    """Rows (seq, hash before, hash, and what `line` takes after seq) as links."""
    for seq, before, own, *columns in rows:
        yield Link(seq, before, own, line(seq, *columns))


def exported(link: Link) -> str:
    """The line of an export, without its newline: canonical JSON as well."""
    return f'{{"entry":{link.line},"hash":"{link.hash}","prev":"{link.before}"}}'
