"""A person as the portal knows them: all their leads, and the words that name them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from leads.models import Company, Lead, LeadSource
from leads.models.lead import ERASED
from portal.accounts.models import Team, User

SHORTEST_WORD = 6  # a shorter one would be found in texts about other people
GONE = "[erased]"


@dataclass(frozen=True)
class Person:
    """`leads`: every lead of theirs, open, closed and merged. `companies`: those of which
    nobody else is known. `words`: names, addresses, numbers, ids, the longest first."""

    leads: tuple[int, ...]
    companies: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    _pattern: "re.Pattern[str] | None" = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Stands for their address from now on, so that they are still counted once."""
        return f"{ERASED}{self.leads[0]}"

    def is_named_in(self, text: str) -> bool:
        return self._pattern is not None and self._pattern.search(text) is not None

    def taken_out(self, value: Any) -> Any:
        """`value`, a text or JSON, without the words that name the person."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self._pattern.sub(GONE, value)
        if isinstance(value, list):
            return [self.taken_out(one) for one in value]
        if isinstance(value, dict):
            return {self.taken_out(key): self.taken_out(one) for key, one in value.items()}
        return value


def person_of(lead: Lead) -> Person:
    """The person of a lead: whose leads have the same address, or became one with it."""
    ids = tuple(sorted(leads_of(lead)))
    words = sorted(_words(ids), key=lambda word: (-len(word), word))
    whole = "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words)
    pattern = re.compile(whole, re.IGNORECASE) if words else None
    return Person(ids, tuple(_own_companies(ids)), tuple(words), pattern)


def leads_of(lead: Lead) -> set[int]:
    """All leads of the person of a lead, by their numbers."""
    known: set[int] = {lead.pk}
    while True:
        rows = Lead.objects.filter(pk__in=known).values_list("email_key", "merged_into")
        keys = {key for key, _into in rows if key}
        into = {pk for _key, pk in rows if pk is not None}
        same = Q(pk__in=into) | Q(merged_into__in=known) | Q(email_key__in=keys)
        found = known | set(Lead.objects.filter(same).values_list("pk", flat=True))
        if found == known:
            return known
        known = found


def _words(ids: Sequence[int]) -> set[str]:
    fields = ("email", "email_key", "phone", "phone_key")
    said: set[str] = set()
    for row in Lead.objects.filter(pk__in=ids).values_list(*fields):
        said |= set(row)
    for row in Lead.history.filter(id__in=ids).values_list(*fields[:3]):
        said |= set(row)
    sources = LeadSource.objects.filter(lead__in=ids)
    said |= set(sources.values_list("external_id", flat=True))
    long = {word for word in said if len(word) >= SHORTEST_WORD}
    return {word for word in long | _names(ids) if not word.startswith((ERASED, GONE))}


def _names(ids: Sequence[int]) -> set[str]:
    """Full names that nobody else here has, under which texts about others are not found."""
    names = set(Lead.objects.filter(pk__in=ids).values_list("name", flat=True))
    names |= set(Lead.history.filter(id__in=ids).values_list("name", flat=True))
    return {name for name in names if " " in name and not _is_shared(name, ids)}


def _is_shared(name: str, ids: Sequence[int]) -> bool:
    return (
        Lead.objects.exclude(pk__in=ids).filter(name__iexact=name).exists()
        or User.objects.filter(name__iexact=name).exists()
        or Team.objects.filter(name__iexact=name).exists()
        or Company.objects.filter(name__iexact=name).exclude(leads__in=ids).exists()
    )


def _own_companies(ids: Iterable[int]) -> list[int]:
    """Prospects that nobody else comes from and nobody owns: a sole trader is their firm."""
    found = Company.objects.filter(
        leads__in=list(ids), status=Company.Status.PROSPECT, owner=None
    )
    others = Lead.objects.exclude(pk__in=list(ids)).filter(company__in=found)
    taken = set(others.values_list("company", flat=True))
    return sorted(pk for pk in set(found.values_list("pk", flat=True)) if pk not in taken)
