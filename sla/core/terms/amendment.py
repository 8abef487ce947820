"""Which changes are administrative: calendar dates and names, and nothing that is owed."""

import re
from collections.abc import Iterator
from typing import Any

_MISSING = object()
# The dates of a calendar, and the names of things; keys, times and promises are not here.
_ADMINISTRATIVE = re.compile(
    r"title"
    r"|calendars/[^/]+/(?:name|valid_through|tz_version|closed(?:_names)?(?:/.*)?|special(?:/.*)?)"
    r"|(?:journey|handoffs|obligations|commitments|benchmarks|return_reasons)/\d+/name"
)


def is_administrative(old: Any, new: Any) -> bool:
    """Whether `new` differs from `old` in nothing but calendar dates and names.

    Such an amendment is a short redline; it needs the same two signatures. Equal documents
    are none.
    """
    paths = list(_differences(old, new, ""))
    return bool(paths) and all(_ADMINISTRATIVE.fullmatch(path) for path in paths)


def _differences(old: Any, new: Any, path: str) -> Iterator[str]:
    """The path of each value that differs; a list of another length differs as a whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() | new.keys():
            yield from _differences(
                old.get(key, _MISSING), new.get(key, _MISSING), f"{path}/{key}".lstrip("/")
            )
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, pair in enumerate(zip(old, new, strict=True)):
            yield from _differences(*pair, f"{path}/{place}")
    elif type(old) is not type(new) or old != new:
        yield path
