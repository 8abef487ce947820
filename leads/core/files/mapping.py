"""A mapping: which column of a file means what, how its values are read, what is history.

Written in JSON by a person; docs/import.md tells of every part.
"""

import re
from collections.abc import Mapping as Json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from leads.core.files.dates import ORDERS, Order
from leads.core.files.records import DELIMITERS, ENCODINGS, header_name

TEXTS = (
    "name", "first_name", "last_name", "email", "phone", "job_title", "country",
    "company_name", "company_domain", "company_country", "company_industry", "source",
    "external_id", "campaign", "segment", "owner", "stage", "consent_purpose", "consent_source",
)  # fmt: skip
INTEGERS = ("score", "company_employees")
BOOLEANS = ("consent",)
MOMENTS = ("arrived", "consent_at", "offered", "accepted", "first_attempt", "won", "lost")
TYPES = ("text", "integer", "boolean", "date")

_ATTRIBUTE = re.compile(r"attributes\.[a-z][a-z0-9_]{0,59}")
_STAGE = re.compile(r"entered\.[a-z][a-z0-9_-]{0,59}")
_TOP = {
    "source", "zone", "encoding", "delimiter", "missing", "columns", "constants", "create",
    "closes",
}  # fmt: skip
_OPTIONS = {"to", "type", "zone", "order", "missing", "values"}


class MappingError(ValueError):
    """The mapping itself is wrong; the message names the place and the reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """One meaning of one column. `type` is text, integer, boolean, date or moment."""

    column: str
    to: str
    type: str
    zone: ZoneInfo
    order: Order | None
    missing: frozenset[str]
    values: Json[str, str]

    @property
    def is_moment(self) -> bool:
        return self.type in ("moment", "date")


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read. `create`: whether a record nobody knows is a new lead, else it is
    refused. `closes`: whether won and lost close the lead, or stay mere claims."""

    source: str
    targets: tuple[Target, ...]
    constants: Json[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    create: bool = True
    closes: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, each once."""
        return tuple(dict.fromkeys(target.column for target in self.targets))

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each column stands in a header, which is matched without case.

        Raises MappingError if one is missing, or is there twice.
        """
        names = [header_name(name) for name in header]
        places = {}
        for column in self.columns:
            found = [n for n, name in enumerate(names) if name == header_name(column)]
            if len(found) != 1:
                said = "is not in the header" if not found else "is there more than once"
                raise MappingError(f"the column {column!r} {said}")
            places[column] = found[0]
        return places


def read(raw: Any) -> Mapping:
    """The mapping that a JSON value writes. Raises MappingError for the first thing wrong."""
    _require(isinstance(raw, dict), "the mapping is an object")
    _require(set(raw) <= _TOP, f"unknown: {', '.join(sorted(set(raw) - _TOP))}")
    columns = raw.get("columns")
    _require(isinstance(columns, dict) and bool(columns), "columns: an object of columns")
    encoding, delimiter = raw.get("encoding"), raw.get("delimiter")
    _require(encoding in (None, *ENCODINGS), f"encoding: one of {', '.join(ENCODINGS)}")
    _require(delimiter in (None, *DELIMITERS), "delimiter: a comma, semicolon, tab or bar")
    targets = tuple(
        _target(column, option, raw)
        for column, options in columns.items()
        for option in (options if isinstance(options, list) else [options])
    )
    _require_once(targets)
    mapping = Mapping(
        source=_text(raw.get("source"), "source"),
        targets=targets,
        constants=_constants(raw.get("constants", {})),
        encoding=encoding,
        delimiter=delimiter,
        create=_flag(raw, "create"),
        closes=_flag(raw, "closes"),
    )
    named = {target.to for target in targets} | set(mapping.constants)
    _require(
        bool(named & {"name", "first_name", "last_name", "email", "phone", "external_id"}),
        "columns: one must say who it is: a name, email, phone or external_id",
    )
    return mapping


def _target(column: str, option: Any, raw: Json[str, Any]) -> Target:
    where = f"columns.{column}"
    options: Any = {"to": option} if isinstance(option, str) else option
    _require(isinstance(options, dict), f"{where}: a target, or an object with one")
    _require(set(options) <= _OPTIONS, f"{where}: unknown option")
    to = _text(options.get("to"), f"{where}.to")
    order = options.get("order")
    _require(order in (None, *ORDERS), f"{where}.order: one of {', '.join(ORDERS)}")
    missing = {*raw.get("missing", []), *options.get("missing", [])}
    _require(all(isinstance(one, str) for one in missing), f"{where}.missing: texts")
    values = options.get("values", {})
    _require(isinstance(values, dict), f"{where}.values: an object of texts")
    return Target(
        column=column,
        to=to,
        type=_type(to, options.get("type"), where),
        zone=_zone(options.get("zone", raw.get("zone", "UTC")), where),
        order=next((one for one in ORDERS if one == order), None),
        missing=frozenset(one.strip() for one in missing),
        values={str(key): str(value) for key, value in values.items()},
    )


def _type(to: str, named: Any, where: str) -> str:
    if _ATTRIBUTE.fullmatch(to):
        _require(named in (None, *TYPES), f"{where}.type: one of {', '.join(TYPES)}")
        return named or "text"
    _require(named is None, f"{where}.type: only an attribute says its type")
    if to in TEXTS:
        return "text"
    if to in INTEGERS:
        return "integer"
    if to in BOOLEANS:
        return "boolean"
    known = to in MOMENTS or _STAGE.fullmatch(to) is not None
    _require(known, f"{where}.to: there is no {to!r}")
    return "moment"


def _require_once(targets: Sequence[Target]) -> None:
    seen: set[str] = set()
    for target in targets:
        _require(target.to not in seen, f"columns: {target.to} is told by two columns")
        seen.add(target.to)


def _constants(raw: Any) -> dict[str, str]:
    _require(isinstance(raw, dict), "constants: an object of texts")
    for to, value in raw.items():
        _require(
            to in TEXTS and to not in ("owner", "stage"),
            f"constants.{to}: only texts about the person are constant",
        )
        _text(value, f"constants.{to}")
    return dict(raw)


@cache
def _zones() -> frozenset[str]:
    """Zones of the IANA database; finding them walks through hundreds of files."""
    return frozenset(available_timezones() - {"localtime"})


def _zone(name: Any, where: str) -> ZoneInfo:
    _require(
        isinstance(name, str) and name in _zones(),
        f"{where}.zone: {name!r} is not in the IANA time zone database",
    )
    return ZoneInfo(str(name))


def _flag(raw: Json[str, Any], name: str) -> bool:
    value = raw.get(name, True)
    _require(isinstance(value, bool), f"{name}: true or false")
    return bool(value)


def _text(value: Any, where: str) -> str:
    _require(isinstance(value, str) and bool(value.strip()), f"{where}: a text")
    return str(value)


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise MappingError(reason)
