"""Criteria as a form: groups inside groups, and conditions on fields, touches and facts.

What is said of a node: `what` is all, any or not for a group (its nodes in `parts`), the
name of a field, `attributes` (its name in `attribute`), touch, attested, or "" for none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sla.forms.criteria import values
from sla.forms.criteria.conditions import LEAVES, WHAT, asked_of, leaf_for, leaf_shown, type_of
from sla.forms.criteria.reading import Reading
from sla.forms.tree.branches import OWN, Errors, new_key
from sla.forms.tree.leaves import NOTHING, Steps, Words
from sla.forms.tree.nodes import Node, Page
from sla.forms.tree.posted import Posted

GROUPS = ("all", "any", "not")
_TOGETHER = (
    ("all", _("all of these are true")),
    ("any", _("at least one of these is true")),
    ("not", _("none of these is true")),
)


_NOTHING = _("Nobody can be found to be in this stage by the portal alone.")


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """A node of a criteria tree with everything below it."""

    name: str = "criteria"
    label: Words
    nothing: Words = _NOTHING
    needed: bool = False
    empty: Any = None

    def shown(self, raw: Any) -> dict[str, Any]:
        said = {**OWN, "what": "", "parts": [], **{n: LEAVES[n].shown(None) for n in LEAVES}}
        if raw is None:
            return said
        said |= {
            "as_": " ".join(raw),
            "key": raw.get("key") or "",
            "was_": raw.get("key") or "",
        }
        for group in GROUPS:
            if group in raw:
                inner = [raw[group]] if group == "not" else raw[group]
                return said | {"what": group, "parts": [self.shown(one) for one in inner]}
        return said | leaf_shown(raw)

    def blank(self) -> dict[str, Any]:
        return self.shown(None)

    def posted(self, sent: Posted, path: str) -> dict[str, Any]:
        said: dict[str, Any] = {
            name: LEAVES[name].posted(sent, f"{path}-{name}") for name in LEAVES
        }
        said |= {name: sent.text(f"{path}-{name}") for name in ("what", *OWN)}
        said["parts"] = [self.posted(sent, inner) for inner in sent.rows(f"{path}-parts")]
        operators = values.OF_TYPE[type_of(said)]
        if said["op"] not in operators:
            said["op"] = "at_least" if "at_least" in operators else "is"
        return said

    def read(self, said: dict[str, Any], path: str, errors: Errors) -> Any:
        if said["what"] in GROUPS:
            return self._group(said, path, errors)
        if not said["what"]:
            if path.endswith("-criteria"):
                return NOTHING
            errors[f"{path}-what"] = _now("Choose what is asked, or remove this condition.")
            return {}
        return Reading(said, path, errors).leaf()

    def _group(self, said: dict[str, Any], path: str, errors: Errors) -> dict[str, Any]:
        parts = [
            self.read(one, f"{path}-parts-{n}", errors) for n, one in enumerate(said["parts"])
        ]
        if not parts:
            errors[path] = _now("A group needs a condition: add one, or remove the group.")
        named = {"key": said["key"].strip()} if said["key"].strip() else {}
        what = said["what"]
        if what != "not":
            return {**named, what: parts}
        return {**named, what: parts[0] if len(parts) == 1 else {"any": parts}}

    def step(self, said: dict[str, Any], name: str) -> tuple[Any, Any]:
        if name == "parts":
            return _Parts(self), said["parts"]
        return LEAVES[name], said[name]

    def locate(self, said: dict[str, Any], steps: Steps, path: str) -> str:
        what = said["what"]
        if not steps or steps[0] not in (what, *_FAULTS):
            return path
        if what not in GROUPS:
            return f"{path}-{_FAULTS.get(str(steps[0]), 'what')}"
        rest = steps[1:]
        if what == "not":  # several conditions under `not` are written as `any`
            wrapped = len(said["parts"]) > 1 and rest[:1] == ["any"]
            rest = rest[1:] if wrapped else [0, *rest]
        index = rest[0] if rest else None
        if not isinstance(index, int) or index >= len(said["parts"]):
            return path
        return self.locate(said["parts"][index], rest[1:], f"{path}-parts-{index}")

    def build(self, said: dict[str, Any], path: str, page: Page) -> "CriteriaNode":
        inner = [
            self.build(one, f"{path}-parts-{n}", page) for n, one in enumerate(said["parts"])
        ]
        root = path.endswith("-criteria")
        template = "sla/editor/_criteria.html" if root else "sla/editor/_condition.html"
        return CriteriaNode(template, path, self, said, page, list(inner))


@dataclass(frozen=True)
class _Parts:
    """The conditions of a group as a list to which one is added."""

    of: Criteria
    label: Words = ""

    def blank(self) -> dict[str, Any]:
        return self.of.blank()

    def step(self, said: list[dict[str, Any]], index: str) -> tuple[Any, Any]:
        if not index.isdecimal() or int(index) >= len(said):
            raise KeyError(index)
        return self.of, said[int(index)]


_FAULTS = {name: name for name in LEAVES} | {"field": "what"}
"""Where a fault of a condition is shown, by the name it has in the terms."""


class CriteriaNode(Node):
    """A group or a condition, with the fields that it asks for."""

    @property
    def is_group(self) -> bool:
        return self.said["what"] in GROUPS

    @property
    def asked(self) -> list[Node]:
        """The fields of this condition, besides what it is about and its short name."""
        return [self._leaf(name) for name in asked_of(self.said)]

    @property
    def groups(self) -> list[tuple[str, Words]]:
        return list(_TOGETHER)

    @property
    def spoken(self) -> Any:
        return self.page.spoken.get(self.path)

    @property
    def about(self) -> str:
        """What is removed with it."""
        what = self.said["what"]
        return str(dict([*_TOGETHER, *WHAT.options]).get(what, "")) or _now("this condition")

    @property
    def add_id(self) -> str:
        return f"add-{self.path}-parts"

    @property
    def what(self) -> "Node":
        return self._leaf("what")

    @property
    def key(self) -> Node:
        return self._leaf("key")

    @property
    def meets(self) -> Any:
        return self.page.meets.get(self.path)

    def _leaf(self, name: str) -> Node:
        leaf = WHAT if name == "what" else leaf_for(name, self.said)
        template = "sla/editor/_field.html"
        return Node(template, f"{self.path}-{name}", leaf, self.said[name], self.page)


def nodes_of(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is said of a tree's nodes, outer ones first; nothing for no criteria."""
    if said["what"]:
        yield said
    for one in said["parts"]:
        yield from nodes_of(one)


def name_conditions(trees: list[dict[str, Any]]) -> None:
    """Give each condition without a short name one that no other has."""
    everything = [one for tree in trees for one in nodes_of(tree)]
    taken = {one["key"].strip() for one in everything}
    for one in everything:
        if not one["key"].strip() and one["what"] not in GROUPS:
            one["key"] = new_key(_about(one), taken)
            taken.add(one["key"])


def _about(said: dict[str, Any]) -> str:
    what = said["what"]
    if what == "touch":
        return "_".join(said["touch"]["said"][:1]) or "touch"
    if what in ("attested", "attributes"):
        return str(said["attested" if what == "attested" else "attribute"] or what)
    return str(what).replace(".", "_").removeprefix("lead_")
