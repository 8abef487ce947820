"""What a part of the editor knows of the rest: all the terms, the text in force, teams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from sla.core.warnings import Directory, Team
from sla.forms.tree import Group
from sla.forms.tree.choices import Option
from sla.forms.tree.leaves import Words

if TYPE_CHECKING:
    from sla.forms.editor import PartForm

Terms = dict[str, Any]
DEPARTMENTS: list[Option] = [("marketing", _("Marketing")), ("sales", _("Sales"))]
PERIODS: list[Option] = [
    ("week", _("each week")),
    ("month", _("each month")),
    ("quarter", _("each quarter")),
]


@dataclass(frozen=True)
class Around:
    """`terms` are those that the person read; `base` those in force, if any are.

    `company`: who there is today.
    """

    terms: Terms
    base: Terms | None = None
    company: Directory = field(default_factory=Directory)

    @property
    def teams(self) -> tuple[Team, ...]:
        return self.company.teams

    def named(self, part: str) -> list[Option]:
        """The rows of a part of the terms, by key, to choose from."""
        return [(one["key"], one.get("name", one["key"])) for one in self.terms.get(part, ())]

    def stages(self) -> list[Option]:
        return self.named("journey")

    def keyed(self, part: str) -> list[Option]:
        rows = self.terms.get(part, {})
        return [
            (key, one.get("name", key) if isinstance(one, dict) else key.replace("_", " "))
            for key, one in rows.items()
        ]

    def segments(self) -> list[str]:
        """The kinds of lead that the terms speak of, in their order."""
        targets = (target for owed in self.terms["obligations"] for target in owed["targets"])
        marks = self.terms.get("benchmarks", ())
        said = (one.get("segment") for one in (*targets, *marks))
        return list(dict.fromkeys(filter(None, said)))

    def sources(self) -> list[str]:
        trusted = self.terms.get("trusted_sources", ())
        marks = self.terms.get("benchmarks", ())
        return list(
            dict.fromkeys(filter(None, (one.get("source") for one in (*trusted, *marks))))
        )


def _nothing(form: "PartForm") -> None:
    """Most parts draw nothing and do nothing of their own."""


@dataclass(frozen=True)
class Part:
    """A page of the editor: which names of the terms it holds, and by which form.

    `renames` says for a list of it what kind of thing its keys name (see renames.py).
    `draws` puts drawings and sentences into the form's page; `acts` are its own buttons.
    """

    key: str
    title: Words
    about: Words
    names: tuple[str, ...]
    spec: Callable[[Around], Group]
    renames: Mapping[str, str] = field(default_factory=dict)
    draws: Callable[["PartForm"], None] = _nothing
    acts: Mapping[str, Callable[["PartForm", str], str]] = field(default_factory=dict)


@cache
def zones() -> list[str]:
    """The IANA time zones by name, to suggest."""
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
