"""A condition of a criteria tree: what it may ask about, and the fields that this takes."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from portal.reader.language import say
from sla.core.facts import FIELDS, TOUCH_KINDS, FieldType, bare, field_of
from sla.forms.criteria import values
from sla.forms.tree.choices import Choice, Several
from sla.forms.tree.leaves import Key, Leaf, Text, Whole
from sla.forms.tree.spans import Length

_PARTIES = [("marketing", _("with Marketing")), ("sales", _("with Sales"))]
_DIRECTIONS = [
    ("inbound", _("coming from them")),
    ("outbound", _("coming from us")),
    ("two_way", _("both ways")),
]
_TYPES = [
    ("text", _("a text")),
    ("integer", _("a whole number")),
    ("boolean", _("yes or no")),
    ("date", _("a date")),
]
LEAVES: dict[str, Leaf] = {
    one.name: one
    for one in (
        Key(name="key", label=_("Short name"), size="m"),
        Text(name="attribute", label=_("Attribute"), hint="budget"),
        Choice(name="type", label=_("It is"), options=_TYPES, redraws=True),
        Choice(name="op", label=_("Comparison"), redraws=True),
        Text(name="value", label=_("Value")),
        Text(name="most", label=_("and")),
        Several(
            name="touch",
            label=_("They"),
            folded=True,
            options=[(kind.key, _(kind.done)) for kind in TOUCH_KINDS.values()],
        ),
        Choice(
            name="department",
            label=_("Together with"),
            options=_PARTIES,
            none=_("either side"),
            needed=False,
        ),
        Choice(
            name="direction",
            label=_("Direction"),
            options=_DIRECTIONS,
            none=_("either way"),
            needed=False,
        ),
        Length(name="within", label=_("In the last"), hint="30 days", needed=False),
        Whole(
            name="count", label=_("At least so many times"), high=1000, needed=False, empty=1
        ),
        Text(name="attested", label=_("Somebody has attested"), hint="budget_confirmed"),
    )
}
OF_TOUCH = ("department", "direction", "within", "count")


def _bare(label: str) -> str:
    return bare(say(label))


_field = lazy(_bare, str)


class What(Choice):
    """What a condition asks about."""


WHAT = What(
    name="what",
    label=_("What"),
    none=_("choose …"),
    needed=False,
    redraws=True,
    options=[
        *((name, _field(one.label)) for name, one in FIELDS.items()),
        ("attributes", _("an attribute of our own")),
        ("touch", _("what they did (a touch)")),
        ("attested", _("what somebody attested")),
    ],
)


def leaf_for(name: str, said: dict[str, Any]) -> Leaf:
    """The field of a condition, as its type and comparison ask for it."""
    kind = type_of(said)
    if name == "op":
        options = [(op, values.OPERATORS[op]) for op in values.OF_TYPE[kind]]
        return Choice(name="op", label=LEAVES["op"].label, options=options, redraws=True)
    if name not in ("value", "most"):
        return LEAVES[name]
    label = LEAVES[name].label
    if said["op"] in values.LISTED or "\n" in said[name]:
        return Values(name=name, label=_("Values, with commas between"), size="l")
    if kind == "boolean":
        return Choice(name=name, label=label, options=[("yes", _("yes")), ("no", _("no"))])
    if kind == "date":
        return Date(name=name, label=label)
    return Text(name=name, label=label, size="m")


class Values(Text):
    """Several values."""

    widget = "area"
    rows = 2


class Date(Text):
    """A date, with the browser's own calendar."""

    kind = "date"


def type_of(said: dict[str, Any]) -> FieldType:
    if said["what"] == "attributes":
        return said["type"] if said["type"] in values.OF_TYPE else "text"
    known = field_of(said["what"])
    return known.type if known else "text"


def asked_of(said: dict[str, Any]) -> list[str]:
    what = said["what"]
    if what == "touch":
        return ["touch", "within", "count", "department", "direction"]
    if what in ("attested", ""):
        return [what] if what else []
    named = ["attribute", "type"] if what == "attributes" else []
    if said["op"] in values.BARE:
        return [*named, "op"]
    return [*named, "op", "value", *(["most"] if said["op"] == "between" else [])]


def leaf_shown(raw: dict[str, Any]) -> dict[str, Any]:
    if "touch" in raw:
        several = isinstance(raw["touch"], list)
        kinds = raw["touch"] if several else [raw["touch"]]
        said = {name: LEAVES[name].shown(raw.get(name)) for name in OF_TOUCH}
        said |= {"touch": LEAVES["touch"].shown(kinds), "what": "touch"}
        return said | {"as_": " ".join([*raw, *(["[]"] if several else [])])}
    if "attested" in raw:
        return {"what": "attested", "attested": raw["attested"]}
    owner, _dot, attribute = raw["field"].partition(".")
    value: Any = raw.get("value")
    between = raw["op"] == "between"
    own = owner == "attributes"
    return {
        "what": owner if own else raw["field"],
        "attribute": attribute if own else "",
        "type": raw.get("type", "text") if own else "",
        "op": raw["op"],
        "value": values.shown(value[0] if between else value),
        "most": values.shown(value[1]) if between else "",
    }
