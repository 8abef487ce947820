"""What is said of a condition, read as the terms write it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sla.core.facts import FieldType
from sla.forms.criteria import values
from sla.forms.criteria.conditions import LEAVES, OF_TOUCH, type_of
from sla.forms.tree.branches import Errors
from sla.forms.tree.leaves import NOTHING, Wrong


@dataclass
class Reading:
    """One condition being read."""

    said: dict[str, Any]
    path: str
    errors: Errors

    def leaf(self) -> dict[str, Any]:
        what = self.said["what"]
        found = {"key": self._needed("key")}
        if what == "touch":
            return found | self._touch()
        if what == "attested":
            fact = str(self._needed("attested") or "")
            return found | {"attested": fact.replace(" ", "_")}
        return found | self._field()

    def _touch(self) -> dict[str, Any]:
        there = self.said["as_"].split()
        kinds = self._needed("touch") or []
        single = len(kinds) == 1 and "[]" not in there
        found: dict[str, Any] = {"touch": kinds[0] if single else kinds}
        for name in OF_TOUCH:
            value = self._value(name)
            if value is not NOTHING:
                found[name] = value
            elif name in there:
                found[name] = LEAVES[name].empty
        return found

    def _field(self) -> dict[str, Any]:
        said, kind = self.said, type_of(self.said)
        name = said["what"]
        if name == "attributes":
            name = f"attributes.{str(self._needed('attribute') or '').replace(' ', '_')}"
        found: dict[str, Any] = {"field": name, "op": said["op"]}
        if said["op"] == "between":
            found["value"] = [self._compared("value", kind), self._compared("most", kind)]
        elif said["op"] not in values.BARE:
            found["value"] = self._compared("value", kind)
        own = said["what"] == "attributes"
        if own and (kind != "text" or "type" in said["as_"].split()):
            found["type"] = kind
        return found

    def _compared(self, name: str, kind: FieldType) -> Any:
        several = self.said["op"] in values.LISTED
        read = values.read_several if several else values.read_one
        try:
            value = read(self.said[name], kind)
        except Wrong as wrong:
            self.errors[f"{self.path}-{name}"] = f"{LEAVES['value'].label} {wrong}"
            return None
        return self._or_missing(name, value)

    def _needed(self, name: str) -> Any:
        return self._or_missing(name, self._value(name))

    def _or_missing(self, name: str, value: Any) -> Any:
        if value is NOTHING:
            missing = _("%(label)s is needed.") % {"label": LEAVES[name].label}
            self.errors.setdefault(f"{self.path}-{name}", missing)
            return None
        return value

    def _value(self, name: str) -> Any:
        try:
            return LEAVES[name].read(self.said[name])
        except Wrong as wrong:
            self.errors[f"{self.path}-{name}"] = f"{LEAVES[name].label} {wrong}"
            return NOTHING
