"""Some records as what comes in: the same as `incoming` makes of each, column by column."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice, repeat
from operator import itemgetter
from typing import Any

from leads.actions.imports.columns.sheet import Readers, Sheet
from leads.actions.imports.incoming import CLAIMS, Incoming
from leads.actions.imports.source import Source
from leads.actions.intake import Arrival, clean
from leads.actions.intake.arrival import MOST_EMPLOYEES
from leads.core import identity
from leads.core.files.records import Record
from leads.models import Claim

# Texts of an arrival that a cell says as they are.
_SAID = (
    "job_title", "country", "phone", "company_name", "company_country", "company_industry",
    "campaign", "segment", "consent_purpose", "consent_source",
)  # fmt: skip
_PREFIX = "attributes."
# What `_make` does, without a call of Python for each of a million.
_arrival: Callable[[Iterable[Any]], Arrival] = partial(tuple.__new__, Arrival)
_incoming: Callable[[Iterable[Any]], Incoming] = partial(tuple.__new__, Incoming)
_name = itemgetter(Arrival._fields.index("name"))
_SEVERAL = {",", ";", " "}  # between addresses that share a cell


class Incomings:
    """Reads the records of one file. `latest`: what lies after it is refused; `words`: from
    what a column of stages says to a stage; at `customers` somebody is a customer."""

    def __init__(
        self,
        source: Source,
        *,
        latest: datetime | None,
        words: dict[str, str],
        customers: frozenset[str],
    ) -> None:
        self.latest, self.words, self.customers = latest, words, customers
        self.readers = Readers(source)
        self.blank = clean({"source": source.mapping.source, "imported": True})
        self.system = self.blank.system

    def of(self, records: Sequence[Record]) -> tuple[list[Incoming], list[Record]]:
        """What comes in by the plain ones among the records, and the odd ones themselves."""
        if not records:
            return [], []
        sheet = Sheet(self.readers, records)
        sheet.check(self.latest)
        stands = self._stands(sheet)
        arrivals = list(map(_arrival, zip(*self._fields(sheet, stands), strict=False)))
        owners = sheet.column("owner")
        made = zip(
            sheet.lines,
            arrivals,
            sheet.entered or repeat(()),
            _claims(sheet),
            stands or repeat(""),
            [owner.casefold() for owner in owners] if owners else repeat(""),
            strict=False,
        )
        odd = sheet.odd
        if not all(map(_name, arrivals)):
            odd |= {n for n, one in enumerate(arrivals) if not one.has_a_name}
        some = list(map(_incoming, made))
        if not odd:
            return some, []
        plain = [one for place, one in enumerate(some) if place not in odd]
        return plain, [records[place] for place in sorted(odd)]

    def _stands(self, sheet: Sheet) -> list[str]:
        """The stage where each is said to stand now."""
        said = sheet.column("stage")
        if said is None:
            return []
        known = {word: self.words.get(word.casefold(), "") for word in set(said)}
        if strange := {word for word, stage in known.items() if word and not stage}:
            sheet.odd.update(n for n, word in enumerate(said) if word in strange)
        return [known[word] for word in said]

    def _fields(self, sheet: Sheet, stands: list[str]) -> Iterator[Iterable[Any]]:
        """The columns of `Arrival`, in the order of its fields."""
        found: dict[str, Iterable[Any] | None] = {
            name: cells for name in _SAID if (cells := sheet.column(name)) is not None
        }
        found |= self._addresses(sheet)
        found["name"] = _names(sheet)
        found["attributes"] = _attributes(sheet)
        if (said := sheet.column("source")) is not None:
            found["source"] = [one or self.blank.source for one in said]
        if (said := sheet.column("external_id")) is not None:
            found["external_id"] = identity.external_ids(self.system, said)
        found["score"] = _between(sheet.column("score"), -MOST_EMPLOYEES)
        found["company_employees"] = _between(sheet.column("company_employees"), 0)
        found["consent"] = sheet.column("consent") or repeat(None)
        found["occurred_at"] = _instants(sheet.column("arrived"))
        found["consent_at"] = _instants(sheet.column("consent_at"))
        found["customer"] = self._are_customers(sheet, stands)
        for name, alike in zip(Arrival._fields, self.blank, strict=True):
            yield found.get(name) or repeat(alike, sheet.size)

    def _addresses(self, sheet: Sheet) -> Iterator[tuple[str, Sequence[str]]]:
        written, hosts = sheet.column("email"), sheet.column("company_domain")
        mails = identity.mails(written or [""] * sheet.size)
        if written is not None:
            yield "email", mails.addresses
            yield "mailbox", mails.keys
            rows = "".join(written)
            if any(sign in rows for sign in _SEVERAL):
                sheet.odd.update(n for n, one in enumerate(written) if _SEVERAL & {*one})
        known = {host: identity.company_domain(host) for host in set(mails.domains)}
        domains = [known[host] for host in mails.domains]
        if hosts is not None:
            said = map(identity.company_domain, map(identity.domain, hosts))
            domains = [own or other for own, other in zip(said, domains, strict=True)]
        yield "company_domain", domains

    def _are_customers(self, sheet: Sheet, stands: list[str]) -> Iterable[bool]:
        won = sheet.column(Claim.Kind.WON) or repeat(None, sheet.size)
        if not stands and not sheet.entered:
            return [one is not None for one in won]
        stood = [
            stage or (stages[-1][1] if stages else "")
            for stage, stages in zip(
                stands or repeat(""), sheet.entered or repeat(()), strict=False
            )
        ]
        return [
            stage in self.customers or one is not None
            for stage, one in zip(stood, won, strict=True)
        ]


def _names(sheet: Sheet) -> Iterable[str]:
    """What is written as a name, else its two parts."""
    if "first_name" not in sheet.columns and "last_name" not in sheet.columns:
        return sheet.texts("name")
    parts = zip(sheet.texts("first_name"), sheet.texts("last_name"), strict=False)
    both = (" ".join(filter(None, two)) for two in islice(parts, sheet.size))
    return [name or two for name, two in zip(sheet.texts("name"), both, strict=False)]


def _attributes(sheet: Sheet) -> Iterable[dict[str, Any]]:
    """The attributes of each that are known."""
    found: list[dict[str, Any]] = [{} for _ in range(sheet.size)]
    for to, column in sheet.columns.items():
        if to.startswith(_PREFIX):
            key = to.removeprefix(_PREFIX)
            for known, one in zip(found, column, strict=True):
                if one is not None and one != "":
                    known[key] = one
    return found


def _between(numbers: Sequence[int | None] | None, least: int) -> Iterable[int | None] | None:
    if numbers is None:
        return None
    return [one if one is None or least <= one <= MOST_EMPLOYEES else None for one in numbers]


def _instants(moments: Sequence[Any] | None) -> Iterable[datetime | None] | None:
    return moments and [one and one.at for one in moments]


def _claims(sheet: Sheet) -> Iterable[dict[str, Any]]:
    """What each says to have happened, by its kind."""
    found: list[dict[str, Any]] = [{} for _ in range(sheet.size)]
    for kind in CLAIMS:
        for claims, one in zip(found, sheet.columns.get(kind, ()), strict=False):
            if one is not None:
                claims[kind] = one
    return found
