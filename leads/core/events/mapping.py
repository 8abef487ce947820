"""The mapping of a source: rules that say which messages mean what, as a JSON document.

{"items": "events",               where the list of events is; "" for the body itself
 "people": {"4711": "anna@…"},    how the system names people -> their address here
 "rules": [{"name": "A call", "when": {"type": ["call", "voicemail"]}, "event": "touch",
            "fields": {"id": "id", "lead.id": "contact.id", "by": "agent.email",
                       "occurred_at": "ended_at",
                       "kind": {"path": "type", "words": {"call": "call"}}}}]}

The first rule whose `when` holds says what an event is. `when` names paths and the values
that each must have; {"there": true} asks only whether something stands there. A field is a
path, {"value": …} for a constant, or {"path", "words", "else", "divide", "join"}.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Of
from dataclasses import dataclass
from typing import Any

MOST_RULES, MOST_FIELDS = 60, 60
IGNORE = "ignore"

_LEAD = frozenset({"lead.id", "lead.email"})
_COMMON = frozenset({"id", "occurred_at", "by"}) | _LEAD
_PERSON = frozenset({
    "name", "first_name", "last_name", "email", "phone", "job_title", "country",
    "company_name", "company_domain", "company_country", "company_employees",
    "company_industry", "source", "campaign", "segment", "score", "consent", "touch",
})  # fmt: skip

FIELDS: dict[str, frozenset[str]] = {
    "lead": _COMMON | _PERSON,
    "stage": _COMMON | {"stage"},
    "touch": _COMMON | {"kind", "direction", "subject", "seconds"},
    "meeting": _COMMON | {"meeting", "starts_at", "host"},
    "no_show": _COMMON | {"meeting"},
    "owner": _COMMON | {"owner"},
    "won": _COMMON | {"note"},
    "lost": _COMMON | {"reason"},
    "used": _COMMON | {"kind", "used"},
    IGNORE: frozenset({"id"}),
}
"""Kind of event -> the fields that it takes; `lead` takes "attributes.…" too."""

NEEDED: dict[str, frozenset[str]] = {
    "stage": frozenset({"stage"}),
    "touch": frozenset({"kind"}),
    "meeting": frozenset({"meeting", "starts_at", "host"}),
    "no_show": frozenset({"meeting"}),
    "owner": frozenset({"owner"}),
}
"""What a rule must map. A lead and who speaks are asked for when the event is read."""

_SPEC = frozenset({"path", "value", "words", "else", "divide", "join"})
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a mapping where: `rules[2].fields.stage`."""

    path: str
    reason: str


class MappingInvalid(ValueError):
    """The document is no mapping; `faults` say why, each with its place."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.reason}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is read: a constant, or what stands at the first of `paths` that is
    filled; with `join` all of them together. `words` translate, `otherwise` is what a word
    that they lack means, `divide` makes seconds of milliseconds."""

    paths: tuple[Path, ...] = ()
    value: Any = None
    words: Of[str, Any] | None = None
    otherwise: Any = None
    divide: int = 1
    join: bool = False

    @property
    def shown(self) -> str:
        """Where in the message it stands, for people."""
        return " or ".join(".".join(path) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must stand at a path: one of `values`, or with None anything (`there`)."""

    path: Path
    values: tuple[Any, ...] | None
    there: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    event: str
    when: tuple[Condition, ...]
    fields: Of[str, Field]


@dataclass(frozen=True, slots=True)
class Mapping:
    items: Path
    people: Of[str, str]
    rules: tuple[Rule, ...]


def parse(document: Any) -> Mapping:
    """Read a mapping. Raises MappingInvalid with every fault that was found."""
    faults = list(_faults(document))
    if faults:
        raise MappingInvalid(faults)
    return Mapping(
        items=path_of(document.get("items") or ""),
        people={key: str(mail) for key, mail in document.get("people", {}).items()},
        rules=tuple(map(_rule, document["rules"])),
    )


def path_of(written: str) -> Path:
    """`a.b.0` as its steps."""
    return tuple(step for step in written.split(".") if step)


def _rule(raw: Of[str, Any]) -> Rule:
    return Rule(
        name=raw["name"],
        event=raw["event"],
        when=tuple(_condition(path, asked) for path, asked in raw.get("when", {}).items()),
        fields={name: _field(spec) for name, spec in raw.get("fields", {}).items()},
    )


def _condition(path: str, asked: Any) -> Condition:
    if isinstance(asked, dict):
        return Condition(path_of(path), None, there=asked["there"])
    values = tuple(asked) if isinstance(asked, list) else (asked,)
    return Condition(path_of(path), values)


def _field(spec: Any) -> Field:
    if isinstance(spec, str):
        return Field(paths=(path_of(spec),))
    written = spec.get("join", spec.get("path", []))
    paths = [written] if isinstance(written, str) else written
    return Field(
        paths=tuple(path_of(one) for one in paths),
        value=spec.get("value"),
        words=spec.get("words"),
        otherwise=spec.get("else"),
        divide=spec.get("divide", 1),
        join="join" in spec,
    )


# --- what is wrong with it


def _faults(document: Any) -> Iterator[Fault]:
    if not isinstance(document, dict):
        yield Fault("", "a mapping is an object with rules")
        return
    for key in set(document) - {"items", "people", "rules"}:
        yield Fault(str(key), "a mapping has items, people and rules")
    if not isinstance(document.get("items", ""), str):
        yield Fault("items", "write a path, or nothing for the body itself")
    people = document.get("people", {})
    if not isinstance(people, dict) or not all(isinstance(v, str) for v in people.values()):
        yield Fault("people", "write the system's name of a person and the address here")
    rules = document.get("rules")
    if not isinstance(rules, list) or not 0 < len(rules) <= MOST_RULES:
        yield Fault("rules", f"write a list of 1 to {MOST_RULES} rules")
        return
    for number, rule in enumerate(rules):
        yield from _rule_faults(rule, f"rules[{number}]")


def _rule_faults(rule: Any, at: str) -> Iterator[Fault]:
    if not isinstance(rule, dict):
        yield Fault(at, "a rule is an object")
        return
    for key in set(rule) - {"name", "when", "event", "fields"}:
        yield Fault(f"{at}.{key}", "a rule has name, when, event and fields")
    if not isinstance(rule.get("name"), str) or not 0 < len(rule["name"]) <= 80:
        yield Fault(f"{at}.name", "name the rule in 1 to 80 characters")
    event = rule.get("event")
    if event not in FIELDS:
        yield Fault(f"{at}.event", f"choose one of: {', '.join(FIELDS)}")
        return
    yield from _when_faults(rule.get("when", {}), f"{at}.when")
    fields = rule.get("fields", {})
    if not isinstance(fields, dict) or len(fields) > MOST_FIELDS:
        yield Fault(f"{at}.fields", f"write an object of at most {MOST_FIELDS} fields")
        return
    for name in NEEDED.get(event, frozenset()) - set(fields):
        yield Fault(f"{at}.fields.{name}", f"“{event}” needs it")
    for name, spec in fields.items():
        if name not in FIELDS[event] and not (event == "lead" and _is_attribute(name)):
            yield Fault(f"{at}.fields.{name}", f"“{event}” has no such field")
        yield from _field_faults(spec, f"{at}.fields.{name}")


def _is_attribute(name: str) -> bool:
    return name.startswith("attributes.") and len(name) > len("attributes.")


def _when_faults(when: Any, at: str) -> Iterator[Fault]:
    if not isinstance(when, dict):
        yield Fault(at, "write paths and the values that each must have")
        return
    for path, asked in when.items():
        if isinstance(asked, dict):
            if set(asked) != {"there"} or not isinstance(asked["there"], bool):
                yield Fault(f"{at}.{path}", 'write {"there": true} or {"there": false}')
        elif not all(
            _is_scalar(one) for one in (asked if isinstance(asked, list) else [asked])
        ):
            yield Fault(f"{at}.{path}", "write a value, or a list of values")


def _field_faults(spec: Any, at: str) -> Iterator[Fault]:
    if isinstance(spec, str):
        if not path_of(spec):
            yield Fault(at, "write the path of what stands in the message")
        return
    if not isinstance(spec, dict) or set(spec) - _SPEC:
        yield Fault(at, f"write a path, or an object of {', '.join(sorted(_SPEC))}")
        return
    if len({"path", "value", "join"} & set(spec)) != 1:
        yield Fault(at, "write exactly one of path, join and value")
    paths = spec.get("join", spec.get("path", "a"))
    listed = [paths] if isinstance(paths, str) else paths
    if not isinstance(listed, list) or not all(isinstance(p, str) and p for p in listed):
        yield Fault(at, "a path is text, or a list of them")
    if not isinstance(spec.get("words", {}), dict):
        yield Fault(f"{at}.words", "write the system's words and what they mean here")
    divide = spec.get("divide", 1)
    if isinstance(divide, bool) or not isinstance(divide, int) or divide < 1:
        yield Fault(f"{at}.divide", "write a whole number above nothing")
    if not all(_is_scalar(spec[name]) for name in ("value", "else") if name in spec):
        yield Fault(at, "a constant is text, a whole number, yes or no")


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool)
