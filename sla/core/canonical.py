"""The canonical form of a JSON document and its digest: what both departments sign."""

import hashlib
import json
from contextlib import suppress
from typing import Any

import rfc8785

GREATEST = 2**53 - 1  # beyond it JSON readers disagree about integers
_FORM = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotStrictJson(ValueError):
    """The text is not JSON that means the same to every reader."""


def loads(text: str | bytes) -> Any:
    """Return the value of a strict JSON text.

    Stricter than RFC 8259 allows a reader to be, because what is signed must mean one thing:
    no name twice in one object, no fractions, no NaN or Infinity.

    Raises NotStrictJson with a sentence for the person who gave the text.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except NotStrictJson:
        raise
    except RecursionError:
        raise NotStrictJson("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise NotStrictJson("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotStrictJson(f"it is not JSON: {error.msg}, {where}") from None
    except ValueError as error:
        raise NotStrictJson(f"it holds a number that is too long: {error}") from None


def canonical(document: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value: sorted names, no spaces, UTF-8.

    Raises ValueError for integers beyond 2**53 - 1 and for text that is not Unicode.
    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    if _is_common(document):
        with suppress(UnicodeEncodeError):
            return _FORM.encode(document).encode()
    return rfc8785.dumps(document)


def _is_common(value: Any) -> bool:
    """Whether Python's own JSON, which is three times as fast, is RFC 8785 as well: there is no
    fraction, no integer too large, and names are ASCII, which both sort alike."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return True
    if kind is int:
        return abs(int(value)) <= GREATEST
    if kind is list:
        return all(map(_is_common, value))
    if kind is not dict:
        return False
    named = all(type(name) is str and name.isascii() for name in value)
    return named and all(map(_is_common, value.values()))


def digest(document: Any) -> str:
    """Return the SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotStrictJson(f"it says {name!r} twice in one object")
        found[name] = value
    return found


def _no_fraction(number: str) -> Any:
    raise NotStrictJson(f"it holds {number}; numbers must be whole")
