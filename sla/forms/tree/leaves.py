"""The plain leaves: one line, a key, prose, a whole number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sla.forms.tree.posted import Posted

Words = str | Promise
Steps = list[str | int]
_WHOLE = re.compile(r"-?[0-9]{1,16}|-?[0-9]{1,3}([, \u202f\u00a0’][0-9]{3})+")


class Wrong(ValueError):
    """What was entered cannot be read; the message is for the person, without the label."""


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Any = _Nothing()
"""Nothing was entered. What that is in the terms is up to who holds the leaf."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One value of the terms under `name`, shown as one field.

    `empty` is what stands in the terms for nothing, where the terms say the name at all.
    """

    name: str
    label: Words
    help: Words = ""
    needed: bool = True
    empty: Any = None
    size: str = "m"
    hint: str = ""
    suggest: Sequence[str] = ()
    widget: ClassVar[str] = "line"
    kind: ClassVar[str] = "text"

    def shown(self, value: Any) -> Any:
        """The value as it stands in the field; None if there is none."""
        return "" if value is None else str(value)

    def posted(self, sent: Posted, path: str) -> Any:
        return sent.text(path)

    def read(self, said: Any) -> Any:
        """The value that stands in the field, or NOTHING. Raises Wrong."""
        return said.strip() or NOTHING

    def locate(self, said: Any, steps: Steps, path: str) -> str:
        """The path of the field that a fault at `steps` below this leaf is shown at."""
        return path


@dataclass(frozen=True, kw_only=True)
class Text(Leaf):
    """One line; space at its ends is dropped."""


@dataclass(frozen=True, kw_only=True)
class Key(Leaf):
    """The short name by which other parts refer to a row; made from `source` where empty."""

    source: str = "name"
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Prose(Leaf):
    """Text of several lines. A browser ends them by CRLF, which would be another text."""

    empty: Any = ""
    size: str = "wide"
    rows: int = 3
    widget: ClassVar[str] = "area"

    def read(self, said: Any) -> Any:
        text = said.replace("\r\n", "\n").replace("\r", "\n")
        return text if text or self.needed else NOTHING


@dataclass(frozen=True, kw_only=True)
class Whole(Leaf):
    """A whole number from `low` to `high`; `unit` is said behind the field."""

    low: int = 1
    high: int = 1_000_000
    unit: Words = ""
    size: str = "s"
    kind: ClassVar[str] = "number"

    def read(self, said: Any) -> Any:
        text = said.strip().removesuffix("%").strip()
        if not text:
            return NOTHING
        if not _WHOLE.fullmatch(text):
            raise Wrong(_("must be a whole number. You wrote “%(said)s”.") % {"said": said})
        number = int(re.sub("[^0-9-]", "", text))
        if not self.low <= number <= self.high:
            raise Wrong(
                _("must be from %(low)s to %(high)s. You wrote “%(said)s”.")
                % {"low": f"{self.low:,}", "high": f"{self.high:,}", "said": said}
            )
        return number
