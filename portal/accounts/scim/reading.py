"""What a call of the directory asks: a filter, a page, a resource, a patch. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from portal.accounts.scim.answers import ScimError
from portal.rest.words import one_line

MOST = 200
FILTER = re.compile(r'\s*([A-Za-z]+)\s+eq\s+"((?:[^"\\]|\\["\\/])*)"\s*', re.IGNORECASE)
ONE_MEMBER = re.compile(r'members\[value\s+eq\s+"([^"]*)"\]', re.IGNORECASE)
LONGEST = 200


def filtered(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """The lookup that `attribute eq "value"` stands for; nothing for no filter."""
    if not text:
        return {}
    found = FILTER.fullmatch(text[:1000])
    lookup = known.get(found[1].lower()) if found else None
    if found is None or lookup is None:
        raise ScimError(400, f'Filters are: {", ".join(known)} eq "…".', "invalidFilter")
    return {lookup: re.sub(r"\\(.)", r"\1", found[2])}


def page(query: Mapping[str, str]) -> tuple[int, int]:
    """(where to begin, from 0; how many)."""
    try:
        start, count = int(query.get("startIndex", 1)), int(query.get("count", MOST))
    except ValueError:
        raise ScimError(400, "startIndex and count are numbers.", "invalidValue") from None
    return min(max(start, 1) - 1, 10**9), min(max(count, 0), MOST)


def flat(body: Any) -> dict[str, Any]:
    """The attributes that are kept, of a user or a group, by their names in small letters.

    `name.formatted` comes before `displayName`; whatever else is said is left out.
    """
    if not isinstance(body, Mapping):
        raise ScimError(400, "The body is no object.", "invalidSyntax")
    said = {str(name).lower(): value for name, value in body.items()}
    name = said.pop("name", None)
    if isinstance(name, Mapping):
        said |= {f"name.{part}".lower(): value for part, value in name.items()}
    return said


def patched(body: Any) -> list[tuple[str, str, Any]]:
    """(operation, path, value) of a patch, in order; a value without a path is taken apart."""
    said = flat(body)
    operations = said.get("operations")
    if not isinstance(operations, list) or not operations or len(operations) > 1000:
        raise ScimError(400, "A patch has Operations.", "invalidSyntax")
    found: list[tuple[str, str, Any]] = []
    for one in operations:
        told = flat(one)
        what, path, value = str(told.get("op")).lower(), told.get("path"), told.get("value")
        if what not in {"add", "replace", "remove"}:
            raise ScimError(400, "op is add, replace or remove.", "invalidSyntax")
        if path and str(path).lower() == "name" and isinstance(value, Mapping):
            found += [(what, name, part) for name, part in flat({"name": value}).items()]
        elif path:
            found.append((what, str(path), value))
        elif what == "remove" or not isinstance(value, Mapping):
            raise ScimError(400, "It does not say what is changed.", "noTarget")
        else:
            found += [(what, name, part) for name, part in flat(value).items()]
    return found


def text(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST or "\x00" in value:
        raise ScimError(400, f"{name} is no text of {LONGEST} characters.", "invalidValue")
    return one_line(value)


def yes(said: Mapping[str, Any], name: str) -> bool | None:
    """A truth value; some directories write it as text."""
    value = said.get(name)
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if value is not None and not isinstance(value, bool):
        raise ScimError(400, f"{name} is true or false.", "invalidValue")
    return value


def members(value: Any) -> set[int]:
    """The ids of `[{"value": "7"}, …]`."""
    rows = value if isinstance(value, list) else [value]
    found = [row.get("value") if isinstance(row, Mapping) else row for row in rows]
    if any(not re.fullmatch(r"[0-9]{1,18}", str(one)) for one in found):
        raise ScimError(400, "A member is named by the id of a user.", "invalidValue")
    return {int(str(one)) for one in found}
