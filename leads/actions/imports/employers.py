"""The companies of many arrivals at once, found or made as for one."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower

from leads.actions.imports import writing
from leads.actions.intake import Arrival, companies
from leads.actions.saving import save
from leads.models import Company
from portal.accounts.models import User

_IDS = 500  # in one query; SQLite takes 999 variables

Key = tuple[str, str]
_of_company = attrgetter(*companies.FIELDS.values(), "customer")


def employers_of(
    arrivals: list[Arrival], *, at: datetime, by: User | None
) -> list[Company | None]:
    """The company of each clean arrival, in their order: an inner step."""
    found, fresh, learned = _found(arrivals, at)
    _write(fresh, learned.values(), at=at, by=by)
    return found


def employers_told(arrivals: list[Arrival], *, at: datetime) -> list[Company | None]:
    """`employers_of` as they would be; nothing is written, and they are not to be saved."""
    return _found(arrivals, at)[0]


def _found(
    arrivals: list[Arrival], at: datetime
) -> tuple[list[Company | None], list[Company], dict[int, Company]]:
    """The company of each, as all of them together tell of it; the new ones; the changed."""
    keys = [_key(one) for one in arrivals]
    known = _known({key for key in keys if key is not None})
    fresh: list[Company] = []
    learned: dict[int, Company] = {}
    said: set[tuple[Any, ...]] = set()  # a colleague who says the same tells nothing new
    for key, one in zip(keys, arrivals, strict=True):
        news = (key, *_of_company(one))
        if key is None or news in said:
            continue
        said.add(news)
        company = known.get(key)
        if company is None:
            known[key] = companies.new(one, at)
            fresh.append(known[key])
        elif companies.take(company, one, at) and company.pk is not None:
            learned[company.pk] = company
    return [known[key] if key is not None else None for key in keys], fresh, learned


def _key(arrival: Arrival) -> Key | None:
    """By what the company is known: its domain, else its name."""
    if arrival.company_domain:
        return "domain", arrival.company_domain
    return ("name", arrival.company_name.lower()) if arrival.company_name else None


def _known(keys: set[Key]) -> dict[Key, Company]:
    found = {}
    for some in _batches(sorted(value for kind, value in keys if kind == "domain")):
        rows = Company.objects.filter(domain__in=some)
        found.update({("domain", company.domain): company for company in rows})
    for some in _batches(sorted(value for kind, value in keys if kind == "name")):
        alike: dict[str, list[Company]] = {}
        for company in _named(some):
            alike.setdefault(company.name.lower(), []).append(company)
        found.update({("name", name): one for name, one in _told_apart(alike)})
    return found


def _named(names: list[str]) -> "QuerySet[Company, Company]":
    lower = Company.objects.annotate(lower=Lower("name"))
    return lower.filter(lower__in=names).order_by("pk")


def _told_apart(alike: dict[str, list[Company]]) -> Iterator[tuple[str, Company]]:
    """Of several companies of a name only one without a domain may be meant."""
    for name, some in alike.items():
        bare = [company for company in some if not company.domain]
        if len(some) == 1 or bare:
            yield name, some[0] if len(some) == 1 else bare[0]


def _batches(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _IDS):
        yield values[start : start + _IDS]


def _write(
    fresh: list[Company], learned: Iterable[Company], *, at: datetime, by: User | None
) -> None:
    writing.number(fresh)
    writing.insert(fresh)
    writing.remember(fresh, "+", at=at, by=by)
    for company in learned:
        save(company, *companies.FIELDS, "status", "owned_since", "provenance", at=at, by=by)
