"""One message read by its source's mapping: events, each with its fields, or why not."""

import math
from collections.abc import Iterable
from collections.abc import Mapping as Of
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from leads.core import text
from leads.core.events.mapping import IGNORE, NEEDED, Condition, Field, Mapping, Rule

MOST_ITEMS = 1_000
LONGEST = 2_000  # characters of one value
TIMES = frozenset({"occurred_at", "starts_at"})
NUMBERS = frozenset({"seconds", "score", "company_employees"})
ANSWERS = frozenset({"consent", "used"})
YES = frozenset({"true", "yes", "1", "y", "on", "opted_in", "subscribed"})
NO = frozenset({"false", "no", "0", "n", "off", "opted_out", "unsubscribed"})
GREATEST_SECONDS = 7 * 24 * 3_600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_MILLISECONDS = 100_000_000_000  # a number of seconds as great as this lies in the year 5138

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Event:
    """What one item says. `values` hold clean text, whole numbers, instants, yes or no."""

    kind: str
    rule: str
    values: Of[str, Any] = field(default_factory=dict)
    places: Of[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.values.get("id", ""))

    @property
    def occurred_at(self) -> datetime | None:
        found = self.values.get("occurred_at")
        return found if isinstance(found, datetime) else None

    def said(self, name: str) -> str:
        return str(self.values.get(name, ""))

    def place(self, name: str) -> str:
        """Where in the message a field stands, or what it is called here."""
        return self.places.get(name) or name


@dataclass(frozen=True, slots=True)
class Ignored:
    """A rule says that this is nothing to the portal."""

    rule: str


class Unclear(ValueError):
    """The item cannot be understood: `path` names the place in it, `reason` says why."""

    def __init__(self, path: str, reason: str, *, rule: str = "", kind: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path, self.reason, self.rule, self.kind = path, reason, rule, kind


def split(mapping: Mapping, body: Any) -> list[Any]:
    """The items of a message: its list of events, or the body itself as one.

    Raises Unclear if the mapping names a list that is not there, or it is too long.
    """
    found = body if not mapping.items else at(body, mapping.items)
    shown = ".".join(mapping.items)
    if mapping.items and not isinstance(found, list | dict):
        raise Unclear(shown, "there is no list of events here")
    items = found if isinstance(found, list) else [found]
    if len(items) > MOST_ITEMS:
        raise Unclear(shown, f"there are {len(items)} events; {MOST_ITEMS} at most")
    return items


def read(mapping: Mapping, item: Any) -> Event | Ignored:
    """What the first rule that fits makes of an item. Raises Unclear."""
    if not isinstance(item, dict):
        raise Unclear("", "an event is an object with names and values")
    rule = next((one for one in mapping.rules if _fits(one.when, item)), None)
    if rule is None:
        raise Unclear("", "no rule of the mapping fits it")
    if rule.event == IGNORE:
        return Ignored(rule.name)
    try:
        values = {name: _value(name, spec, item) for name, spec in rule.fields.items()}
    except Unclear as fault:
        raise Unclear(fault.path, fault.reason, rule=rule.name, kind=rule.event) from None
    _require(rule, values)
    known = {name: value for name, value in values.items() if value is not None}
    for name in ("by", "host", "owner"):
        if name in known:
            known[name] = mapping.people.get(known[name], known[name])
    places = {name: spec.shown for name, spec in rule.fields.items()}
    return Event(rule.event, rule.name, known, places)


def at(item: Any, path: Iterable[str]) -> Any:
    """What stands at a path; None if nothing does. Numbers are places in lists.

    >>> at({"a": [{"b": 7}]}, ("a", "0", "b"))
    7
    """
    found = _stands(item, path)
    return None if found is _ABSENT else found


def _stands(item: Any, path: Iterable[str]) -> Any:
    for step in path:
        if isinstance(item, dict) and step in item:
            item = item[step]
        elif isinstance(item, list) and step.isdecimal() and int(step[:6]) < len(item):
            item = item[int(step[:6])]
        else:
            return _ABSENT
    return item


def _fits(conditions: Iterable[Condition], item: Any) -> bool:
    return all(_holds(one, item) for one in conditions)


def _holds(condition: Condition, item: Any) -> bool:
    found = at(item, condition.path)
    if condition.values is None:
        return (found not in (None, "")) is condition.there
    return any(found == one and type(found) is type(one) for one in condition.values)


def _require(rule: Rule, values: Of[str, Any]) -> None:
    for name in sorted(NEEDED.get(rule.event, frozenset())):
        if values.get(name) in (None, ""):
            where = rule.fields[name].shown or name
            raise Unclear(
                where, f"nothing is said of “{name}”", rule=rule.name, kind=rule.event
            )


def _value(name: str, spec: Field, item: Any) -> Any:
    found = _found(spec, item)
    if found is None or found == "":
        return None
    if spec.words is not None:
        found = _translated(spec, found)
    if name in TIMES:
        return _instant(found, spec.shown)
    if name in NUMBERS:
        return _number(name, found, spec)
    if name in ANSWERS:
        return _answer(found, spec.shown)
    if name.startswith("attributes.") and isinstance(found, int):
        return found
    return _line(found, spec.shown)


def _found(spec: Field, item: Any) -> Any:
    if not spec.paths:
        return spec.value
    every = [at(item, path) for path in spec.paths]
    filled = [one for one in every if one not in (None, "")]
    if spec.join:
        parts = [_line(one, spec.shown) for one in every if one is not None]
        return "-".join(parts) if len(parts) == len(every) else None
    return filled[0] if filled else None


def _translated(spec: Field, found: Any) -> Any:
    words = spec.words or {}
    word = _line(found, spec.shown)
    known = {key.casefold(): meaning for key, meaning in words.items()}
    if word.casefold() in known:
        return known[word.casefold()]
    return found if spec.otherwise is None else spec.otherwise


def _line(found: Any, where: str) -> str:
    if isinstance(found, bool):
        return "true" if found else "false"
    if not isinstance(found, str | int | float):
        raise Unclear(where, "a list or an object stands where a value should")
    return text.line(str(found), LONGEST)


def _instant(found: Any, where: str) -> datetime:
    """An ISO 8601 instant with its zone, or seconds or milliseconds since 1970."""
    try:
        told = _parsed(found)
    except (ValueError, OverflowError):
        raise Unclear(where, "this is no instant: write it as 2026-03-02T12:58:00Z") from None
    if told.tzinfo is None:
        raise Unclear(where, "an instant needs its zone: 2026-03-02T12:58:00Z")
    if not _FIRST <= told <= _LAST:
        raise Unclear(where, "an instant lies between 1990 and 2100")
    return told.astimezone(UTC)


def _parsed(found: Any) -> datetime:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise ValueError(found)
    if isinstance(found, str) and not found.strip().isdecimal():
        return datetime.fromisoformat(found.strip())
    number = float(found)
    return _EPOCH + timedelta(seconds=number / 1_000 if number >= _MILLISECONDS else number)


def _number(name: str, found: Any, spec: Field) -> int:
    try:
        number = float(str(found).strip()) / spec.divide
        whole = math.floor(number)
    except (ValueError, OverflowError):
        raise Unclear(spec.shown, "this is no number") from None
    if abs(whole) > 2_147_483_647 or (name == "seconds" and not 0 <= whole <= GREATEST_SECONDS):
        raise Unclear(spec.shown, "this number is out of all bounds")
    return whole


def _answer(found: Any, where: str) -> bool:
    word = _line(found, where).casefold()
    if word in YES or word in NO:
        return word in YES
    raise Unclear(where, "this is neither yes nor no")
