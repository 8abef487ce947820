"""The values that a criterion compares with, by the type of its field, as people write them."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.core.facts import FieldType
from sla.forms.tree.leaves import NOTHING, Whole, Words, Wrong
from sla.forms.tree.spans import read_date

LISTED, BARE = ("in", "not_in"), ("present", "missing")
OPERATORS: dict[str, Words] = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is known and is not"),
    "in": gettext_lazy("is one of"),
    "not_in": gettext_lazy("is known and is none of"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "between": gettext_lazy("is between"),
    "present": gettext_lazy("is known"),
    "missing": gettext_lazy("is not known"),
}
_ORDERED = ("at_least", "at_most", "between")
OF_TYPE: dict[FieldType, tuple[str, ...]] = {
    "text": tuple(op for op in OPERATORS if op not in _ORDERED),
    "integer": tuple(OPERATORS),
    "date": tuple(OPERATORS),
    "boolean": ("is", "is_not", "present", "missing"),
}
_WHOLE = Whole(name="", label="", low=-(2**53) + 1, high=2**53 - 1)
_TOKEN = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,\n]*?))\s*(?:,|\n|$)')


def shown(value: Any) -> str:
    """One value, or several with commas between them, as the field holds it."""
    if isinstance(value, list):
        return ", ".join(_quoted(_plain(one), ',"\n') for one in value)
    text = "" if value is None else _plain(value)
    return _quoted(text, "") if text.startswith('"') or text != text.strip() else text


def read_one(said: str, kind: FieldType) -> Any:
    """The value of a field of that type that `said` writes; NOTHING for nothing."""
    text = said.replace("\r\n", "\n").strip()
    whole = re.fullmatch(r'"((?:[^"]|"")*)"', text)
    text = whole[1].replace('""', '"') if whole else text
    return _typed(text, kind) if text else NOTHING


def read_several(said: str, kind: FieldType) -> Any:
    """The values with commas or ends of line between them; NOTHING for none."""
    found: list[Any] = []
    for quoted, bare in _TOKEN.findall(said.replace("\r\n", "\n")):
        text = quoted.replace('""', '"') if quoted else bare
        if text:
            found.append(_typed(text, kind))
    return _once(found) or NOTHING


def _once(found: Sequence[Any]) -> list[Any]:
    return list(dict.fromkeys(found))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _quoted(text: str, marks: str) -> str:
    needs = not marks or text != text.strip() or any(mark in text for mark in marks)
    return '"{}"'.format(text.replace('"', '""')) if needs else text


def _typed(text: str, kind: FieldType) -> Any:
    if kind == "integer":
        return _WHOLE.read(text)
    if kind == "date":
        return read_date(text)
    if kind == "boolean":
        if text not in ("yes", "no"):
            raise Wrong(_("must be yes or no. You wrote “%(said)s”.") % {"said": text})
        return text == "yes"
    return text
