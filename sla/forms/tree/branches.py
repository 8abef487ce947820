"""What holds leaves: a group (an object of the terms), rows (a list), keyed rows (a map)."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from sla.forms.tree.leaves import NOTHING, Key, Leaf, Steps, Words, Wrong
from sla.forms.tree.posted import Posted

Errors = dict[str, str]
Part = Any  # Leaf, Group, Rows, Keyed, or anything that has their five methods
OWN = {"as_": "", "was_": "", "open_": ""}
"""What a row sends beside its parts: names it had, its key before, whether it is open."""

Checks = Callable[[dict[str, Any]], Iterable[tuple[str, str]]]


def _no_checks(value: dict[str, Any]) -> Iterable[tuple[str, str]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Group:
    """An object of the terms. A group that is not needed is absent when all of it is empty.

    `as_` carries the names that the terms said, so that null, "" and absent stay what they
    were. `form` is a template of its own.
    """

    name: str = ""
    label: Words = ""
    help: Words = ""
    parts: tuple[Part, ...]
    needed: bool = True
    empty: Any = None
    checks: Checks = _no_checks
    form: str = ""

    def shown(self, value: Any) -> dict[str, Any]:
        value = value or {}
        said = {part.name: part.shown(value.get(part.name)) for part in self.parts}
        return {**OWN, "as_": " ".join(value), "was_": str(value.get("key") or ""), **said}

    def posted(self, sent: Posted, path: str) -> dict[str, Any]:
        said = {part.name: part.posted(sent, _in(path, part.name)) for part in self.parts}
        own = {name: sent.text(_in(path, name)) for name in OWN}
        return {**own, **said}

    def read(self, said: dict[str, Any], path: str, errors: Errors) -> Any:
        inner: Errors = {}
        values = {part.name: _read(part, said[part.name], path, inner) for part in self.parts}
        bare = not inner and all(value is NOTHING for value in values.values())
        if bare and not self.needed and self.empty is None:
            return NOTHING
        errors |= inner
        result = dict(self._filled(values, said["as_"].split(), path, errors))
        if not inner:
            errors |= {_in(path, name): said for name, said in self.checks(result)}
        return NOTHING if not self.needed and not result else result

    def _filled(
        self, values: dict[str, Any], there: list[str], path: str, errors: Errors
    ) -> Iterator[tuple[str, Any]]:
        for part in self.parts:
            value = values[part.name]
            if value is not NOTHING:
                yield part.name, value
            elif part.needed:
                missing = _("%(label)s is needed.") % {"label": part.label}
                errors.setdefault(_in(path, part.name), missing)
            elif part.name in there:
                yield part.name, deepcopy(part.empty)

    def part(self, name: str | int) -> Part | None:
        return next((part for part in self.parts if part.name == name), None)

    def step(self, said: dict[str, Any], name: str) -> tuple[Part, Any]:
        """The part called `name`, and what is said in it. Raises KeyError."""
        if (part := self.part(name)) is None:
            raise KeyError(name)
        return part, said[name]

    def locate(self, said: dict[str, Any], steps: Steps, path: str) -> str:
        part = self.part(steps[0]) if steps else None
        if part is None:
            return path
        return str(part.locate(said[part.name], steps[1:], _in(path, part.name)))


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list of the terms. `one` is what a row is called; `title` says which row it is.

    `folded`: each row is a line that unfolds. `drawn`: each row has a drawing of its own.
    """

    name: str
    label: Words
    one: Words
    row: Group
    help: Words = ""
    needed: bool = True
    empty: Any = field(default_factory=list)
    title: Callable[[dict[str, Any]], str] = lambda said: ""
    folded: bool = False
    ordered: bool = True
    drawn: bool = False

    def shown(self, value: Any) -> list[dict[str, Any]]:
        return [self.row.shown(one) for one in value or ()]

    def posted(self, sent: Posted, path: str) -> list[dict[str, Any]]:
        return [self.row.posted(sent, inner) for inner in sent.rows(path)]

    def read(self, said: list[dict[str, Any]], path: str, errors: Errors) -> Any:
        name_keys(self.row, said)
        rows = [self.row.read(one, f"{path}-{n}", errors) for n, one in enumerate(said)]
        return rows if rows or self.needed else NOTHING

    def blank(self) -> dict[str, Any]:
        return self.row.shown(None)

    def step(self, said: list[dict[str, Any]], index: str) -> tuple[Part, Any]:
        """The row of that index, and what is said in it. Raises KeyError."""
        if not index.isdecimal() or int(index) >= len(said):
            raise KeyError(index)
        return self.row, said[int(index)]

    def locate(self, said: list[dict[str, Any]], steps: Steps, path: str) -> str:
        if not steps or not isinstance(steps[0], int) or steps[0] >= len(said):
            return path
        return self.row.locate(said[steps[0]], steps[1:], f"{path}-{steps[0]}")


@dataclass(frozen=True, kw_only=True)
class Keyed(Rows):
    """A map of the terms, shown as rows that hold their key in the field `key`.

    `inside` names the field that is the whole value; "" where the value is an object.
    """

    inside: str = ""
    empty: Any = field(default_factory=dict)

    def shown(self, value: Any) -> list[dict[str, Any]]:
        return [self._row(key, inner) for key, inner in (value or {}).items()]

    def _row(self, key: str, inner: Any) -> dict[str, Any]:
        said = self.row.shown({self.inside: inner} if self.inside else inner)
        return said | {"key": key, "was_": key}

    def read(self, said: list[dict[str, Any]], path: str, errors: Errors) -> Any:
        name_keys(self.row, said)
        found: dict[str, Any] = {}
        for index, one in enumerate(said):
            value = self.row.read(one, f"{path}-{index}", errors)
            key = value.pop("key", "")
            if key and key in found:
                errors[f"{path}-{index}-key"] = _("%(key)s is there already.") % {"key": key}
            found[key] = value.get(self.inside) if self.inside else value
        return found if found or self.needed else NOTHING

    def locate(self, said: list[dict[str, Any]], steps: Steps, path: str) -> str:
        places = [n for n, one in enumerate(said) if steps and one["key"] == steps[0]]
        if not places:
            return path
        inside: Steps = [self.inside] if self.inside else []
        below = f"{path}-{places[0]}"
        return self.row.locate(said[places[0]], [*inside, *steps[1:]], below)


def names_in(path: str, parts: Iterable[Part]) -> Iterator[str]:
    """Yield the paths of the leaves of a spec without their indices, for the terms' walk."""
    for part in parts:
        here = _in(path, part.name) if part.name else path
        if isinstance(part, Group):
            yield from names_in(here, part.parts)
        elif isinstance(part, Rows):
            yield from names_in(f"{here}-n", part.row.parts)
        else:
            yield here


def name_keys(row: Group, said: list[dict[str, Any]]) -> None:
    """Give a key to each row that has none, from its name; keys that are there stay."""
    leaf = row.part("key")
    if not isinstance(leaf, Key):
        return
    taken = {one["key"].strip() for one in said}
    for one in said:
        if not one["key"].strip() and str(one.get(leaf.source, "")).strip():
            one["key"] = new_key(str(one[leaf.source]), taken)
            taken.add(one["key"])


def new_key(words: str, taken: set[str]) -> str:
    """A key made from words, other than those taken.

    >>> new_key("São Paulo office", {"sao_paulo_office"}), new_key("42 days", set())
    ('sao_paulo_office_2', 'n42_days')
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    made = re.sub("[^a-z0-9]+", "_", plain)[:50].strip("_") or "new"
    made = made if made[0].isalpha() else f"n{made}"
    numbered = (f"{made}_{n}" for n in range(2, len(taken) + 3))
    return made if made not in taken else next(key for key in numbered if key not in taken)


def _in(path: str, name: str) -> str:
    return f"{path}-{name}" if path else name


def _read(part: Part, said: Any, path: str, errors: Errors) -> Any:
    here = _in(path, part.name)
    if not isinstance(part, Leaf):
        return part.read(said, here, errors)
    try:
        return part.read(said)
    except Wrong as wrong:
        errors[here] = f"{part.label} {wrong}"
        return NOTHING
