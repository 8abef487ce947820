"""Leaves that are chosen: one of a list, several of it, yes or no, people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sla.forms.tree.leaves import NOTHING, Leaf, Words
from sla.forms.tree.posted import Posted

Option = tuple[str, Words]


@dataclass(frozen=True, kw_only=True)
class Choice(Leaf):
    """One of `options`. `none` is what choosing nothing is called, where that is allowed.

    `redraws`: what the row asks for next depends on it.
    """

    options: Sequence[Option] = ()
    none: Words = ""
    redraws: bool = False
    widget: ClassVar[str] = "choice"

    def offered(self, said: str) -> list[Option]:
        """The options, what is there now among them even if nobody offers it any more."""
        known = {value for value, _ in self.options}
        first: list[Option] = [("", self.none or "—")] if not self.needed or not said else []
        now: list[Option] = [(said, said)] if said and said not in known else []
        return [*first, *self.options, *now]


@dataclass(frozen=True, kw_only=True)
class ClockCalendarOf(Choice):
    """The calendar of a clock: of the giver's or receiver's team, or one of the terms."""

    def shown(self, value: Any) -> Any:
        return "".join(f"{kind}:{key}" for kind, key in (value or {}).items())

    def read(self, said: Any) -> Any:
        kind, colon, key = said.partition(":")
        return {kind: key} if colon and kind in ("team", "fixed") else NOTHING


@dataclass(frozen=True, kw_only=True)
class Flag(Leaf):
    """Yes or no, as a box to tick."""

    empty: Any = False
    widget: ClassVar[str] = "flag"

    def shown(self, value: Any) -> Any:
        return "on" if value else ""

    def read(self, said: Any) -> Any:
        return True if said else (False if self.needed else NOTHING)


@dataclass(frozen=True, kw_only=True)
class Several(Leaf):
    """Some of `options`, and where `other` is said, some that are typed.

    What was there keeps its order; what is new comes after it. `folded`: only what is
    chosen shows until somebody unfolds it.
    """

    options: Sequence[Option] = ()
    other: Words = ""
    folded: bool = False
    empty: Any = field(default_factory=list)
    size: str = "wide"
    widget: ClassVar[str] = "several"

    def shown(self, value: Any) -> Any:
        tokens = [self.token(one) for one in value or ()]
        typed = [one for one in tokens if self.other and one not in dict(self.options)]
        said = [one for one in tokens if one not in typed]
        return {"said": said, "other": ", ".join(typed), "was": " ".join(tokens)}

    def posted(self, sent: Posted, path: str) -> Any:
        return {
            "said": sent.several(path),
            "other": sent.text(f"{path}-other"),
            "was": sent.text(f"{path}-was"),
        }

    def read(self, said: Any) -> Any:
        typed = re.split(r"[,;\s]+", said["other"]) if said["other"] else []
        tokens = dict.fromkeys(filter(None, [*said["said"], *map(self.typed, typed)]))
        kept = [one for one in dict.fromkeys(said["was"].split()) if one in tokens]
        chosen = [*kept, *(one for one in tokens if one not in kept)]
        return [self.value(one) for one in chosen] or NOTHING

    def offered(self, said: dict[str, Any]) -> list[Option]:
        known = dict(self.options)
        return [*self.options, *((one, one) for one in said["said"] if one not in known)]

    def chosen(self, said: dict[str, Any]) -> str:
        """What is chosen, in words."""
        offered = self.offered(said)
        return ", ".join(str(label) for value, label in offered if value in said["said"])

    def token(self, value: Any) -> str:
        return str(value)

    def value(self, token: str) -> Any:
        return token

    def typed(self, text: str) -> str:
        return text


@dataclass(frozen=True, kw_only=True)
class Whom(Several):
    """Roles, and people by their mail address."""

    def token(self, value: Any) -> str:
        return str(value["person"]) if isinstance(value, dict) else str(value)

    def value(self, token: str) -> Any:
        return token if token in dict(self.options) else {"person": token}
