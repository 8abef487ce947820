"""A place: one kind of rows that may hold something about a person, and what becomes of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise

from leads.actions.privacy.person import GONE, Person

Rows = QuerySet[models.Model]
PAGE = 500


@dataclass(frozen=True, kw_only=True, eq=False)
class Place:
    """How the rows of `model` are found, told and erased. Each text, JSON or binary field of
    it stands in exactly one of the lists, which a test checks.

    `lead`: the lookup from a row to its lead, or `found` where it takes more. `tells`: what
    an export shows. An erasure `removes` the rows; or `empties` fields, `marks` those that
    must say something, lets the values that criteria saw go from `evidence`, lets `by_hand`
    do the rest for the fields it `handles`. `searched` are texts in which anybody may be
    named, in whatever row: there the person's words are taken out. `stays`: field -> why.
    """

    model: str
    what: "str | Promise"
    lead: str = ""
    found: Callable[[Person], Rows] | None = None
    tells: tuple[str, ...] = ()
    removes: bool = False
    empties: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    by_hand: Callable[[Person], int] | None = None
    stays: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows_of(self) -> type[models.Model]:
        found: type[models.Model] = apps.get_model(self.model)
        return found

    @property
    def covered(self) -> tuple[str, ...]:
        """The fields of which it is said what becomes of them; all, where rows go."""
        if self.removes:
            return tuple(one.name for one in self.rows_of._meta.concrete_fields)
        known = {*self.empties, *self.marks, *self.evidence, *self.searched, *self.handles}
        return tuple(sorted(known | set(self.stays)))

    def rows(self, person: Person) -> Rows:
        """The rows that are tied to the person."""
        everything = self.rows_of._default_manager
        if self.found is not None:
            return self.found(person)
        if not self.lead:
            return everything.none()
        return everything.filter(**{f"{self.lead}__in": person.leads})

    def told(self, person: Person) -> Iterator[dict[str, Any]]:
        """What an export shows of the rows, in the order of their keys."""
        if self.tells:
            yield from self.rows(person).order_by("pk").values("pk", *self.tells)

    def naming(self, person: Person) -> list[int]:
        """The keys of rows, whosever, whose searched texts name the person."""
        if not self.searched or not person.words:
            return []
        texts = {f"_{name}": Cast(name, models.TextField()) for name in self.searched}
        wanted = [
            Q(**{f"{name}__icontains": form}) for name in texts for form in _forms(person)
        ]
        rows = self.rows_of._default_manager.annotate(**texts).filter(reduce(or_, wanted))
        return list(rows.values_list("pk", flat=True))

    def erase(self, person: Person, naming: list[Any]) -> int:
        """Let what is known of the person go from the tied rows, and from those `naming`
        them; return how many rows that concerned."""
        tied = set(self.rows(person).values_list("pk", flat=True))
        for start in range(0, len(naming), PAGE):
            self._take_out(person, naming[start : start + PAGE])
        if self.evidence:
            self._thin_out(person)
        if self.removes:
            self.rows(person).delete()
        elif changes := {name: _nothing(self._field(name)) for name in self.empties}:
            self.rows(person).update(**changes)
        for name in self.marks:
            self.rows(person).exclude(**{name: ""}).update(**{name: GONE})
        done = self.by_hand(person) if self.by_hand is not None else 0
        return len(tied | set(naming)) or done

    def _take_out(self, person: Person, keys: list[Any]) -> None:
        for row in self.rows_of._default_manager.filter(pk__in=keys).only(*self.searched):
            said = {}
            for name in self.searched:
                longest = getattr(self._field(name), "max_length", None)
                value = person.taken_out(getattr(row, name))
                said[name] = value[:longest] if isinstance(value, str) else value
            self.rows_of._default_manager.filter(pk=row.pk).update(**said)

    def _thin_out(self, person: Person) -> None:
        for row in self.rows(person).only(*self.evidence).iterator(chunk_size=PAGE):
            said = {name: without_values(getattr(row, name)) for name in self.evidence}
            self.rows_of._default_manager.filter(pk=row.pk).update(**said)

    def _field(self, name: str) -> "models.Field[Any, Any]":
        found: models.Field[Any, Any] = self.rows_of._meta.get_field(name)  # type: ignore[assignment]  # only concrete ones are named
        return found


def without_values(evidence: Any) -> Any:
    """Criteria as they were met or not, without the values that were seen.

    >>> without_values([{"criterion": "c", "value": "Buyer", "set_by": "form", "met": True}])
    [{'criterion': 'c', 'value': None, 'set_by': '', 'met': True, 'erased': True}]
    """
    if not isinstance(evidence, list):
        return evidence
    gone = {"value": None, "set_by": "", "erased": True}
    return [one | gone if isinstance(one, dict) else one for one in evidence]


def _forms(person: Person) -> list[str]:
    """The words as texts hold them, and as JSON does; SQLite knows no case beyond ASCII."""
    words = {word.lower() if word.isascii() else word for word in person.words}
    words |= {word.lower() for word in words}
    return sorted(words | {json.dumps(word)[1:-1] for word in words})


def _nothing(of: "models.Field[Any, Any]") -> Any:
    if of.null:
        return None
    return of.get_default() if isinstance(of, models.JSONField) else ""
